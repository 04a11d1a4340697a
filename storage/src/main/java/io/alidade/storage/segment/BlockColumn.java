package io.alidade.storage.segment;

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
}
