package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import java.lang.ref.Reference;

/// Compares a query of zeros and ones with rows of bits.
final class BitScorer implements RowScorer {
  private static final int INITIAL_BATCH = 64;

  private final BitKernel kernel = BitKernels.BEST;
  private final RowBatch batch = new RowBatch();
  private boolean isHamming = true;
  private VectorStore store = NoVectors.INSTANCE;
  private int bytes;

  /// Keeps the memory of [#copy].
  private OffHeapArea memory = new OffHeapArea();

  private int room;

  /// A query that is no row.
  private long copy;

  private long query;
  private int[] differing = new int[INITIAL_BATCH];

  @Override
  public void setStore(VectorStore newStore, Distance newDistance) {
    store = newStore;
    isHamming = newDistance == Distance.HAMMING;
    bytes = VectorElement.BIT.rowStride(newStore.dimensions());
    if (bytes > room) {
      memory = new OffHeapArea();
      copy = memory.allocate(bytes);
      room = bytes;
    }
    query = copy;
  }

  @Override
  public void forgetStore() {
    store = NoVectors.INSTANCE;
    query = copy;
  }

  @Override
  public void setQuery(float[] vector) {
    query = copy;
    try {
      for (int i = 0; i < bytes; i += Integer.BYTES) {
        AddressSpace.putInt(copy + i, 0); // A longer one's rest.
      }
      RowFormat.writeBits(vector, copy);
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  @Override
  public void setQuery(int ordinal) {
    query = store.address(ordinal);
  }

  @Override
  public boolean isUndefined() {
    return false;
  }

  @Override
  public void keys(int[] ordinals, int from, int count, float[] keys) {
    compare(batch.touch(store, ordinals, from, count), count, keys);
  }

  @Override
  public void keys(int first, int count, float[] keys) {
    compare(batch.following(store, first, count), count, keys);
  }

  private void compare(long[] rows, int count, float[] keys) {
    try {
      if (isHamming) {
        if (differing.length < count) {
          differing = new int[Math.max(count, 2 * differing.length)];
        }
        kernel.hamming(query, bytes, rows, count, differing);
        for (int i = 0; i < count; i++) {
          keys[i] = differing[i];
        }
      } else {
        kernel.jaccard(query, bytes, rows, count, keys);
      }
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  @Override
  public float key(int ordinal) {
    return (float) distance(ordinal);
  }

  @Override
  public double distance(int ordinal) {
    long row = store.address(ordinal);
    try {
      return isHamming ? kernel.hamming(query, row, bytes) : kernel.jaccard(query, row, bytes);
    } finally {
      Reference.reachabilityFence(memory);
    }
  }
}
