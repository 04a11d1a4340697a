package io.alidade.sql.execute.row;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows that are already there.
public final class ListedRows implements RowCursor {
  private final List<@Nullable Object[]> rows;
  private int position;

  public ListedRows(List<@Nullable Object[]> rows) {
    this.rows = rows;
  }

  @Override
  public List<@Nullable Object[]> next() {
    int end = Math.min(rows.size(), position + BATCH_ROWS);
    List<@Nullable Object[]> batch = rows.subList(position, end);
    position = end;
    return batch;
  }

  @Override
  public void close() {
    position = rows.size();
  }
}
