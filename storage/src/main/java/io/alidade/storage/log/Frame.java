package io.alidade.storage.log;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// One frame of the log as it lies in a mapped file, and the bytes of its header.
///
/// A frame is what one Chronicle document holds. Little-endian:
///
/// ```
///  0  magic u32             "ALG1"
///  4  version u8, type u8, zero u16
///  8  LSN u64               of the commit; else of the commit that comes next
/// 16  transaction id u64
/// 24  last forced LSN u64   what was durable when the frame was written
/// 32  directory id u64      random; tells frames from bytes that only look like one
/// 40  previous checksum u32 of the frame before in this run of the log
/// 44  piece u32             how many frames of the same payload come before
/// 48  payload length u32
/// 52  CRC32C u32            of bytes 0 to 51 and the payload
/// 56  payload, then zeros up to a multiple of 4
/// ```
///
/// @param offset of the Chronicle document's header in the file
record Frame(
    long offset,
    FrameType type,
    long lsn,
    long transactionId,
    long lastForcedLsn,
    long directoryId,
    int previousChecksum,
    int piece,
    int checksum,
    MemorySegment payload) {

  static final int MAGIC = 0x31474C41;
  static final int VERSION = 1;
  static final int HEADER_BYTES = 56;

  static final int VERSION_OFFSET = 4;
  static final int TYPE_OFFSET = 5;
  static final int LSN_OFFSET = 8;
  static final int TRANSACTION_OFFSET = 16;
  static final int FORCED_OFFSET = 24;
  static final int DIRECTORY_OFFSET = 32;
  static final int PREVIOUS_OFFSET = 40;
  static final int PIECE_OFFSET = 44;
  static final int LENGTH_OFFSET = 48;
  static final int CHECKSUM_OFFSET = 52;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// The bytes a payload takes with its header and the zeros after it.
  static int bytesFor(int payloadLength) {
    return Math.addExact(HEADER_BYTES + payloadLength, 3) & ~3;
  }

  /// The payload's bytes, on the heap.
  byte[] payloadBytes() {
    return payload.toArray(ValueLayout.JAVA_BYTE);
  }

  /// Writes headers into a buffer that is used again for each.
  static final class HeaderEncoder {
    private final ByteBuffer header =
        ByteBuffer.allocateDirect(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private int checksum;

    /// Fills in a header; what is not an argument here is set before by [#begin].
    ByteBuffer encode(int previousChecksum, int piece, ByteBuffer payload) {
      header.putInt(PREVIOUS_OFFSET, previousChecksum);
      header.putInt(PIECE_OFFSET, piece);
      header.putInt(LENGTH_OFFSET, payload.remaining());
      crc.reset();
      crc.update(header.clear().limit(CHECKSUM_OFFSET));
      crc.update(payload.duplicate());
      checksum = (int) crc.getValue();
      header.clear().putInt(CHECKSUM_OFFSET, checksum);
      return header;
    }

    HeaderEncoder begin(
        FrameType type, long lsn, long transactionId, long lastForcedLsn, long directoryId) {
      header.putInt(0, MAGIC);
      header.putInt(VERSION_OFFSET, VERSION | type.code() << 8);
      header.putLong(LSN_OFFSET, lsn);
      header.putLong(TRANSACTION_OFFSET, transactionId);
      header.putLong(FORCED_OFFSET, lastForcedLsn);
      header.putLong(DIRECTORY_OFFSET, directoryId);
      return this;
    }

    /// The checksum of the header encoded last.
    int checksum() {
      return checksum;
    }
  }
}
