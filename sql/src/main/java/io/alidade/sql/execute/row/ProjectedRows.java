package io.alidade.sql.execute.row;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows computed from an input's rows, one for one.
public final class ProjectedRows implements RowCursor {
  private final RowCursor input;
  private final RowFunction[] columns;

  public ProjectedRows(RowCursor input, List<RowFunction> columns) {
    this.input = input;
    this.columns = columns.toArray(RowFunction[]::new);
  }

  @Override
  public List<@Nullable Object[]> next() {
    List<@Nullable Object[]> batch = input.next();
    List<@Nullable Object[]> projected = new ArrayList<>(batch.size());
    for (@Nullable Object[] row : batch) {
      @Nullable Object[] values = new @Nullable Object[columns.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = columns[i].apply(row);
      }
      projected.add(values);
    }
    return projected;
  }

  @Override
  public void close() {
    input.close();
  }
}
