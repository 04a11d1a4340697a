package io.alidade.storage.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/// How a stretch of a mapped file is made durable; a test puts a failing one in its place.
@FunctionalInterface
interface FileForce {
  /// `msync(MS_SYNC)`: on Linux what `fdatasync` does, the flush of the drive's cache included, for
  /// that stretch only. Chronicle notes its position in the first page of the file with every
  /// document; nobody reads it after a crash, and writing it took a sixth of a small force's time.
  /// An interrupt of the thread, which would close a `FileChannel` in the middle of its force and
  /// leave in doubt what is on the disk, means nothing here.
  FileForce MSYNC =
      range -> {
        try {
          range.force();
        } catch (UncheckedIOException e) {
          throw e.getCause();
        }
      };

  void force(MemorySegment range) throws IOException;
}
