package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.analyze.AnalyzedChange;
import io.alidade.sql.analyze.AnalyzedChange.ConflictUpdate;
import io.alidade.sql.constraint.ConstrainedWriter;
import io.alidade.sql.execute.ExecutionContext;
import io.alidade.sql.execute.PlanExecutor;
import io.alidade.sql.execute.RowChangedException;
import io.alidade.sql.execute.row.RowCursor;
import io.alidade.sql.execute.row.RowFunction;
import io.alidade.storage.InsertOutcome;
import io.alidade.storage.LockWait;
import io.alidade.storage.RowRejectedException;
import io.alidade.storage.Transaction;
import io.alidade.storage.WriteOutcome;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.lock.LockMode;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One execution of an INSERT, UPDATE or DELETE: runs to its end before it gives its first row, as
/// PostgreSQL does.
///
/// When a row turns out to have been changed by another transaction after the statement's snapshot,
/// everything that the statement did is undone, and it runs anew on a new snapshot; it keeps its
/// locks, so each attempt gets further.
final class ChangeExecution {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeExecution.class);

  /// How often a statement runs anew before it gives up: far more than locks that are kept allow.
  static final int MAX_ATTEMPTS = 1000;

  private static final int ORDINAL_BITS = 32;

  private final StatementStarter starter;
  private final Compiled.Change change;
  private final BoundValues values;
  private final TableDefinition table;
  private final int width;
  private final List<@Nullable Object[]> returned = new ArrayList<>();
  private long count;

  ChangeExecution(StatementStarter starter, Compiled.Change change, BoundValues values) {
    this.starter = starter;
    this.change = change;
    this.values = values;
    this.table = change.analyzed().table();
    this.width = table.columns().size();
  }

  Run run() {
    Transaction transaction = starter.beginStatement();
    transaction.lockTable(table.oid(), LockMode.ROW_EXCLUSIVE, LockWait.WAIT);
    starter.deferred().beginStatement();
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      returned.clear();
      count = 0;
      ExecutionContext context =
          starter.executionIn(transaction, change.analyzed().slots(), values);
      try (context;
          ConstrainedWriter writer = new ConstrainedWriter(starter.constraints(transaction))) {
        if (attempt(writer, context)) {
          return new CompletedRun(returned, change.plan().tag(count));
        }
      } catch (RowChangedException e) {
        LOG.trace("a row that a sub-query locks has changed", e);
      }
      transaction.retryStatement();
      starter.deferred().undoStatement();
    }
    throw new DatabaseException(
        SqlState.SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
  }

  /// @return whether it came to its end; else a row had changed since the snapshot
  private boolean attempt(ConstrainedWriter writer, ExecutionContext context) {
    Optional<List<RowFunction>> returning = compile(change.analyzed().returning(), context);
    try (RowCursor source = PlanExecutor.open(change.plan().source(), context)) {
      for (List<@Nullable Object[]> batch = source.next();
          !batch.isEmpty();
          batch = source.next()) {
        boolean done =
            switch (change.analyzed()) {
              case AnalyzedChange.Insert insert ->
                  insert(insert, batch, writer, context, returning);
              case AnalyzedChange.Update _ -> update(batch, writer, context, returning);
              case AnalyzedChange.Delete _ -> delete(batch, writer, context, returning);
            };
        if (!done) {
          return false;
        }
      }
    }
    writer.finish();
    return true;
  }

  private static Optional<List<RowFunction>> compile(
      List<RexNode> expressions, ExecutionContext context) {
    return expressions.isEmpty()
        ? Optional.empty()
        : Optional.of(PlanExecutor.compile(expressions, context));
  }

  private void written(Optional<List<RowFunction>> returning, @Nullable Object[] row) {
    count++;
    returning.ifPresent(functions -> returned.add(evaluate(functions, row)));
  }

  private static @Nullable Object[] evaluate(List<RowFunction> functions, @Nullable Object[] row) {
    @Nullable Object[] result = new @Nullable Object[functions.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = functions.get(i).apply(row);
    }
    return result;
  }

  private boolean insert(
      AnalyzedChange.Insert insert,
      List<@Nullable Object[]> batch,
      ConstrainedWriter writer,
      ExecutionContext context,
      Optional<List<RowFunction>> returning) {
    if (insert.onConflict().isPresent()) {
      return insertOrResolve(insert, batch, writer, context, returning);
    }
    try {
      writer.insertAll(table, batch);
    } catch (RowRejectedException e) {
      throw e.reason();
    }
    batch.forEach(row -> written(returning, row));
    return true;
  }

  private boolean insertOrResolve(
      AnalyzedChange.Insert insert,
      List<@Nullable Object[]> batch,
      ConstrainedWriter writer,
      ExecutionContext context,
      Optional<List<RowFunction>> returning) {
    AnalyzedChange.OnConflict onConflict = insert.onConflict().orElseThrow();
    ConflictResolution resolution =
        new ConflictResolution(writer, context, watched(onConflict), onConflict.update());
    for (@Nullable Object[] row : batch) {
      if (!resolution.insert(row, returning)) {
        return false;
      }
    }
    return true;
  }

  /// The unique index whose columns ON CONFLICT names, in whatever order.
  private OptionalInt watched(AnalyzedChange.OnConflict onConflict) {
    for (IndexDefinition index : table.indexes()) {
      boolean arbiter =
          onConflict.columns().isEmpty()
              || new HashSet<>(index.columns()).equals(new HashSet<>(onConflict.columns()));
      if (arbiter && index.isUnique() && !table.isUniqueAtOnce(index)) {
        throw new DatabaseException(
                SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
                "ON CONFLICT does not support deferrable unique constraints/exclusion constraints"
                    + " as arbiters")
            .with(DatabaseException.Field.SCHEMA, table.schema())
            .with(DatabaseException.Field.TABLE, table.name())
            .with(DatabaseException.Field.CONSTRAINT, index.name());
      }
    }
    if (onConflict.columns().isEmpty()) {
      return OptionalInt.empty();
    }
    return table.indexes().stream()
        .filter(IndexDefinition::isUnique)
        .filter(index -> new HashSet<>(index.columns()).equals(new HashSet<>(onConflict.columns())))
        .mapToInt(IndexDefinition::oid)
        .findFirst();
  }

  private boolean update(
      List<@Nullable Object[]> batch,
      ConstrainedWriter writer,
      ExecutionContext context,
      Optional<List<RowFunction>> returning) {
    for (@Nullable Object[] found : batch) {
      @Nullable Object[] newRow = Arrays.copyOfRange(found, 1, 1 + width);
      TableView view = context.view(table.oid());
      switch (writer.update(table, view, reference(found), newRow)) {
        case DONE -> written(returning, Arrays.copyOfRange(found, 1, found.length));
        case ALREADY_WRITTEN -> {}
        case CHANGED_SINCE -> {
          return false;
        }
      }
    }
    return true;
  }

  private boolean delete(
      List<@Nullable Object[]> batch,
      ConstrainedWriter writer,
      ExecutionContext context,
      Optional<List<RowFunction>> returning) {
    for (@Nullable Object[] found : batch) {
      TableView view = context.view(table.oid());
      switch (writer.delete(table, view, reference(found))) {
        case DONE -> written(returning, Arrays.copyOfRange(found, 1, found.length));
        case ALREADY_WRITTEN -> {}
        case CHANGED_SINCE -> {
          return false;
        }
      }
    }
    return true;
  }

  private static RowReference reference(@Nullable Object[] row) {
    if (!(row[0] instanceof Long packed)) {
      throw new IllegalStateException("a row to change came without its reference");
    }
    return new RowReference((int) (packed >> ORDINAL_BITS), (int) (long) packed);
  }

  /// What ON CONFLICT does with each row.
  private final class ConflictResolution {
    private final ConstrainedWriter writer;
    private final OptionalInt index;
    private final Optional<ConflictUpdate> update;
    private final List<RowFunction> newRow;
    private final Optional<RowFunction> condition;

    ConflictResolution(
        ConstrainedWriter writer,
        ExecutionContext context,
        OptionalInt index,
        Optional<ConflictUpdate> update) {
      this.writer = writer;
      this.index = index;
      this.update = update;
      this.newRow = update.map(u -> PlanExecutor.compile(u.newRow(), context)).orElse(List.of());
      this.condition =
          update
              .flatMap(ConflictUpdate::condition)
              .map(rex -> PlanExecutor.compile(List.of(rex), context).getFirst());
    }

    /// @return whether it was dealt with; else the existing row had changed meanwhile
    boolean insert(@Nullable Object[] row, Optional<List<RowFunction>> returning) {
      Transaction.OnConflict onConflict =
          update.isPresent() ? Transaction.OnConflict.LOCK_ROW : Transaction.OnConflict.LEAVE_ROW;
      return switch (writer.insertOrFind(table, row, index, onConflict)) {
        case InsertOutcome.Inserted _ -> {
          written(returning, row);
          yield true;
        }
        case InsertOutcome.Conflict conflict -> {
          try (TableView view = conflict.view()) {
            yield update.isEmpty() || updateExisting(conflict, view, row, returning);
          }
        }
      };
    }

    private boolean updateExisting(
        InsertOutcome.Conflict conflict,
        TableView view,
        @Nullable Object[] proposed,
        Optional<List<RowFunction>> returning) {
      if (conflict.origin() == InsertOutcome.Origin.THIS_STATEMENT) {
        throw new DatabaseException(
                SqlState.CARDINALITY_VIOLATION,
                "ON CONFLICT DO UPDATE command cannot affect row a second time")
            .withHint(
                "Ensure that no rows proposed for insertion within the same command have"
                    + " duplicate constrained values.");
      }
      @Nullable Object[] both = Arrays.copyOf(view.row(conflict.row()), 2 * width);
      System.arraycopy(proposed, 0, both, width, width);
      if (condition.isPresent() && !Boolean.TRUE.equals(condition.get().apply(both))) {
        return true;
      }
      @Nullable Object[] updated = evaluate(newRow, both);
      WriteOutcome outcome = writer.update(table, view, conflict.row(), updated);
      if (outcome == WriteOutcome.DONE) {
        written(returning, updated);
      }
      return outcome != WriteOutcome.CHANGED_SINCE;
    }
  }
}
