package io.alidade.storage.segment;

import com.carrotsearch.hppc.LongHashSet;
import io.alidade.model.ColumnType;
import io.alidade.storage.file.ChecksummedFile;
import io.alidade.storage.file.ChecksummedWriter;
import io.alidade.storage.file.CorruptFileException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/// The different values of a column of text that has few of them, each kept once: the slots of its
/// rows are then codes of values.
final class ValueDictionary {
  /// With more different values a column has no dictionary.
  static final int MOST_VALUES = 4096;

  /// Nor if a value is there fewer times than this, on average.
  private static final int FEWEST_USES = 4;

  private static final int FEWEST_ROWS = 64;
  private static final long[] NONE = {};

  private ValueDictionary() {}

  /// A column that is gone through, more than once.
  interface Column {
    void each(Visitor visitor) throws IOException;
  }

  /// Whoever goes through it.
  interface Visitor {
    /// @return whether to go on
    boolean visit(VariableColumn column, int ordinal) throws IOException;
  }

  /// Writes the bits of NULLs.
  interface Nulls {
    void write() throws IOException;
  }

  /// Writes a column with a dictionary, if it is worth it.
  ///
  /// @return whether it was written
  static boolean write(
      ColumnType type, Column column, int rows, ChecksummedWriter out, String name, Nulls nulls)
      throws IOException {
    boolean isText = type.kind() == ColumnType.Kind.TEXT || type.kind() == ColumnType.Kind.VARCHAR;
    if (!isText || rows < FEWEST_ROWS) {
      return false;
    }
    Map<ByteBuffer, Long> slots = new LinkedHashMap<>();
    if (!gather(column, slots)) {
      return false;
    }
    out.beginSection(name + ".slots");
    column.each((from, ordinal) -> {
      Long slot = from.isNull(ordinal) ? null : slots.get(ByteBuffer.wrap(from.bytes(ordinal)));
      out.writeLong(slot == null ? 0 : slot);
      return true;
    });
    out.beginSection(name + ".nulls");
    nulls.write();
    out.beginSection(name + ".bytes");
    for (ByteBuffer value : slots.keySet()) {
      out.write(value.array());
      for (long filled = value.capacity();
          filled < (long) ByteHeap.units(value.capacity()) << 3;
          filled++) {
        out.writeByte((byte) 0);
      }
    }
    out.beginSection(section(name));
    for (long slot : slots.values()) {
      out.writeLong(slot);
    }
    return true;
  }

  private static String section(String name) {
    return name + ".dictionary";
  }

  /// @return whether the values are few
  private static boolean gather(Column column, Map<ByteBuffer, Long> slots) throws IOException {
    long[] state = {0, 0}; // The next position, and how many values there are.
    column.each((from, ordinal) -> {
      if (!from.isNull(ordinal)) {
        state[1]++;
        byte[] bytes = from.bytes(ordinal);
        if (slots.putIfAbsent(ByteBuffer.wrap(bytes), state[0] << Integer.SIZE | bytes.length)
            == null) {
          state[0] += ByteHeap.units(bytes.length);
        }
      }
      return slots.size() <= MOST_VALUES;
    });
    return !slots.isEmpty()
        && slots.size() <= MOST_VALUES
        && (long) slots.size() * FEWEST_USES <= state[1];
  }

  /// The slots of a column's dictionary; none if it has no dictionary.
  static long[] read(ChecksummedFile file, String name) throws CorruptFileException {
    if (!file.sectionNames().contains(section(name))) {
      return NONE;
    }
    MemorySegment section = file.section(section(name));
    long[] slots = new long[(int) (section.byteSize() / Long.BYTES)];
    LongHashSet known = new LongHashSet(slots.length);
    for (int i = 0; i < slots.length; i++) {
      slots[i] = Memory.getLong(section.address() + (long) i * Long.BYTES);
      known.add(slots[i]);
    }
    MemorySegment rows = file.section(name + ".slots");
    for (long at = 0; at < rows.byteSize(); at += Long.BYTES) {
      long slot = Memory.getLong(rows.address() + at);
      if (slot != 0 && !known.contains(slot)) { // Of NULL it is 0.
        throw new CorruptFileException(
            file.path(), 0, "a value of section \"" + name + "\" is not in its dictionary");
      }
    }
    return slots;
  }
}
