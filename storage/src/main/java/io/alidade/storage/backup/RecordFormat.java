package io.alidade.storage.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/// The records that backups and archived log are made of; the package's documentation has the
/// bytes.
final class RecordFormat {
  /// The most bytes of a record's content.
  static final int MAX_CONTENT = 1 << 20;

  /// Length, type and number.
  static final int HEADER_BYTES = 2 * Integer.BYTES + 1;

  static final int CHECKSUM_BYTES = Integer.BYTES;

  /// The magic number, the format's version.
  static final int START_BYTES = Long.BYTES + Integer.BYTES;

  static final int DIGEST_BYTES = 32;

  /// The type of the last record, whose content is the SHA-256 of all bytes before it.
  static final byte END = 0;

  private RecordFormat() {}

  /// A digest over everything but the last record.
  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has it.
    }
  }

  static int checksum(ByteBuffer header, ByteBuffer content) {
    CRC32C crc = new CRC32C();
    crc.update(header.duplicate());
    crc.update(content.duplicate());
    return (int) crc.getValue();
  }

  static ByteBuffer header(int length, byte type, int number) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(length)
        .put(type)
        .putInt(number)
        .flip();
  }
}
