package io.alidade.sql.constraint;

import io.alidade.model.DatabaseException;
import io.alidade.storage.InsertOutcome;
import io.alidade.storage.LockWait;
import io.alidade.storage.RowRejectedException;
import io.alidade.storage.Transaction;
import io.alidade.storage.WriteOutcome;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.lock.LockMode;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Writes the rows of one statement, and sees to the constraints of all tables that it touches.
///
/// Rows are complete, as [Transaction] takes them. [#finish] does what is due at the end of the
/// statement. A statement that is run anew gets a new one. For one thread; close it when the
/// statement has ended.
public final class ConstrainedWriter implements AutoCloseable {
  private final ConstraintScope scope;
  private final Map<Integer, TableRules> rules = new HashMap<>();
  private final KeyChecks keys;

  public ConstrainedWriter(ConstraintScope scope) {
    this.scope = scope;
    this.keys = new KeyChecks(scope, this);
  }

  /// Inserts rows.
  ///
  /// @throws RowRejectedException 23502, 23505, 23514, with the row's index
  public void insertAll(TableDefinition table, List<@Nullable Object[]> rows) {
    TableRules asked = rulesOf(table);
    for (int i = 0; i < rows.size() && !asked.checks().isEmpty(); i++) {
      try {
        asked.checks().require(rows.get(i));
      } catch (DatabaseException e) {
        // What an earlier row is refused for comes first.
        scope.transaction().insertAll(table.oid(), rows.subList(0, i));
        throw new RowRejectedException(i, e);
      }
    }
    scope.transaction().insertAll(table.oid(), rows);
    if (!asked.hasNoKeys()) {
      rows.forEach(row -> keys.inserted(asked, row));
    }
  }

  /// Inserts a row unless one with an equal unique key is there.
  ///
  /// @throws DatabaseException as [Transaction#insertOrFind]; 23514
  public InsertOutcome insertOrFind(
      TableDefinition table,
      @Nullable Object[] row,
      OptionalInt uniqueIndex,
      Transaction.OnConflict onConflict) {
    TableRules asked = rulesOf(table);
    asked.checks().require(row);
    InsertOutcome outcome =
        scope.transaction().insertOrFind(table.oid(), row, uniqueIndex, onConflict);
    if (outcome instanceof InsertOutcome.Inserted) {
      keys.inserted(asked, row);
    }
    return outcome;
  }

  /// Gives a row new values, all columns.
  ///
  /// @throws DatabaseException as [Transaction#update]; 23514
  public WriteOutcome update(
      TableDefinition table, TableView view, RowReference row, @Nullable Object[] newRow) {
    TableRules asked = rulesOf(table);
    asked.checks().require(newRow);
    WriteOutcome outcome = scope.transaction().update(view, row, newRow);
    if (outcome == WriteOutcome.DONE && !asked.hasNoKeys()) {
      keys.updated(asked, view.row(row), newRow);
    }
    return outcome;
  }

  /// Deletes a row.
  public WriteOutcome delete(TableDefinition table, TableView view, RowReference row) {
    TableRules asked = rulesOf(table);
    WriteOutcome outcome = scope.transaction().delete(view, row);
    if (outcome == WriteOutcome.DONE && !asked.pointedTo().isEmpty()) {
      keys.deleted(asked, view.row(row));
    }
    return outcome;
  }

  /// Does what is due at the end of the statement: looks at keys, and at what points to rows that
  /// are gone.
  ///
  /// @throws DatabaseException 23503, 23505, and what writing the rows that a foreign key's action
  ///   touches may end in
  public void finish() {
    keys.finish();
  }

  /// What is asked of a table's rows. The table is locked before, so that it stays that.
  TableRules rulesOf(TableDefinition table) {
    TableRules known = rules.get(table.oid());
    if (known == null) {
      scope.transaction().lockTable(table.oid(), LockMode.ROW_EXCLUSIVE, LockWait.WAIT);
      TableDefinition now = scope.transaction().catalog().table(table.oid()).orElse(table);
      known = TableRules.of(now, scope);
      rules.put(table.oid(), known);
    }
    return known;
  }

  @Override
  public void close() {
    rules.values().forEach(it -> it.checks().close());
  }
}
