package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.TableChange;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;

/// What ALTER TABLE does to one table, one change after the other.
final class AlterTableCommand {
  private final ConstraintChanges constraints;

  AlterTableCommand(StatementScope scope, StatementStarter starter, TableDefinition table) {
    this.constraints = new ConstraintChanges(scope, starter, table.oid());
  }

  void run(List<TableChange> changes) {
    changes.forEach(this::run);
  }

  private void run(TableChange change) {
    switch (change) {
      case TableChange.AddColumn _ -> throw unsupported("ADD COLUMN");
      case TableChange.DropColumn _ -> throw unsupported("DROP COLUMN");
      case TableChange.RenameColumn _ -> throw unsupported("RENAME COLUMN");
      case TableChange.RenameTable _ -> throw unsupported("RENAME TO");
      case TableChange.SetSchema _ -> throw unsupported("SET SCHEMA");
      case TableChange.SetDefault _ -> throw unsupported("ALTER COLUMN ... SET DEFAULT");
      case TableChange.DropDefault _ -> throw unsupported("ALTER COLUMN ... DROP DEFAULT");
      case TableChange.SetNotNull _ -> throw unsupported("ALTER COLUMN ... SET NOT NULL");
      case TableChange.DropNotNull _ -> throw unsupported("ALTER COLUMN ... DROP NOT NULL");
      case TableChange.SetType _ -> throw unsupported("ALTER COLUMN ... TYPE");
      case TableChange.SetColumnStorage _ -> throw unsupported("ALTER COLUMN ... SET");
      case TableChange.AddConstraint(var constraint) -> constraints.add(constraint);
      case TableChange.DropConstraint drop -> constraints.drop(drop);
      case TableChange.RenameConstraint rename -> constraints.rename(rename);
      case TableChange.ValidateConstraint(var name) -> constraints.validate(name);
      case TableChange.SetOwner _ -> throw unsupported("OWNER TO");
      case TableChange.SetOptions _ -> throw unsupported("SET");
      case TableChange.ResetOptions _ -> throw unsupported("RESET");
      case TableChange.ClusterOn _ -> throw unsupported("CLUSTER ON");
      case TableChange.SwitchTriggers _ -> throw unsupported("ENABLE or DISABLE TRIGGER");
      case TableChange.Nothing() -> {}
      case TableChange.NotSupported(var name) ->
          throw new DatabaseException(SqlState.FEATURE_NOT_SUPPORTED, name + " is not supported");
    }
  }

  private static DatabaseException unsupported(String what) {
    return new DatabaseException(
        SqlState.FEATURE_NOT_SUPPORTED, "ALTER TABLE ... " + what + " is not supported");
  }
}
