package io.alidade.storage.segment;

import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.memory.RecordTable;
import io.alidade.model.ColumnType;
import io.alidade.storage.file.ChecksummedFile;
import io.alidade.storage.file.ChecksummedWriter;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.mutation.GrowingBytes;
import io.alidade.storage.mutation.MalformedBytesException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A column of values of one width: bools, integers, floats, times, uuids.
final class FixedColumn implements SegmentColumn {
  private final ColumnType type;
  private final int width;
  private final RecordTable values;
  private final NullBits nulls;

  private FixedColumn(ColumnType type, RecordTable values, NullBits nulls) {
    this.type = type;
    this.width = width(type);
    this.values = values;
    this.nulls = nulls;
  }

  static FixedColumn growing(ColumnType type, OffHeapArea area) {
    return new FixedColumn(type, RecordTable.growing(area, width(type)), NullBits.growing(area));
  }

  static FixedColumn mapped(ColumnType type, ChecksummedFile file, String name, int size)
      throws CorruptFileException {
    int width = width(type);
    long address = Sections.of(file, name + ".values", (long) size * width).address();
    return new FixedColumn(
        type,
        RecordTable.mapped(address, width, size),
        NullBits.mapped(Sections.of(file, name + ".nulls", NullBits.bytes(size)), size));
  }

  static boolean stores(ColumnType type) {
    return width(type) > 0;
  }

  /// The bytes of a value, or 0 if that varies.
  private static int width(ColumnType type) {
    return switch (type.kind()) {
      case BOOL -> 1;
      case INT2 -> Short.BYTES;
      case INT4, DATE, FLOAT4 -> Integer.BYTES;
      case INT8, TIMESTAMP, TIMESTAMPTZ, OID, REGPROC, REGCLASS, REGTYPE, FLOAT8 -> Long.BYTES;
      case UUID -> 2 * Long.BYTES;
      case TEXT, VARCHAR, NAME, CHAR, BYTEA, JSONB, NUMERIC -> 0;
      case VECTOR, HALFVEC, BIT, VARBIT, ARRAY -> 0;
    };
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
    long address = values.address(ordinal);
    return switch (type.kind()) {
      case BOOL -> Memory.getByte(address);
      case INT2 -> Memory.getShort(address);
      case INT4, DATE -> Memory.getInt(address);
      case INT8, TIMESTAMP, TIMESTAMPTZ, OID, REGPROC, REGCLASS, REGTYPE -> Memory.getLong(address);
      case FLOAT4,
          FLOAT8,
          UUID,
          TEXT,
          VARCHAR,
          NAME,
          CHAR,
          BYTEA,
          JSONB,
          NUMERIC,
          VECTOR,
          HALFVEC,
          BIT,
          VARBIT,
          ARRAY ->
          throw new UnsupportedOperationException(type + " as an integer");
    };
  }

  @Override
  public double getDouble(int ordinal) {
    long address = values.address(ordinal);
    if (type.kind() == ColumnType.Kind.FLOAT8) {
      return Double.longBitsToDouble(Memory.getLong(address));
    }
    if (type.kind() == ColumnType.Kind.FLOAT4) {
      return Float.intBitsToFloat(Memory.getInt(address));
    }
    throw new UnsupportedOperationException(type + " as a float");
  }

  @Override
  public @Nullable Object get(int ordinal) {
    if (isNull(ordinal)) {
      return null;
    }
    long address = values.address(ordinal);
    return switch (type.kind()) {
      case BOOL -> Memory.getByte(address) != 0;
      case INT2 -> Memory.getShort(address);
      case INT4, DATE -> Memory.getInt(address);
      case INT8, TIMESTAMP, TIMESTAMPTZ, OID, REGPROC, REGCLASS, REGTYPE -> Memory.getLong(address);
      case FLOAT4 -> Float.intBitsToFloat(Memory.getInt(address));
      case FLOAT8 -> Double.longBitsToDouble(Memory.getLong(address));
      case UUID -> new UUID(Memory.getLong(address), Memory.getLong(address + Long.BYTES));
      case TEXT, VARCHAR, NAME, CHAR, BYTEA, JSONB, NUMERIC, VECTOR, HALFVEC, BIT, VARBIT, ARRAY ->
          throw new IllegalStateException(type + " in a column of fixed width");
    };
  }

