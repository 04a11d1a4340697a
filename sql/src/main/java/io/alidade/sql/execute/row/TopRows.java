package io.alidade.sql.execute.row;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The first rows of an input in an order, kept in a heap no larger than the limit.
public final class TopRows implements RowCursor {
  private final RowCursor input;
  private final Comparator<@Nullable Object[]> order;
  private final int limit;
  private final MemoryBudget budget;
  private final PriorityQueue<Entry> heap;
  private long bytes;
  private @Nullable RowCursor sorted;

  /// Rows that compare equal keep the order in which they came, so that the answer does not depend
  /// on whether a limit was there.
  private record Entry(@Nullable Object[] row, long arrival, long bytes) {}

  /// @param limit how many rows, at least 1
  public TopRows(
      RowCursor input, Comparator<@Nullable Object[]> order, int limit, MemoryBudget budget) {
    this.input = input;
    this.order = order;
    this.limit = limit;
    this.budget = budget;
    Comparator<Entry> entries =
        Comparator.comparing(Entry::row, order).thenComparingLong(Entry::arrival);
    this.heap = new PriorityQueue<>(entries.reversed());
  }

  @Override
  public List<@Nullable Object[]> next() {
    if (sorted == null) {
      sorted = new ListedRows(top());
    }
    return sorted.next();
  }

  private List<@Nullable Object[]> top() {
    long arrivals = 0;
    for (List<@Nullable Object[]> batch = input.next(); !batch.isEmpty(); batch = input.next()) {
      for (@Nullable Object[] row : batch) {
        offer(row, arrivals++);
      }
    }
    @Nullable Object[][] rows = new @Nullable Object[heap.size()][];
    for (int i = rows.length - 1; i >= 0; i--) {
      rows[i] = heap.remove().row();
    }
    return Arrays.asList(rows);
  }

  private void offer(@Nullable Object[] row, long arrival) {
    if (heap.size() == limit) {
      // A later row that compares equal to the worst one stays out.
      if (order.compare(row, heap.element().row()) >= 0) {
        return;
      }
      long freed = heap.remove().bytes();
      budget.release(freed);
      bytes -= freed;
    }
    long taken = budget.reserve(row);
    bytes += taken;
    heap.add(new Entry(row, arrival, taken));
  }

  @Override
  public void close() {
    input.close();
    heap.clear();
    budget.release(bytes);
    bytes = 0;
    sorted = new ListedRows(List.of());
  }
}
