package io.alidade.sql.execute;

import io.alidade.sql.execute.row.RowCursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts and times what a cursor does.
final class MeasuredRows implements RowCursor {
  private final RowCursor rows;
  private final Measurements.Measured measured;

  MeasuredRows(RowCursor rows, Measurements.Measured measured) {
    this.rows = rows;
    this.measured = measured;
  }

  @Override
  public List<@Nullable Object[]> next() {
    long start = System.nanoTime();
    List<@Nullable Object[]> batch = rows.next();
    measured.worked(System.nanoTime() - start, batch.size());
    return batch;
  }

  @Override
  public void close() {
    rows.close();
  }
}