  @Override
  public void append(int ordinal, @Nullable Object value) {
    reserve(ordinal);
    if (value == null) {
      nulls.set(ordinal);
      return;
    }
    long address = values.address(ordinal);
    switch (type.kind()) {
      case BOOL -> Memory.putByte(address, (byte) ((Boolean) value ? 1 : 0));
      case INT2 -> Memory.putShort(address, (Short) value);
      case INT4, DATE -> Memory.putInt(address, (Integer) value);
      case INT8, TIMESTAMP, TIMESTAMPTZ, OID, REGPROC, REGCLASS, REGTYPE ->
          Memory.putLong(address, (Long) value);
      case FLOAT4 -> Memory.putInt(address, Float.floatToRawIntBits((Float) value));
      case FLOAT8 -> Memory.putLong(address, Double.doubleToRawLongBits((Double) value));
      case UUID -> {
        Memory.putLong(address, ((UUID) value).getMostSignificantBits());
        Memory.putLong(address + Long.BYTES, ((UUID) value).getLeastSignificantBits());
      }
      case TEXT, VARCHAR, NAME, CHAR, BYTEA, JSONB, NUMERIC, VECTOR, HALFVEC, BIT, VARBIT, ARRAY ->
          throw new IllegalStateException(type + " in a column of fixed width");
    }
  }

  @Override
  public void appendFrom(int ordinal, SegmentColumn source, int sourceOrdinal) {
    FixedColumn from = (FixedColumn) source;
    reserve(ordinal);
    if (from.isNull(sourceOrdinal)) {
      nulls.set(ordinal);
    } else {
      Memory.copy(from.values.address(sourceOrdinal), values.address(ordinal), width);
    }
  }

  @Override
  public void encode(GrowingBytes out, int[] ordinals, int count) {
    out.putByte(FIXED);
    out.putInt(width);
    nulls.encode(out, ordinals, count);
    for (int i = 0; i < count; i++) {
      out.putMemory(values.address(ordinals[i]), width);
    }
  }

  @Override
  public void decode(ByteBuffer in, int firstOrdinal, int count) throws MalformedBytesException {
    byte[] nullBits = BlockColumn.begin(in, type, FIXED, width, count);
    for (int i = 0; i < count; i++) {
      int ordinal = firstOrdinal + i;
      reserve(ordinal);
      if (NullBits.isSet(nullBits, i)) {
        nulls.set(ordinal);
      }
      Memory.putBytes(values.address(ordinal), in.slice(in.position(), width));
      in.position(in.position() + width);
    }
  }

  @Override
  public void write(ChecksummedWriter out, String name, int size) throws IOException {
    out.beginSection(name + ".values");
    Sections.write(out, values, size);
    out.beginSection(name + ".nulls");
    nulls.write(out, size);
  }

  /// Writes a column of merged rows, as [#write] does.
  static void writeMerged(ChecksummedWriter out, String name, MergedRows rows, int column)
      throws IOException {
    out.beginSection(name + ".values");
    for (MergedRows.Runs runs = rows.runs(); runs.next(); ) {
      Sections.write(out, of(runs.segment(), column).values, runs.first(), runs.end());
    }
    out.beginSection(name + ".nulls");
    NullBits.writeMerged(out, rows, segment -> of(segment, column).nulls);
  }

  private static FixedColumn of(SealedSegment segment, int column) {
    return (FixedColumn) segment.columns()[column];
  }

  private void reserve(int ordinal) {
    values.reserve(ordinal + 1);
    nulls.reserve(ordinal);
  }
}
