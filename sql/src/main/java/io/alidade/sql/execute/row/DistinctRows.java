package io.alidade.sql.execute.row;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Each different row of an input once, as soon as it comes.
public final class DistinctRows implements RowCursor {
  private final RowCursor input;
  private final RowKeys keys;
  private final MemoryBudget budget;
  private final Set<Object> seen = new HashSet<>();
  private long bytes;

  /// @param keys the columns that make rows different
  public DistinctRows(RowCursor input, RowKeys keys, MemoryBudget budget) {
    this.input = input;
    this.keys = keys;
    this.budget = budget;
  }

  @Override
  public List<@Nullable Object[]> next() {
    while (true) {
      List<@Nullable Object[]> batch = input.next();
      if (batch.isEmpty()) {
        return batch;
      }
      List<@Nullable Object[]> fresh = new ArrayList<>();
      for (@Nullable Object[] row : batch) {
        if (seen.add(keys.groupKey(row))) {
          bytes += budget.reserve(row);
          fresh.add(row);
        }
      }
      if (!fresh.isEmpty()) {
        return fresh;
      }
    }
  }

  @Override
  public void close() {
    input.close();
    seen.clear();
    budget.release(bytes);
    bytes = 0;
  }
}
