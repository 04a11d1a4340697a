package io.alidade.sql.execute;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.sql.analyze.LockedRows;
import io.alidade.sql.catalog.CatalogReader;
import io.alidade.sql.execute.row.MemoryBudget;
import io.alidade.sql.function.EvaluationContext;
import io.alidade.sql.plan.SubPlan;
import io.alidade.storage.Transaction;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One execution of a plan: what it sees, its parameters, its limits, and its passing state.
///
/// Used by one thread at a time. Closing it closes the views of tables that were taken for it.
public final class ExecutionContext implements AutoCloseable {
  private static final int FIRST_CORRELATIONS = 8;

  private final Transaction transaction;
  private final @Nullable Object[] slots;
  private final EvaluationContext evaluation;
  private final Checkpoint checkpoint;
  private final MemoryBudget budget;
  private final SearchOptions search;
  private final Map<Integer, TableView> views = new HashMap<>();
  private final IdentityHashMap<SubPlan, Object> subPlanResults = new IdentityHashMap<>();
  private @Nullable Object[][] correlated = new @Nullable Object[FIRST_CORRELATIONS][];
  private @Nullable Measurements measurements;

  /// @param transaction in which a statement has begun
  /// @param slots a value for each dynamic parameter
  /// @param evaluation what functions may ask
  /// @param checkpoint passed at least once a batch
  /// @param budget for sorts, hashes and buffers
  /// @param search how hard nearest-neighbour searches try
  public ExecutionContext(
      Transaction transaction,
      @Nullable Object[] slots,
      EvaluationContext evaluation,
      Checkpoint checkpoint,
      MemoryBudget budget,
      SearchOptions search) {
    this.transaction = transaction;
    this.slots = slots.clone();
    this.evaluation = evaluation;
    this.checkpoint = checkpoint;
    this.budget = budget;
    this.search = search;
  }

  /// What the execution sees of a table: the same view each time, open until the context is closed.
  /// Row references that its scans give out are places in this view.
  public TableView view(int tableOid) {
    TableView view = views.get(tableOid);
    if (view == null) {
      view = transaction.table(tableOid);
      views.put(tableOid, view);
    }
    return view;
  }

  /// Locks a row of one of its views.
  ///
  /// @return whether it is locked; else it is to be left out
  /// @throws RowChangedException when the plan is to be run anew
  boolean lock(LockedRows.Mark mark, long packedReference) {
    RowReference row = RowLayout.reference(packedReference);
    return switch (transaction.lockRow(
        view(mark.table().oid()), row, mark.mode(), mark.patience())) {
      case LOCKED -> true;
      case SKIPPED, ALREADY_WRITTEN -> false;
      case CHANGED_SINCE -> throw new RowChangedException();
    };
  }

  /// Has every operator measure what it does, for EXPLAIN ANALYZE; call it before opening a plan.
  public Measurements measure() {
    if (measurements == null) {
      measurements = new Measurements();
    }
    return measurements;
  }

  Optional<Measurements> measurements() {
    return Optional.ofNullable(measurements);
  }

  boolean isMeasured() {
    return measurements != null;
  }

  @Nullable Object slot(int index) {
    return slots[index];
  }

  EvaluationContext evaluation() {
    return evaluation;
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  MemoryBudget budget() {
    return budget;
  }

  SearchOptions search() {
    return search;
  }

  CatalogReader catalog() {
    return new CatalogReader(transaction.catalog(), evaluation.searchPath());
  }

  /// The outer row that a correlation stands for.
  @Nullable Object[] correlated(int correlation) {
    return correlated[correlation];
  }

  /// Sets the outer row that a correlation stands for.
  void correlate(int correlation, @Nullable Object[] row) {
    if (correlation >= correlated.length) {
      correlated = Arrays.copyOf(correlated, Math.max(correlation + 1, correlated.length * 2));
    }
    correlated[correlation] = row;
  }

  /// The result of a sub-plan that is run only once.
  @Nullable Object subPlanResult(SubPlan subPlan) {
    return subPlanResults.get(subPlan);
  }

  void keepSubPlanResult(SubPlan subPlan, Object result) {
    subPlanResults.put(subPlan, result);
  }

  @Override
  public void close() {
    views.values().forEach(TableView::close);
    views.clear();
    budget.close();
  }
}
