package io.alidade.storage.statistics;

import com.carrotsearch.hppc.LongHashSet;
import com.carrotsearch.hppc.cursors.LongCursor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// About how many different values were added: exact while they are few, then within some 2 percent
/// (HyperLogLog, Flajolet et al. 2007, with linear counting below).
///
/// Two sketches of the same kind of values can be added up. Not thread-safe.
public final class DistinctSketch {
  private static final int INDEX_BITS = 12;
  private static final int REGISTERS = 1 << INDEX_BITS;

  /// So many are counted exactly: their hashes take less than the registers.
  private static final int MOST_EXACT = 256;

  private static final int EXACT_FORM = 0;
  private static final int REGISTER_FORM = 1;

  private LongHashSet hashes = new LongHashSet();
  private byte[] registers = {};

  /// Adds a value by its hash, of which all bits count.
  public void add(long hash) {
    if (registers.length > 0) {
      register(hash);
      return;
    }
    hashes.add(hash);
    if (hashes.size() > MOST_EXACT) {
      begin();
    }
  }

  private void begin() {
    registers = new byte[REGISTERS];
    for (LongCursor hash : hashes) {
      register(hash.value);
    }
    hashes = new LongHashSet();
  }

  private void register(long hash) {
    int index = (int) (hash >>> (Long.SIZE - INDEX_BITS));
    int rank = Long.numberOfLeadingZeros(hash << INDEX_BITS | 1L << (INDEX_BITS - 1)) + 1;
    if (rank > registers[index]) {
      registers[index] = (byte) rank;
    }
  }

  /// Adds what was added to another.
  public void addAll(DistinctSketch other) {
    for (LongCursor hash : other.hashes) {
      add(hash.value);
    }
    if (other.registers.length > 0) {
      if (registers.length == 0) {
        begin();
      }
      for (int i = 0; i < REGISTERS; i++) {
        registers[i] = (byte) Math.max(registers[i], other.registers[i]);
      }
    }
  }

  /// How many different values were added, about.
  public double estimate() {
    if (registers.length == 0) {
      return hashes.size();
    }
    double sum = 0;
    int empty = 0;
    for (byte register : registers) {
      sum += 1.0 / (1L << register);
      empty += register == 0 ? 1 : 0;
    }
    double alpha = 0.7213 / (1 + 1.079 / REGISTERS);
    double raw = alpha * REGISTERS * REGISTERS / sum;
    return raw <= 2.5 * REGISTERS && empty > 0
        ? REGISTERS * Math.log((double) REGISTERS / empty)
        : raw;
  }

  /// Its bytes: a form (0: u16 count and so many u64 hashes; 1: 4096 registers of a byte).
  public byte[] toBytes() {
    if (registers.length > 0) {
      return ByteBuffer.allocate(1 + REGISTERS).put((byte) REGISTER_FORM).put(registers).array();
    }
    ByteBuffer out =
        ByteBuffer.allocate(1 + Short.BYTES + hashes.size() * Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) EXACT_FORM)
            .putShort((short) hashes.size());
    for (LongCursor hash : hashes) {
      out.putLong(hash.value);
    }
    return out.array();
  }

  /// Reads what [#toBytes] gave, and moves the buffer, which is little-endian, behind it.
  ///
  /// @throws IllegalArgumentException for other bytes
  /// @throws java.nio.BufferUnderflowException for too few of them
  public static DistinctSketch read(ByteBuffer in) {
    DistinctSketch sketch = new DistinctSketch();
    int form = in.get();
    switch (form) {
      case EXACT_FORM -> {
        for (int i = in.getShort(); i > 0; i--) {
          sketch.hashes.add(in.getLong());
        }
      }
      case REGISTER_FORM -> {
        sketch.registers = new byte[REGISTERS];
        in.get(sketch.registers);
      }
      default -> throw new IllegalArgumentException("a sketch of form " + form);
    }
    return sketch;
  }
}
