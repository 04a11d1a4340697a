package io.alidade.storage.segment;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.memory.RecordTable;
import io.alidade.model.ColumnType;
import io.alidade.storage.file.ChecksummedFile;
import io.alidade.storage.file.ChecksummedWriter;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.mutation.GrowingBytes;
import io.alidade.storage.mutation.MalformedBytesException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A column of values of any length, as [ValueBytes] has them.
///
/// An ordinal's slot is the position of its bytes in the heap (upper 32 bits) and their length.
final class VariableColumn implements SegmentColumn {
  private final ColumnType type;
  private final RecordTable slots;
  private final NullBits nulls;
  private final ByteHeap heap;

  /// The slots of the different values if each is kept once; else empty.
  private final long[] dictionary;

  private VariableColumn(
      ColumnType type, RecordTable slots, NullBits nulls, ByteHeap heap, long[] dictionary) {
    this.type = type;
    this.slots = slots;
    this.nulls = nulls;
    this.heap = heap;
    this.dictionary = dictionary;
  }

  static VariableColumn growing(ColumnType type, OffHeapArea area) {
    return new VariableColumn(
        type,
        RecordTable.growing(area, Long.BYTES),
        NullBits.growing(area),
        ByteHeap.growing(area),
        new long[0]);
  }

  static VariableColumn mapped(ColumnType type, ChecksummedFile file, String name, int size)
      throws CorruptFileException {
    MemorySegment slots = Sections.of(file, name + ".slots", (long) size * Long.BYTES);
    MemorySegment nulls = Sections.of(file, name + ".nulls", NullBits.bytes(size));
    MemorySegment bytes = file.section(name + ".bytes");
    for (int ordinal = 0; ordinal < size; ordinal++) { // So that no slot can lead out of the file.
      long slot = Memory.getLong(slots.address() + (long) ordinal * Long.BYTES);
      long end = (slot >>> Integer.SIZE << 3) + (int) slot;
      if ((int) slot < 0 || end > bytes.byteSize()) {
        throw new CorruptFileException(
            file.path(), 0, "value " + ordinal + " of section \"" + name + "\" lies outside it");
      }
    }
    return new VariableColumn(
        type,
        RecordTable.mapped(slots.address(), Long.BYTES, size),
        NullBits.mapped(nulls, size),
        ByteHeap.mapped(bytes.address(), bytes.byteSize()),
        ValueDictionary.read(file, name));
  }

  /// Equal texts of a dictionary have the same slot.
  @Override
  public Optional<IntPredicate> equalTo(Object value) {
    if (dictionary.length == 0) {
      return Optional.empty();
    }
    byte[] wanted = ValueBytes.of(type, value);
    for (long slot : dictionary) {
      if ((int) slot == wanted.length
          && Arrays.equals(Memory.getBytes(address(slot), wanted.length), wanted)) {
        return Optional.of(ordinal -> slot(ordinal) == slot && !isNull(ordinal));
      }
    }
    return Optional.of(_ -> false);
  }

  @Override
  public ColumnType type() {
    return type;
  }

  @Override
  public boolean isNull(int ordinal) {
    return nulls.get(ordinal);
  }

  @Override
  public long getLong(int ordinal) {
    throw new UnsupportedOperationException(type + " as an integer");
  }

  @Override
  public double getDouble(int ordinal) {
    throw new UnsupportedOperationException(type + " as a float");
  }

  @Override
  public @Nullable Object get(int ordinal) {
    if (isNull(ordinal)) {
      return null;
    }
    long slot = slot(ordinal);
    return ValueBytes.read(type, Memory.getBytes(address(slot), (int) slot));
  }

  @Override
  public void append(int ordinal, @Nullable Object value) {
    reserve(ordinal);
    if (value == null) {
      nulls.set(ordinal);
      return;
    }
    byte[] bytes = ValueBytes.of(type, value);
    Memory.putBytes(allocate(ordinal, bytes.length), bytes);
  }

  @Override
  public void appendFrom(int ordinal, SegmentColumn source, int sourceOrdinal) {
    VariableColumn from = (VariableColumn) source;
    reserve(ordinal);
    if (from.isNull(sourceOrdinal)) {
      nulls.set(ordinal);
      return;
    }
    long slot = from.slot(sourceOrdinal);
    int length = (int) slot;
    Memory.copy(from.address(slot), allocate(ordinal, length), length);
  }

  @Override
  public void encode(GrowingBytes out, int[] ordinals, int count) {
    out.putByte(VARIABLE);
    out.putInt(0);
    nulls.encode(out, ordinals, count);
    for (int i = 0; i < count; i++) {
      out.putInt((int) slot(ordinals[i]));
    }
    for (int i = 0; i < count; i++) {
      long slot = slot(ordinals[i]);
      if ((int) slot > 0) {
        out.putMemory(address(slot), (int) slot);
      }
    }
  }

