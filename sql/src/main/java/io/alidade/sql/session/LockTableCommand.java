package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.catalog.CatalogReader;
import io.alidade.sql.catalog.Relation;
import io.alidade.sql.parse.MaintenanceCommand;
import io.alidade.sql.parse.QualifiedName;
import io.alidade.sql.parse.Query;
import io.alidade.storage.LockWait;
import io.alidade.storage.Transaction;
import io.alidade.storage.lock.LockMode;

/// LOCK TABLE. It takes no snapshot: what follows in its transaction sees what was waited for.
final class LockTableCommand {
  private final ClientSession session;

  LockTableCommand(ClientSession session) {
    this.session = session;
  }

  /// @return the command tag
  String run(MaintenanceCommand.LockTable lock) {
    if (!session.transactions().inBlock()) {
      throw new DatabaseException(
          SqlState.NO_ACTIVE_SQL_TRANSACTION, "LOCK TABLE can only be used in transaction blocks");
    }
    Transaction transaction = session.transactions().forLocking();
    CatalogReader catalog = session.context().reader(transaction.catalog());
    LockWait wait = lock.waiting() == Query.LockWait.NOWAIT ? LockWait.REFUSE : LockWait.WAIT;
    for (QualifiedName name : lock.tables()) {
      Relation relation =
          catalog
              .relation(name.schema(), name.name())
              .orElseThrow(() ->
                  new DatabaseException(
                      SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist"));
      switch (relation) {
        case Relation.Stored(var table) ->
            transaction.lockTable(table.oid(), mode(lock.mode()), wait);
        case Relation.System system ->
            throw new DatabaseException(
                SqlState.INSUFFICIENT_PRIVILEGE,
                "permission denied: \"" + system.name() + "\" is a system catalog");
      }
    }
    return "LOCK TABLE";
  }

  private static LockMode mode(MaintenanceCommand.TableLock mode) {
    return switch (mode) {
      case ACCESS_SHARE -> LockMode.ACCESS_SHARE;
      case ROW_SHARE -> LockMode.ROW_SHARE;
      case ROW_EXCLUSIVE -> LockMode.ROW_EXCLUSIVE;
      case SHARE_UPDATE_EXCLUSIVE -> LockMode.SHARE_UPDATE_EXCLUSIVE;
      case SHARE -> LockMode.SHARE;
      case SHARE_ROW_EXCLUSIVE -> LockMode.SHARE_ROW_EXCLUSIVE;
      case EXCLUSIVE -> LockMode.EXCLUSIVE;
      case ACCESS_EXCLUSIVE -> LockMode.ACCESS_EXCLUSIVE;
    };
  }
}
