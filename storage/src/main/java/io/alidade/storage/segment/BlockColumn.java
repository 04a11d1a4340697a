package io.alidade.storage.segment;

import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.storage.mutation.MalformedBytesException;
import java.nio.ByteBuffer;

/// The beginning of a column in a block of rows: its storage, width and NULL bits.
final class BlockColumn {
  private BlockColumn() {}

  /// Reads it and checks that it is a column of the type.
  ///
  /// @return the NULL bits
  static byte[] begin(ByteBuffer in, ColumnType type, int storage, int width, int count)
      throws MalformedBytesException {
    int foundStorage = in.get();
    int foundWidth = in.getInt();
    if (foundStorage != storage || foundWidth != width) {
      throw new MalformedBytesException(
          "a column of storage " + foundStorage + " and width " + foundWidth + " for type " + type);
    }
    byte[] nulls = new byte[NullBits.bytes(count)];
    in.get(nulls);
    return nulls;
  }

  /// Moves behind a column.
  ///
  /// @return a type whose columns store values of this width
  static ColumnType skip(ByteBuffer in, int count) throws MalformedBytesException {
    int storage = in.get();
    int width = in.getInt();
    in.position(in.position() + NullBits.bytes(count));
    if (storage != SegmentColumn.VARIABLE) {
      int bytes = storage == SegmentColumn.BITS ? BitString.bytes(width) : width;
      in.position(in.position() + Math.multiplyExact(count, bytes));
    } else {
      byte[] nulls = new byte[NullBits.bytes(count)];
      in.get(in.position() - nulls.length, nulls);
      int bytes = 0;
      for (int i = 0; i < count; i++) {
        int length = in.getInt();
        bytes += NullBits.isSet(nulls, i) ? 0 : length;
      }
      in.position(in.position() + bytes);
    }
    return switch (storage) {
      case SegmentColumn.VARIABLE -> ColumnType.BYTEA;
      case SegmentColumn.VECTORS -> ColumnType.vector(width / Float.BYTES);
      case SegmentColumn.HALF_VECTORS -> ColumnType.halfvec(width / Short.BYTES);
      case SegmentColumn.BITS -> ColumnType.bit(width);
      case SegmentColumn.FIXED -> fixed(width);
      default -> throw new MalformedBytesException("a column of storage " + storage);
    };
  }

  private static ColumnType fixed(int width) throws MalformedBytesException {
    return switch (width) {
      case 1 -> ColumnType.BOOL;
      case Short.BYTES -> ColumnType.INT2;
      case Integer.BYTES -> ColumnType.INT4;
      case Long.BYTES -> ColumnType.INT8;
      case 2 * Long.BYTES -> ColumnType.UUID;
      default -> throw new MalformedBytesException("a column of width " + width);
    };
  }
}
