package io.alidade.storage.file;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// CRC32C of each block of a growing stream of bytes.
final class BlockChecksums {
  /// The bytes that share one checksum: what a read of a single row has to verify.
  static final int BLOCK_BYTES = 64 << 10;

  private final CRC32C current = new CRC32C();
  private int inCurrent;
  private int[] done = new int[16];
  private int count;

  void update(ByteBuffer bytes) {
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      int length = Math.min(rest.remaining(), BLOCK_BYTES - inCurrent);
      current.update(rest.slice(rest.position(), length));
      rest.position(rest.position() + length);
      inCurrent += length;
      if (inCurrent == BLOCK_BYTES) {
        finishBlock();
      }
    }
  }

  /// The checksums of all blocks, the last of which may be short.
  int[] finish() {
    if (inCurrent > 0) {
      finishBlock();
    }
    return Arrays.copyOf(done, count);
  }

  static int of(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.asByteBuffer());
    return (int) crc.getValue();
  }

  private void finishBlock() {
    if (count == done.length) {
      done = Arrays.copyOf(done, count * 2);
    }
    done[count++] = (int) current.getValue();
    current.reset();
    inCurrent = 0;
  }
}
