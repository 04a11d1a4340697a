package io.alidade.storage;

import java.lang.management.ManagementFactory;

/// How much memory changes may take until they are in files.
///
/// @param bytes outside the heap: rows and graphs of mutable segments, and of open transactions
/// @param heapBytes on the heap: ordered indexes over them, locks, what is needed to undo
public record MemoryLimits(long bytes, long heapBytes) {
  /// The least that either may be.
  public static final long LEAST_BYTES = 16L << 20;

  public MemoryLimits {
    if (bytes < LEAST_BYTES || heapBytes < LEAST_BYTES) {
      throw new IllegalArgumentException(bytes + ", " + heapBytes + " are below " + LEAST_BYTES);
    }
  }

  /// What suits the machine, or the container: half of what the heap leaves, and half of the heap.
  static MemoryLimits ofMachine() {
    long heap = Runtime.getRuntime().maxMemory();
    long machine =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 2 * heap;
    return new MemoryLimits(
        Math.max(LEAST_BYTES, (machine - heap) / 2), Math.max(LEAST_BYTES, heap / 2));
  }
}
