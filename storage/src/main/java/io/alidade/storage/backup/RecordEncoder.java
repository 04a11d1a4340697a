package io.alidade.storage.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/// Makes the bytes of a sequence of records, one after the other. For one thread.
final class RecordEncoder {
  private final MessageDigest digest = RecordFormat.digest();
  private int number;

  /// What the sequence begins with.
  ByteBuffer start(long magic, int version) {
    ByteBuffer start =
        ByteBuffer.allocate(RecordFormat.START_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(magic)
            .putInt(version)
            .flip();
    digest.update(start.duplicate());
    return start;
  }

  /// The next record.
  ///
  /// @param content at most [RecordFormat#MAX_CONTENT] bytes
  ByteBuffer record(byte type, ByteBuffer content) {
    if (content.remaining() > RecordFormat.MAX_CONTENT) {
      throw new IllegalArgumentException(content.remaining() + " bytes in a record");
    }
    ByteBuffer header = RecordFormat.header(content.remaining(), type, number++);
    int checksum = RecordFormat.checksum(header, content);
    ByteBuffer record =
        ByteBuffer.allocate(
                RecordFormat.HEADER_BYTES + content.remaining() + RecordFormat.CHECKSUM_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(header)
            .put(content.duplicate())
            .putInt(checksum)
            .flip();
    if (type != RecordFormat.END) {
      digest.update(record.duplicate());
    }
    return record;
  }

  /// The last record.
  ByteBuffer end() {
    return record(RecordFormat.END, ByteBuffer.wrap(digest.digest()));
  }
}
