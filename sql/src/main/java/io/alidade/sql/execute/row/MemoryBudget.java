package io.alidade.sql.execute.row;

import io.alidade.model.BitString;
import io.alidade.model.DatabaseException;
import io.alidade.model.Jsonb;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How much memory the sorts, hashes and buffers of one statement may take together.
///
/// Sizes are estimates of the heap; what an operator reserves it releases when it is closed, and
/// all is released when the budget is. Used by one thread at a time.
public final class MemoryBudget implements AutoCloseable {
  /// What is taken at once of what all statements share.
  private static final long TAKEN_AT_ONCE = 1L << 20;

  private static final int ROW_BYTES = 48;
  private static final int VALUE_BYTES = 24;

  private final long limit;
  private final StatementMemory all;
  private long reserved;

  /// What was taken of what all share.
  private long taken;

  /// @param limit the most bytes
  /// @param all what all statements share
  public MemoryBudget(long limit, StatementMemory all) {
    this.limit = limit;
    this.all = all;
  }

  /// Takes a row's worth.
  ///
  /// @return the bytes taken, to be given back by [#release]
  /// @throws DatabaseException 53200 when the limit is passed
  public long reserve(@Nullable Object[] row) {
    long bytes = ROW_BYTES + (long) row.length * Long.BYTES;
    for (@Nullable Object value : row) {
      bytes += sizeOf(value);
    }
    reserve(bytes);
    return bytes;
  }

  /// Takes some bytes.
  ///
  /// @throws DatabaseException 53200 when the limit is passed
  public void reserve(long bytes) {
    if (reserved + bytes > limit) {
      throw new DatabaseException(SqlState.OUT_OF_MEMORY, "out of memory")
          .withDetail("The statement needs more than work_mem, " + limit + " bytes.");
    }
    if (reserved + bytes > taken) {
      long more = Math.max(TAKEN_AT_ONCE, reserved + bytes - taken);
      all.take(more);
      taken += more;
    }
    reserved += bytes;
  }

  /// Gives everything back: the statement has ended.
  @Override
  public void close() {
    all.giveBack(taken);
    taken = 0;
    reserved = 0;
  }

  public void release(long bytes) {
    reserved -= bytes;
  }

  /// What is taken now.
  public long reserved() {
    return reserved;
  }

  private static long sizeOf(@Nullable Object value) {
    return switch (value) {
      case null -> 0;
      case Boolean _ -> 0;
      case String text -> VALUE_BYTES + 2L * text.length();
      case byte[] bytes -> VALUE_BYTES + bytes.length;
      case BitString bits -> VALUE_BYTES + BitString.bytes(bits.length());
      case float[] vector -> VALUE_BYTES + (long) Float.BYTES * vector.length;
      case Jsonb json -> VALUE_BYTES + 2L * json.text().length();
      case BigDecimal number -> 2L * VALUE_BYTES + number.precision() / 2;
      case List<?> list -> VALUE_BYTES + list.stream().mapToLong(MemoryBudget::sizeOf).sum();
      default -> VALUE_BYTES;
    };
  }
}
