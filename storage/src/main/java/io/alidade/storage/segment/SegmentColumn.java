package io.alidade.storage.segment;

import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.model.ColumnType;
import io.alidade.storage.file.ChecksummedFile;
import io.alidade.storage.file.ChecksummedWriter;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.mutation.GrowingBytes;
import io.alidade.storage.mutation.MalformedBytesException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One column of a segment, outside the heap: growing in memory or mapped from a file.
///
/// One writer, who appends ordinals in order and publishes them through the segment's size; any
/// number of readers.
sealed interface SegmentColumn extends ColumnReader
    permits FixedColumn, VariableColumn, VectorColumn {

  /// The byte that names a column's storage in a block of rows.
  int FIXED = 1;

  /// Strings of bytes.
  int VARIABLE = 2;

  /// Vectors of equal length, of 32-bit floats.
  int VECTORS = 3;

  /// Vectors of equal length, of 16-bit floats.
  int HALF_VECTORS = 4;

  /// Strings of equally many bits.
  int BITS = 5;

  /// An empty column that grows.
  static SegmentColumn growing(ColumnType type, OffHeapArea area) {
    if (VectorColumn.stores(type)) {
      return VectorColumn.growing(type);
    }
    return FixedColumn.stores(type)
        ? FixedColumn.growing(type, area)
        : VariableColumn.growing(type, area);
  }

  /// A column of a file that [#write] wrote.
  static SegmentColumn mapped(ColumnType type, ChecksummedFile file, String name, int size)
      throws CorruptFileException {
    if (VectorColumn.stores(type)) {
      return VectorColumn.mapped(type, file, name, size);
    }
    return FixedColumn.stores(type)
        ? FixedColumn.mapped(type, file, name, size)
        : VariableColumn.mapped(type, file, name, size);
  }

  /// Appends a canonical value.
  void append(int ordinal, @Nullable Object value);

  /// Appends a value of another column of the same type.
  void appendFrom(int ordinal, SegmentColumn source, int sourceOrdinal);

  /// Writes the first of some ordinals as a part of a block of rows.
  void encode(GrowingBytes out, int[] ordinals, int count);

  /// Appends what [#encode] wrote, and moves the buffer behind it.
  void decode(ByteBuffer in, int firstOrdinal, int count) throws MalformedBytesException;

  /// Writes the first ordinals as sections of a file whose names begin with a name.
  void write(ChecksummedWriter out, String name, int size) throws IOException;

  /// Writes a column of merged rows as [#write] would write it if they were one segment.
  static void writeMerged(
      ColumnType type, ChecksummedWriter out, String name, MergedRows rows, int column)
      throws IOException {
    if (VectorColumn.stores(type)) {
      VectorColumn.writeMerged(out, name, rows, column);
    } else if (FixedColumn.stores(type)) {
      FixedColumn.writeMerged(out, name, rows, column);
    } else {
      VariableColumn.writeMerged(out, name, rows, column);
    }
  }

  /// The bytes of memory that do not belong to the segment's own area.
  default long ownBytes() {
    return 0;
  }

  /// Frees what does not belong to the segment's own area.
  default void close() {}
}
