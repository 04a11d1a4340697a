package io.alidade.storage.log;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Walks the documents of a mapped Chronicle file and checks each frame by itself.
///
/// Chronicle's own reader is not used, because it believes positions that it never verified and
/// ends silently at the first zero header; recovery must see what lies behind. A document is a
/// 4-byte header (bit 31 not complete, bit 30 metadata, length below) and its bytes, and begins at
/// a multiple of 4.
final class FrameReader {
  private static final int NOT_COMPLETE = 1 << 31;
  private static final int METADATA = 1 << 30;
  private static final int LENGTH_MASK = METADATA - 1;
  private static final int DOCUMENT_HEADER_BYTES = 4;

  private final MemorySegment file;
  private final CRC32C crc = new CRC32C();
  private long offset;
  private String problem = "";

  FrameReader(MemorySegment file, long offset) {
    this.file = file;
    this.offset = offset;
  }

  /// Where the next document begins, or the one that could not be read.
  long offset() {
    return offset;
  }

  /// Why the last call of [#next] found no frame.
  String problem() {
    return problem;
  }

  /// The next frame that begins before an offset; empty at that offset, or where the bytes are
  /// wrong.
  Optional<Frame> next(long end) {
    long limit = Math.min(end, file.byteSize());
    problem = "the file ends";
    while (offset + DOCUMENT_HEADER_BYTES <= limit) {
      int header = file.get(Frame.INT, offset);
      if (header == 0) {
        problem = "no frame was written here";
        return Optional.empty();
      }
      if ((header & NOT_COMPLETE) != 0) {
        problem = "the frame was not written to its end";
        return Optional.empty();
      }
      int length = header & LENGTH_MASK;
      if (length > limit - offset - DOCUMENT_HEADER_BYTES) {
        problem = "the length " + length + " reaches past the end";
        return Optional.empty();
      }
      long next = offset + DOCUMENT_HEADER_BYTES + ((length + 3L) & ~3L);
      if ((header & METADATA) == 0) {
        @Nullable Frame frame = frameAt(offset + DOCUMENT_HEADER_BYTES, length);
        if (frame == null) {
          return Optional.empty();
        }
        offset = next;
        return Optional.of(frame);
      }
      offset = next;
    }
    return Optional.empty();
  }

  /// Looks for a frame of a directory, at any later place, that says an LSN was durable before it
  /// was written.
  Optional<Frame> findProofOfDurable(long lsn, long directoryId, long from) {
    for (long at = from; at + Frame.HEADER_BYTES <= file.byteSize(); at += 4) {
      if (file.get(Frame.INT, at) == Frame.MAGIC
          && file.get(Frame.LONG, at + Frame.DIRECTORY_OFFSET) == directoryId
          && file.get(Frame.LONG, at + Frame.FORCED_OFFSET) >= lsn) {
        int payload = file.get(Frame.INT, at + Frame.LENGTH_OFFSET);
        if (payload >= 0 && payload <= file.byteSize() - at - Frame.HEADER_BYTES) {
          @Nullable Frame frame = frameAt(at, Frame.bytesFor(payload));
          if (frame != null) {
            return Optional.of(frame);
          }
        }
      }
    }
    return Optional.empty();
  }

  private @Nullable Frame frameAt(long at, int length) {
    if (length < Frame.HEADER_BYTES || at + Frame.HEADER_BYTES > file.byteSize()) {
      problem = "the frame is only " + length + " bytes long";
      return null;
    }
    if (file.get(Frame.INT, at) != Frame.MAGIC) {
      problem = "the frame does not begin as one";
      return null;
    }
    int payloadLength = file.get(Frame.INT, at + Frame.LENGTH_OFFSET);
    if (payloadLength < 0
        || payloadLength > length - Frame.HEADER_BYTES
        || Frame.bytesFor(payloadLength) != length) {
      problem = "the payload's length " + payloadLength + " does not fit the frame's " + length;
      return null;
    }
    MemorySegment payload = file.asSlice(at + Frame.HEADER_BYTES, payloadLength);
    crc.reset();
    crc.update(file.asSlice(at, Frame.CHECKSUM_OFFSET).asByteBuffer());
    crc.update(payload.asByteBuffer());
    int stored = file.get(Frame.INT, at + Frame.CHECKSUM_OFFSET);
    if ((int) crc.getValue() != stored) {
      problem = "checksum is %08x, stored is %08x".formatted((int) crc.getValue(), stored);
      return null;
    }
    int kind = file.get(Frame.INT, at + Frame.VERSION_OFFSET);
    @Nullable FrameType type = FrameType.of(kind >>> 8);
    if ((kind & 0xFF) != Frame.VERSION || type == null) {
      problem = "frame version " + (kind & 0xFF) + ", type " + (kind >>> 8) + " is not known";
      return null;
    }
    return new Frame(
        at - DOCUMENT_HEADER_BYTES,
        type,
        file.get(Frame.LONG, at + Frame.LSN_OFFSET),
        file.get(Frame.LONG, at + Frame.TRANSACTION_OFFSET),
        file.get(Frame.LONG, at + Frame.FORCED_OFFSET),
        file.get(Frame.LONG, at + Frame.DIRECTORY_OFFSET),
        file.get(Frame.INT, at + Frame.PREVIOUS_OFFSET),
        file.get(Frame.INT, at + Frame.PIECE_OFFSET),
        stored,
        payload);
  }
}
