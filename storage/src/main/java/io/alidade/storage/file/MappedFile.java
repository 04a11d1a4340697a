package io.alidade.storage.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A whole file mapped for reading, with an address that stays until it is closed.
///
/// Whoever reads by address must keep the file open: closing unmaps it, and a later read by address
/// ends the process. The address is that of a page, so an offset aligned in the file is aligned in
/// memory. Thread-safe.
public final class MappedFile implements AutoCloseable {
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
      MemorySegment segment = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new MappedFile(path, arena, segment);
    } catch (IOException | RuntimeException | Error failure) {
      arena.close();
      throw failure;
    }
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
