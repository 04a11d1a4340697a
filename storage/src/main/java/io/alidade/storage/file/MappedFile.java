package io.alidade.storage.file;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A whole file mapped for reading, with an address that stays until it is closed.
///
/// A small one is read instead: the system allows a process some 65,000 mappings, and there may be
/// thousands of small tables.
///
/// Whoever reads by address must keep the file open: closing unmaps it, and a later read by address
/// ends the process. An offset aligned to 64 bytes in the file is aligned in memory. Thread-safe.
public final class MappedFile implements AutoCloseable {
  /// Files up to this size, in bytes, are read.
  public static final long MOST_READ = 64 << 10;

  /// As the address of a mapping would be, as far as anybody asks for it.
  private static final long ALIGNMENT = 64;

  private final Path path;
  private final Arena arena;
  private final MemorySegment segment;

  private MappedFile(Path path, Arena arena, MemorySegment segment) {
    this.path = path;
    this.arena = arena;
    this.segment = segment;
  }

  /// Maps a file as long as it is now.
  @SuppressWarnings("MustBeClosedChecker") // The mapping outlives this method: close() ends it.
  public static MappedFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      MemorySegment segment =
          size <= MOST_READ
              ? read(channel, arena.allocate(size, ALIGNMENT))
              : channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      return new MappedFile(path, arena, segment);
    } catch (IOException | RuntimeException | Error failure) {
      arena.close();
      throw failure;
    }
  }

  private static MemorySegment read(FileChannel channel, MemorySegment segment) throws IOException {
    ByteBuffer bytes = segment.asByteBuffer();
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return segment.asReadOnly();
  }

  public Path path() {
    return path;
  }

  /// The file's bytes; reading them after [#close] throws.
  public MemorySegment segment() {
    return segment;
  }

  /// Where the file's first byte lies in memory.
  public long address() {
    return segment.address();
  }

  public long size() {
    return segment.byteSize();
  }

  @Override
  public void close() {
    arena.close();
  }
}
