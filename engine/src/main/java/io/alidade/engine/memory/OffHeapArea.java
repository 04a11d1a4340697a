package io.alidade.engine.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Memory outside the heap that is freed as one.
///
/// Large pieces come straight from the kernel, zero pages that cost nothing until written and that
/// it is asked to make huge; small pieces are the garbage collector's, who frees them once this
/// area is unreachable. Thread-safe.
public final class OffHeapArea implements AutoCloseable {
  /// Pieces from this size on are mapped.
  private static final long MAPPED_FROM = 256 << 10;

  private static final long ALIGNMENT = 64;

  /// Keeps the small pieces reachable.
  private final List<MemorySegment> small = new ArrayList<>();

  private final List<AnonymousMapping> mapped = new ArrayList<>();
  private long bytes;
  private boolean closed;

  /// The address of new zeroed memory, aligned to a cache line.
  public synchronized long allocate(long size) {
    if (closed) {
      throw new IllegalStateException("this memory has been freed");
    }
    bytes += size;
    if (size >= MAPPED_FROM && AnonymousMapping.isAvailable()) {
      AnonymousMapping mapping = AnonymousMapping.map(size);
      mapped.add(mapping);
      return mapping.address();
    }
    MemorySegment segment = Arena.ofAuto().allocate(size, ALIGNMENT);
    small.add(segment);
    return segment.address();
  }

  /// The bytes allocated, whether they have been touched or not.
  public synchronized long allocatedBytes() {
    return bytes;
  }

  /// Frees everything, once. Nobody may use an address from here on.
  @Override
  public synchronized void close() {
    closed = true;
    mapped.forEach(AnonymousMapping::unmap);
    mapped.clear();
    small.clear();
  }
}
