package io.alidade.sql.execute.row;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a cursor row by row.
public final class RowReader implements RowGenerator, AutoCloseable {
  private final RowCursor cursor;
  private List<@Nullable Object[]> batch = List.of();
  private int position;
  private boolean ended;

  public RowReader(RowCursor cursor) {
    this.cursor = cursor;
  }

  @Override
  public @Nullable Object @Nullable [] next() {
    if (position == batch.size()) {
      if (ended) {
        return null;
      }
      batch = cursor.next();
      position = 0;
      if (batch.isEmpty()) {
        ended = true;
        return null;
      }
    }
    return batch.get(position++);
  }

  @Override
  public void close() {
    cursor.close();
  }
}
