package io.alidade.sql.execute.row;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// LIMIT and OFFSET: leaves rows out at the start, and stops reading once it has given enough.
public final class LimitedRows implements RowCursor {
  /// Says that there is no limit.
  public static final long UNLIMITED = Long.MAX_VALUE;

  private final RowCursor input;
  private long skip;
  private long remaining;

  /// @param offset how many rows to leave out, not negative
  /// @param limit how many rows to give, not negative
  public LimitedRows(RowCursor input, long offset, long limit) {
    this.input = input;
    this.skip = offset;
    this.remaining = limit;
  }

  @Override
  public List<@Nullable Object[]> next() {
    while (remaining > 0) {
      List<@Nullable Object[]> batch = input.next();
      if (batch.isEmpty()) {
        remaining = 0;
        break;
      }
      int from = (int) Math.min(skip, batch.size());
      skip -= from;
      if (from == batch.size()) {
        continue;
      }
      int to = (int) Math.min(batch.size(), from + Math.min(remaining, batch.size()));
      remaining -= to - from;
      return from == 0 && to == batch.size() ? batch : batch.subList(from, to);
    }
    return List.of();
  }

  @Override
  public void close() {
    input.close();
  }
}
