package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;

/// The addresses of rows scattered in memory that are about to be compared. Used by one thread at a
/// time.
final class RowBatch {
  private static final int INITIAL_BATCH = 64;

  private long[] addresses = new long[INITIAL_BATCH];
  private int sink;

  /// The addresses of some rows, of which the first line is on its way; valid until the next call.
  long[] touch(VectorStore store, int[] ordinals, int from, int count) {
    reserve(count);
    long[] batch = addresses;
    int touched = 0;
    for (int i = 0; i < count; i++) {
      long row = store.address(ordinals[from + i]);
      batch[i] = row;
      touched += AddressSpace.getInt(row); // Java has no prefetch: all misses start here.
    }
    sink = touched;
    return batch;
  }

  /// The addresses of rows that follow each other; valid until the next call.
  long[] following(VectorStore store, int first, int count) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      addresses[i] = store.address(first + i);
    }
    return addresses;
  }

  private void reserve(int count) {
    if (addresses.length < count) {
      addresses = new long[Math.max(count, 2 * addresses.length)];
    }
  }

  /// What reading ahead has read, so that nothing optimises it away.
  int sink() {
    return sink;
  }
}
