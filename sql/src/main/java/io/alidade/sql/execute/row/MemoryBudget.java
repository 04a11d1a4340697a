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
/// Sizes are estimates of the heap; what an operator reserves it releases when it is closed. Used
/// by one thread at a time.
public final class MemoryBudget {
  private static final int ROW_BYTES = 48;
  private static final int VALUE_BYTES = 24;

  private final long limit;
  private long reserved;

  /// @param limit the most bytes
  public MemoryBudget(long limit) {
    this.limit = limit;
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
    reserved += bytes;
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
