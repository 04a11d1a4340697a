package io.alidade.sql.execute;

import io.alidade.sql.analyze.LockedRows;
import io.alidade.sql.execute.row.RowCursor;
import io.alidade.sql.execute.row.RowReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Locks rows as they are asked for, one after the other, and no more of them than are wanted.
final class LockRowsCursor implements RowCursor {
  private final RowReader input;
  private final List<LockedRows.Mark> marks;
  private final ExecutionContext context;
  private long wanted;

  LockRowsCursor(
      RowCursor input, List<LockedRows.Mark> marks, long wanted, ExecutionContext context) {
    this.input = new RowReader(input);
    this.marks = marks;
    this.wanted = wanted;
    this.context = context;
  }

  @Override
  public List<@Nullable Object[]> next() {
    List<@Nullable Object[]> batch = new ArrayList<>();
    while (wanted > 0 && batch.size() < BATCH_ROWS) {
      @Nullable Object[] row = input.next();
      if (row == null) {
        wanted = 0;
        break;
      }
      if (lock(row)) {
        batch.add(row);
        wanted--;
      } else {
        context.checkpoint().pass();
      }
    }
    return batch;
  }

  /// @return whether all that it is made of is locked; else it is to be left out
  private boolean lock(@Nullable Object[] row) {
    for (LockedRows.Mark mark : marks) {
      if (row[mark.column()] instanceof Long reference && !context.lock(mark, reference)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    input.close();
  }
}
