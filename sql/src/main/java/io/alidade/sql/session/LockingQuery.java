package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.analyze.AnalyzedQuery;
import io.alidade.sql.execute.ExecutionContext;
import io.alidade.sql.execute.PlanExecutor;
import io.alidade.sql.execute.RowChangedException;
import io.alidade.sql.execute.row.RowCursor;
import io.alidade.storage.LockWait;
import io.alidade.storage.Transaction;
import io.alidade.storage.lock.LockMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One execution of a SELECT that locks what it finds: runs to its end before it gives its first
/// row.
///
/// When a row turns out to have been changed by another transaction after the statement's snapshot,
/// the statement runs anew on a new snapshot, and keeps the locks that it has: as [ChangeExecution]
/// does.
final class LockingQuery {
  private final StatementStarter starter;
  private final Compiled.Rows query;
  private final AnalyzedQuery.Locks locks;
  private final BoundValues values;

  LockingQuery(
      StatementStarter starter,
      Compiled.Rows query,
      AnalyzedQuery.Locks locks,
      BoundValues values) {
    this.starter = starter;
    this.query = query;
    this.locks = locks;
    this.values = values;
  }

  /// The command that a read-only transaction refuses.
  static String command(AnalyzedQuery.Locks locks) {
    return switch (locks.strongest()) {
      case KEY_SHARE -> "SELECT FOR KEY SHARE";
      case SHARE -> "SELECT FOR SHARE";
      case NO_KEY_UPDATE -> "SELECT FOR NO KEY UPDATE";
      case UPDATE -> "SELECT FOR UPDATE";
    };
  }

  Run run() {
    Transaction transaction = starter.beginStatement();
    for (int table : locks.tables()) {
      transaction.lockTable(table, LockMode.ROW_SHARE, LockWait.WAIT);
    }
    for (int attempt = 0; attempt < ChangeExecution.MAX_ATTEMPTS; attempt++) {
      ExecutionContext context = starter.executionIn(transaction, query.analyzed().slots(), values);
      List<@Nullable Object[]> rows = new ArrayList<>();
      try (RowCursor cursor = PlanExecutor.open(query.plan(), context)) {
        for (List<@Nullable Object[]> batch = cursor.next();
            !batch.isEmpty();
            batch = cursor.next()) {
          rows.addAll(batch);
        }
        return new CompletedRun(rows, "SELECT " + rows.size());
      } catch (RowChangedException e) {
        transaction.retryStatement();
      }
    }
    throw new DatabaseException(
        SqlState.SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
  }
}
