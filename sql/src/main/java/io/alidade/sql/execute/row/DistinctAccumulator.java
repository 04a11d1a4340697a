package io.alidade.sql.execute.row;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An aggregate over the distinct values of its arguments.
public final class DistinctAccumulator implements Accumulator {
  private final Accumulator aggregate;
  private final RowKeys arguments;
  private final MemoryBudget budget;
  private final Set<Object> seen = new HashSet<>();

  /// @param arguments the columns that are the aggregate's arguments
  public DistinctAccumulator(Accumulator aggregate, RowKeys arguments, MemoryBudget budget) {
    this.aggregate = aggregate;
    this.arguments = arguments;
    this.budget = budget;
  }

  @Override
  public void add(@Nullable Object[] row) {
    if (seen.add(arguments.groupKey(row))) {
      budget.reserve(new @Nullable Object[] {""}); // Given back with the whole statement's budget.
      aggregate.add(row);
    }
  }

  @Override
  public @Nullable Object result() {
    return aggregate.result();
  }
}
