package io.alidade.sql.execute.row;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An aggregate that takes its rows in an order of its own (`string_agg(x, ',' ORDER BY y)`).
public final class OrderedAccumulator implements Accumulator {
  private final Accumulator aggregate;
  private final Comparator<@Nullable Object[]> order;
  private final MemoryBudget budget;
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  public OrderedAccumulator(
      Accumulator aggregate, Comparator<@Nullable Object[]> order, MemoryBudget budget) {
    this.aggregate = aggregate;
    this.order = order;
    this.budget = budget;
  }

  @Override
  public void add(@Nullable Object[] row) {
    budget.reserve(row); // Given back with the whole statement's budget.
    rows.add(row);
  }

  @Override
  public @Nullable Object result() {
    rows.sort(order);
    rows.forEach(aggregate::add);
    rows.clear();
    return aggregate.result();
  }
}
