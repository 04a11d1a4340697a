package io.alidade.sql.execute.row;

import io.alidade.engine.search.Checkpoint;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All rows of an input in order; rows that compare equal keep the order in which they came.
public final class SortedRows implements RowCursor {
  private final RowCursor input;
  private final Comparator<@Nullable Object[]> order;
  private final Checkpoint checkpoint;
  private final RowBuffer buffer;
  private @Nullable RowCursor sorted;

  public SortedRows(
      RowCursor input,
      Comparator<@Nullable Object[]> order,
      MemoryBudget budget,
      Checkpoint checkpoint) {
    this.input = input;
    this.order = order;
    this.checkpoint = checkpoint;
    this.buffer = new RowBuffer(budget);
  }

  @Override
  public List<@Nullable Object[]> next() {
    if (sorted == null) {
      buffer.addAll(input);
      @Nullable Object[][] rows = buffer.rows().toArray(new @Nullable Object[0][]);
      Arrays.sort(rows, cancellable());
      sorted = new ListedRows(Arrays.asList(rows));
    }
    return sorted.next();
  }

  private Comparator<@Nullable Object[]> cancellable() {
    int[] comparisons = new int[1];
    return (left, right) -> {
      if (++comparisons[0] % (64 * Checkpoint.ROWS_BETWEEN) == 0) {
        checkpoint.pass();
      }
      return order.compare(left, right);
    };
  }

  @Override
  public void close() {
    input.close();
    buffer.close();
    sorted = new ListedRows(List.of());
  }
}
