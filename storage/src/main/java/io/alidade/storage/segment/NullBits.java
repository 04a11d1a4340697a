package io.alidade.storage.segment;

import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.memory.RecordTable;
import io.alidade.storage.file.ChecksummedWriter;
import io.alidade.storage.mutation.GrowingBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/// One bit an ordinal: set where the value is NULL.
final class NullBits {
  private final RecordTable bytes;

  private NullBits(RecordTable bytes) {
    this.bytes = bytes;
  }

  static NullBits growing(OffHeapArea area) {
    return new NullBits(RecordTable.growing(area, 1));
  }

  static NullBits mapped(MemorySegment section, int size) {
    return new NullBits(RecordTable.mapped(section.address(), 1, bytes(size)));
  }

  static int bytes(int size) {
    return (int) (((long) size + 7) >>> 3);
  }

  boolean get(int ordinal) {
    return (Memory.getByte(bytes.address(ordinal >>> 3)) & (1 << (ordinal & 7))) != 0;
  }

  /// Makes room for an ordinal, whose bit is clear.
  void reserve(int ordinal) {
    bytes.reserve((ordinal >>> 3) + 1);
  }

  void set(int ordinal) {
    long address = bytes.address(ordinal >>> 3);
    Memory.putByte(address, (byte) (Memory.getByte(address) | (1 << (ordinal & 7))));
  }

  void encode(GrowingBytes out, int[] ordinals, int count) {
    int at = out.skip(bytes(count));
    for (int i = 0; i < count; i++) {
      if (get(ordinals[i])) {
        out.setBit(at, i);
      }
    }
  }

  void write(ChecksummedWriter out, int size) throws IOException {
    Sections.write(out, bytes, bytes(size));
  }

  /// Writes the bits of merged rows.
  ///
  /// @param of the bits of the column in a segment
  static void writeMerged(
      ChecksummedWriter out, MergedRows rows, Function<SealedSegment, NullBits> of)
      throws IOException {
    int bits = 0;
    int count = 0;
    for (MergedRows.Runs runs = rows.runs(); runs.next(); ) {
      NullBits nulls = of.apply(runs.segment());
      for (int ordinal = runs.first(); ordinal < runs.end(); ordinal++) {
        if (nulls.get(ordinal)) {
          bits |= 1 << (count & 7);
        }
        count++;
        if ((count & 7) == 0) {
          out.writeByte((byte) bits);
          bits = 0;
        }
      }
    }
    if ((count & 7) != 0) {
      out.writeByte((byte) bits);
    }
  }

  /// The bits as an encoded block has them.
  static boolean isSet(byte[] bits, int index) {
    return (bits[index >>> 3] & (1 << (index & 7))) != 0;
  }
}
