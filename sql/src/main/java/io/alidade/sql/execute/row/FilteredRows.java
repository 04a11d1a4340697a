package io.alidade.sql.execute.row;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of an input for which a condition holds.
public final class FilteredRows implements RowCursor {
  private final RowCursor input;
  private final RowPredicate condition;

  public FilteredRows(RowCursor input, RowPredicate condition) {
    this.input = input;
    this.condition = condition;
  }

  @Override
  public List<@Nullable Object[]> next() {
    while (true) {
      List<@Nullable Object[]> batch = input.next();
      if (batch.isEmpty()) {
        return batch;
      }
      List<@Nullable Object[]> kept = new ArrayList<>(batch.size());
      for (@Nullable Object[] row : batch) {
        if (condition.test(row)) {
          kept.add(row);
        }
      }
      if (!kept.isEmpty()) {
        return kept;
      }
    }
  }

  @Override
  public void close() {
    input.close();
  }
}
