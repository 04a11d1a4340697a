package io.alidade.sql.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement about a statement prepared in SQL.
public sealed interface PreparedCommand extends StatementSyntax {

  /// `PREPARE name (types) AS statement`.
  ///
  /// @param statementOffset where the prepared statement starts in the whole text
  record Prepare(String name, List<TypeName> types, StatementSyntax statement, int statementOffset)
      implements PreparedCommand {}

  /// `EXECUTE name (arguments)`.
  record Execute(String name, List<Expression> arguments, int position)
      implements PreparedCommand {}

  /// `DEALLOCATE name`, or all of them.
  ///
  /// @param name null for ALL
  record Deallocate(@Nullable String name, int position) implements PreparedCommand {}
}
