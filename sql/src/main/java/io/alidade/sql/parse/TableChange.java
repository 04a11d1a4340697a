package io.alidade.sql.parse;

import io.alidade.sql.parse.TableDefinition.Column;
import io.alidade.sql.parse.TableDefinition.DropBehavior;
import io.alidade.sql.parse.TableDefinition.StorageOption;
import io.alidade.sql.parse.TableDefinition.TableConstraint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thing that an ALTER TABLE does.
public sealed interface TableChange {

  /// `ADD [COLUMN] [IF NOT EXISTS] column`.
  record AddColumn(Column column, boolean ifNotExists) implements TableChange {}

  /// `DROP [COLUMN] [IF EXISTS] column`.
  record DropColumn(String column, boolean ifExists, DropBehavior behavior)
      implements TableChange {}

  /// `RENAME [COLUMN] column TO name`; always alone.
  record RenameColumn(String column, String name) implements TableChange {}

  /// `RENAME TO name`; always alone.
  record RenameTable(String name) implements TableChange {}

  /// `SET SCHEMA schema`; always alone.
  record SetSchema(String schema) implements TableChange {}

  /// `ALTER [COLUMN] column SET DEFAULT value`.
  ///
  /// @param text of the value as written, for the catalog
  record SetDefault(String column, Expression value, String text) implements TableChange {}

  /// `ALTER [COLUMN] column DROP DEFAULT`.
  record DropDefault(String column) implements TableChange {}

  /// `ALTER [COLUMN] column SET NOT NULL`.
  record SetNotNull(String column) implements TableChange {}

  /// `ALTER [COLUMN] column DROP NOT NULL`.
  record DropNotNull(String column) implements TableChange {}

  /// `ALTER [COLUMN] column [SET DATA] TYPE type [COLLATE collation] [USING value]`.
  ///
  /// @param using null for a cast of the column's value
  record SetType(
      String column,
      TypeName type,
      @Nullable QualifiedName collation,
      @Nullable Expression using,
      int position)
      implements TableChange {}

  /// How a column is stored or sampled by PostgreSQL: `SET STATISTICS`, `SET STORAGE`, `SET
  /// COMPRESSION`, `SET (...)` or `RESET (...)`.
  record SetColumnStorage(String column) implements TableChange {}

  /// `ADD [CONSTRAINT name] constraint`.
  record AddConstraint(TableConstraint constraint) implements TableChange {}

  /// `DROP CONSTRAINT [IF EXISTS] name`.
  record DropConstraint(String name, boolean ifExists, DropBehavior behavior)
      implements TableChange {}

  /// `RENAME CONSTRAINT constraint TO name`; always alone.
  record RenameConstraint(String constraint, String name) implements TableChange {}

  /// `VALIDATE CONSTRAINT name`.
  record ValidateConstraint(String name) implements TableChange {}

  /// `OWNER TO role`.
  record SetOwner(String role) implements TableChange {}

  /// `SET (name = value, ...)`.
  record SetOptions(List<StorageOption> options) implements TableChange {}

  /// `RESET (name, ...)`.
  record ResetOptions(List<StorageOption> options) implements TableChange {}

  /// `CLUSTER ON index`.
  record ClusterOn(String index) implements TableChange {}

  /// `ENABLE | DISABLE TRIGGER name | ALL | USER`.
  ///
  /// @param name null for ALL and USER
  record SwitchTriggers(@Nullable String name, TriggerScope scope, TriggerState state)
      implements TableChange {}

  /// Which triggers are switched on or off.
  enum TriggerScope {
    NAMED,
    /// Also those that keep foreign keys.
    ALL,
    USER
  }

  /// What a trigger is switched to.
  enum TriggerState {
    ENABLED,
    DISABLED
  }

  /// What is as it asks already, whatever the table: `SET LOGGED`, `SET WITHOUT CLUSTER`...
  record Nothing() implements TableChange {}

  /// What PostgreSQL does and we do not; the rest of the statement is not examined.
  ///
  /// @param name as an error says it: `ALTER TABLE ... INHERIT`
  record NotSupported(String name) implements TableChange {}
}
