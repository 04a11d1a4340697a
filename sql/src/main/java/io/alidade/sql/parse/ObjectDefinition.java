package io.alidade.sql.parse;

import io.alidade.sql.parse.TableDefinition.DropBehavior;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement that makes or removes something that is no table or index.
public sealed interface ObjectDefinition extends StatementSyntax {

  /// `CREATE EXTENSION [IF NOT EXISTS] name [SCHEMA s] [VERSION v] [CASCADE]`.
  record CreateExtension(
      String name,
      boolean ifNotExists,
      @Nullable String schema,
      @Nullable String version,
      int position)
      implements ObjectDefinition {}

  /// `DROP EXTENSION a, b`.
  record DropExtension(List<String> names, boolean ifExists, DropBehavior behavior)
      implements ObjectDefinition {}

  /// `CREATE SCHEMA [IF NOT EXISTS] name [AUTHORIZATION role]`.
  record CreateSchema(
      String name, boolean ifNotExists, @Nullable String authorization, int position)
      implements ObjectDefinition {}

  /// `DROP SCHEMA a, b`.
  record DropSchema(List<String> names, boolean ifExists, DropBehavior behavior)
      implements ObjectDefinition {}
}
