package io.alidade.sql.execute.row;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// INTERSECT and EXCEPT, with or without ALL: the rows of the left input, let through or held back
/// by how often they occur in the right one.
public final class MatchedRows implements RowCursor {
  /// Which of the operations.
  public enum Operation {
    INTERSECT,
    INTERSECT_ALL,
    EXCEPT,
    EXCEPT_ALL
  }

  private final RowCursor left;
  private final RowCursor right;
  private final Operation operation;
  private final RowKeys keys;
  private final MemoryBudget budget;
  private final Map<Object, Integer> counts = new HashMap<>();
  private long bytes;
  private boolean counted;

  /// @param width the width of both inputs' rows
  public MatchedRows(
      RowCursor left, RowCursor right, Operation operation, int width, MemoryBudget budget) {
    this.left = left;
    this.right = right;
    this.operation = operation;
    this.keys = RowKeys.all(width);
    this.budget = budget;
  }

  @Override
  public List<@Nullable Object[]> next() {
    if (!counted) {
      counted = true;
      count();
    }
    while (true) {
      List<@Nullable Object[]> batch = left.next();
      if (batch.isEmpty()) {
        return batch;
      }
      List<@Nullable Object[]> passed = new ArrayList<>();
      for (@Nullable Object[] row : batch) {
        if (passes(row)) {
          passed.add(row);
        }
      }
      if (!passed.isEmpty()) {
        return passed;
      }
    }
  }

  private void count() {
    try (right) {
      for (List<@Nullable Object[]> batch = right.next(); !batch.isEmpty(); batch = right.next()) {
        for (@Nullable Object[] row : batch) {
          if (counts.merge(keys.groupKey(row), 1, Integer::sum) == 1) {
            bytes += budget.reserve(row);
          }
        }
      }
    }
  }

  /// A count is what the right side has left of a row; for the operations without ALL it is set to
  /// what keeps the row from passing twice.
  private boolean passes(@Nullable Object[] row) {
    Object key = keys.groupKey(row);
    int count = counts.getOrDefault(key, 0);
    return switch (operation) {
      case INTERSECT, INTERSECT_ALL -> {
        if (count > 0) {
          counts.put(key, operation == Operation.INTERSECT ? 0 : count - 1);
        }
        yield count > 0;
      }
      case EXCEPT -> {
        if (count == 0) {
          counts.put(key, 1);
          bytes += budget.reserve(row);
        }
        yield count == 0;
      }
      case EXCEPT_ALL -> {
        if (count > 0) {
          counts.put(key, count - 1);
        }
        yield count == 0;
      }
    };
  }

  @Override
  public void close() {
    left.close();
    right.close();
    counts.clear();
    budget.release(bytes);
    bytes = 0;
  }
}
