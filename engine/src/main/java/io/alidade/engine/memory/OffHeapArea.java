package io.alidade.engine.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// Memory outside the heap that is freed as one.
///
/// Large pieces come straight from the kernel, zero pages that cost nothing until written and that
/// it is asked to make huge; small pieces are cut from blocks that grow with what was asked for,
/// for there may be thousands of areas of a few small pieces each. The blocks are the garbage
/// collector's, who frees them once this area is unreachable. Thread-safe.
public final class OffHeapArea implements AutoCloseable {
  /// Pieces from this size on are mapped.
  private static final long MAPPED_FROM = 256 << 10;

  private static final long ALIGNMENT = 64;

  private static final long SMALLEST_BLOCK = 1 << 10;
  private static final long LARGEST_BLOCK = 64 << 10;

  /// Keeps the small pieces reachable.
  private final List<MemorySegment> blocks = new ArrayList<>(1);

  private final List<AnonymousMapping> mapped = new ArrayList<>(0);

  /// What is left of the last block, and where it begins.
  private long left;

  private long next;

  /// All blocks together.
  private long blockBytes;

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
    long rounded = size + ALIGNMENT - 1 & -ALIGNMENT;
    if (rounded > left) {
      long block = Math.clamp(blockBytes, SMALLEST_BLOCK, LARGEST_BLOCK);
      if (rounded > block / 2) {
        return newBlock(rounded); // By itself, so that what is left is not lost.
      }
      next = newBlock(block);
      left = block;
    }
    long address = next;
    next += rounded;
    left -= rounded;
    return address;
  }

  private long newBlock(long size) {
    MemorySegment block = Arena.ofAuto().allocate(size, ALIGNMENT);
    blocks.add(block);
    blockBytes += size;
    return block.address();
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
    blocks.clear();
    left = 0;
  }
}