  @Override
  public void decode(ByteBuffer in, int firstOrdinal, int count) throws MalformedBytesException {
    byte[] nullBits = BlockColumn.begin(in, type, VARIABLE, 0, count);
    int[] lengths = new int[count];
    in.slice().order(in.order()).asIntBuffer().get(lengths);
    in.position(in.position() + count * Integer.BYTES);
    for (int i = 0; i < count; i++) {
      int ordinal = firstOrdinal + i;
      reserve(ordinal);
      if (NullBits.isSet(nullBits, i)) {
        nulls.set(ordinal);
      } else {
        ByteBuffer bytes = in.slice(in.position(), lengths[i]);
        Memory.putBytes(allocate(ordinal, lengths[i]), bytes);
        in.position(in.position() + lengths[i]);
      }
    }
  }

  @Override
  public void write(ChecksummedWriter out, String name, int size) throws IOException {
    ValueDictionary.Column all =
        visitor -> {
          for (int ordinal = 0; ordinal < size; ordinal++) {
            if (!visitor.visit(this, ordinal)) {
              return;
            }
          }
        };
    if (ValueDictionary.write(type, all, size, out, name, () -> nulls.write(out, size))) {
      return;
    }
    out.beginSection(name + ".slots");
    Sections.write(out, slots, size);
    out.beginSection(name + ".nulls");
    nulls.write(out, size);
    out.beginSection(name + ".bytes");
    heap.write(out);
  }

  /// Writes a column of merged rows, as [#write] does.
  static void writeMerged(ChecksummedWriter out, String name, MergedRows rows, int column)
      throws IOException {
    ColumnType type = of(rows.inputs().getFirst(), column).type;
    ValueDictionary.Column all =
        visitor -> {
          for (MergedRows.Runs runs = rows.runs(); runs.next(); ) {
            VariableColumn from = of(runs.segment(), column);
            for (int ordinal = runs.first(); ordinal < runs.end(); ordinal++) {
              if (!visitor.visit(from, ordinal)) {
                return;
              }
            }
          }
        };
    ValueDictionary.Nulls nulls =
        () -> NullBits.writeMerged(out, rows, segment -> of(segment, column).nulls);
    if (ValueDictionary.write(type, all, rows.size(), out, name, nulls)) {
      return;
    }
    out.beginSection(name + ".slots");
    long position = 0;
    for (MergedRows.Runs runs = rows.runs(); runs.next(); ) {
      VariableColumn from = of(runs.segment(), column);
      for (int ordinal = runs.first(); ordinal < runs.end(); ordinal++) {
        int length = from.isNull(ordinal) ? 0 : (int) from.slot(ordinal);
        if (position > ByteHeap.MAX_POSITION) {
          throw new IllegalStateException("a column of a segment is full");
        }
        out.writeLong(position << Integer.SIZE | length);
        position += ByteHeap.units(length);
      }
    }
    out.beginSection(name + ".nulls");
    NullBits.writeMerged(out, rows, segment -> of(segment, column).nulls);
    out.beginSection(name + ".bytes");
    for (MergedRows.Runs runs = rows.runs(); runs.next(); ) {
      VariableColumn from = of(runs.segment(), column);
      for (int ordinal = runs.first(); ordinal < runs.end(); ordinal++) {
        if (!from.isNull(ordinal)) {
          from.writeBytes(out, ordinal);
        }
      }
    }
  }

  private void writeBytes(ChecksummedWriter out, int ordinal) throws IOException {
    long slot = slot(ordinal);
    int length = (int) slot;
    if (length > 0) {
      out.write(AddressSpace.slice(address(slot), length));
    }
    for (long filled = length; filled < (long) ByteHeap.units(length) << 3; filled++) {
      out.writeByte((byte) 0);
    }
  }

  /// The bytes of a value that is not NULL.
  byte[] bytes(int ordinal) {
    long slot = slot(ordinal);
    return Memory.getBytes(address(slot), (int) slot);
  }

  private static VariableColumn of(SealedSegment segment, int column) {
    return (VariableColumn) segment.columns()[column];
  }

  private long slot(int ordinal) {
    return Memory.getLong(slots.address(ordinal));
  }

  private long address(long slot) {
    return heap.address((int) (slot >>> Integer.SIZE));
  }

  /// Gives an ordinal room for its bytes.
  private long allocate(int ordinal, int length) {
    int position = heap.allocate(length);
    Memory.putLong(slots.address(ordinal), (long) position << Integer.SIZE | length);
    return heap.address(position);
  }

  private void reserve(int ordinal) {
    slots.reserve(ordinal + 1);
    nulls.reserve(ordinal);
  }
}
