package io.alidade.sql.execute.row;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows kept in memory, within the statement's budget.
final class RowBuffer implements AutoCloseable {
  private final MemoryBudget budget;
  private List<@Nullable Object[]> rows = new ArrayList<>();
  private long bytes;

  RowBuffer(MemoryBudget budget) {
    this.budget = budget;
  }

  /// Reads a cursor to its end and closes it.
  void addAll(RowCursor cursor) {
    try (cursor) {
      for (List<@Nullable Object[]> batch = cursor.next();
          !batch.isEmpty();
          batch = cursor.next()) {
        for (@Nullable Object[] row : batch) {
          add(row);
        }
      }
    }
  }

  void add(@Nullable Object[] row) {
    bytes += budget.reserve(row);
    rows.add(row);
  }

  List<@Nullable Object[]> rows() {
    return rows;
  }

  @Override
  public void close() {
    budget.release(bytes);
    bytes = 0;
    rows = List.of();
  }
}
