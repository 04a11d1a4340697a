package io.alidade.engine.memory;

import java.util.Arrays;
import java.util.Optional;

/// Records of one size by index, at addresses that never change while the table grows.
///
/// A growing table is a row of chunks, each twice as large as the one before; a mapped table is one
/// piece. Both find a record in the same way. Thread-safety: readers may ask for a record once they
/// have learnt of it through something that orders memory (a volatile size, a fence).
public final class RecordTable {
  private static final int FIRST_CHUNK_SHIFT = 4;
  private static final int FIRST_CHUNK = 1 << FIRST_CHUNK_SHIFT;
  private static final int CHUNKS = Integer.SIZE - FIRST_CHUNK_SHIFT;

  /// Where record 0 of a chunk would lie if the chunk began with it.
  private final long[] bases = new long[CHUNKS];

  private final int stride;
  private final Optional<OffHeapArea> area;
  private int chunks;
  private volatile int capacity;

  private RecordTable(int stride, Optional<OffHeapArea> area) {
    this.stride = stride;
    this.area = area;
  }

  /// A table that gets its memory from an area as it grows.
  public static RecordTable growing(OffHeapArea area, int stride) {
    return new RecordTable(stride, Optional.of(area));
  }

  /// A table that lies at an address.
  public static RecordTable mapped(long address, int stride, int count) {
    RecordTable table = new RecordTable(stride, Optional.empty());
    Arrays.fill(table.bases, address);
    table.capacity = count;
    return table;
  }

  /// The bytes from one record to the next.
  public int stride() {
    return stride;
  }

  /// The address of a record. Not checked.
  public long address(int index) {
    int chunk =
        Integer.SIZE - 1 - FIRST_CHUNK_SHIFT - Integer.numberOfLeadingZeros(index + FIRST_CHUNK);
    return bases[chunk] + (long) index * stride;
  }

  /// How many records from an index on lie one after the other, at most `most`.
  public int following(int index, int most) {
    if (area.isEmpty()) {
      return most;
    }
    int chunk =
        Integer.SIZE - 1 - FIRST_CHUNK_SHIFT - Integer.numberOfLeadingZeros(index + FIRST_CHUNK);
    long end = ((long) FIRST_CHUNK << chunk + 1) - FIRST_CHUNK;
    return (int) Math.min(most, end - index);
  }

  /// Makes room for records 0 to `count - 1`; new ones are zero.
  public void reserve(int count) {
    if (count > capacity) {
      grow(count);
    }
  }

  private synchronized void grow(int count) {
    OffHeapArea memory =
        area.orElseThrow(() -> new IllegalStateException("a mapped table does not grow"));
    while (count > capacity) {
      long records = (long) FIRST_CHUNK << chunks;
      long first = records - FIRST_CHUNK;
      bases[chunks] = memory.allocate(records * stride) - first * stride;
      chunks++;
      capacity = (int) Math.min(Integer.MAX_VALUE, first + records);
    }
  }
}
