package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import java.lang.ref.Reference;

/// Compares one query with many rows of a store.
///
/// What it computes for a row is its *key*: smaller is nearer, and cheaper than the distance (no
/// square root). Keys of one distance can be compared whatever the query was. The distance itself
/// is asked for when a row has been chosen. Made once and given one query after another; used by
/// one thread at a time.
public final class QueryScorer {
  private static final int INITIAL_BATCH = 64;

  private final Kernel kernel;
  private final Distance distance;
  private final VectorStore store;
  private final int padded;

  /// Keeps the memory of [#copy] as long as it is read.
  private final OffHeapArea queryMemory;

  private final long copy;
  private long[] rows = new long[INITIAL_BATCH];
  private long query;
  private float inverseNorm;
  private float sink;

  /// A scorer with the best kernels there are.
  public QueryScorer(VectorStore store, Distance distance) {
    this(store, distance, Kernels.BEST);
  }

  QueryScorer(VectorStore store, Distance distance, Kernel kernel) {
    this.kernel = kernel;
    this.distance = distance;
    this.store = store;
    int stride = VectorStore.rowStride(store.dimensions());
    this.padded = stride / Float.BYTES;
    this.queryMemory = new OffHeapArea();
    this.copy = queryMemory.allocate(stride);
    this.query = copy;
  }

  /// Compares with this vector from now on.
  public void setQuery(float[] vector) {
    if (vector.length != store.dimensions()) {
      throw new IllegalArgumentException(
          "a query of " + vector.length + " dimensions for " + store.dimensions());
    }
    query = copy;
    AddressSpace.putFloats(query, vector);
    inverseNorm = distance == Distance.COSINE ? InverseNorm.of(vector) : 1;
  }

  /// Compares with a row of the store from now on.
  public void setQuery(int ordinal) {
    query = store.address(ordinal);
    inverseNorm = distance == Distance.COSINE ? store.inverseNorm(ordinal) : 1;
  }

  /// Whether every distance to the query is NaN: the cosine distance to a zero vector.
  public boolean isUndefined() {
    return Float.isNaN(inverseNorm);
  }

  /// The keys of `count` ordinals from a place in their array on, scattered in the store.
  public void keys(int[] ordinals, int from, int count, float[] keys) {
    if (rows.length < count) {
      rows = new long[Math.max(count, 2 * rows.length)];
    }
    long[] addresses = rows;
    float touched = 0;
    for (int i = 0; i < count; i++) {
      long row = store.address(ordinals[from + i]);
      addresses[i] = row;
      touched += AddressSpace.getFloat(row); // Java has no prefetch: all misses start here.
    }
    sink = touched;
    try {
      switch (distance) {
        case L2 -> kernel.squaredL2(query, padded, addresses, count, keys);
        case L1 -> kernel.l1(query, padded, addresses, count, keys);
        case NEGATIVE_INNER_PRODUCT -> negativeDots(addresses, count, keys);
        case COSINE -> negativeCosines(ordinals, from, addresses, count, keys);
      }
    } finally {
      Reference.reachabilityFence(queryMemory);
    }
  }

  private void negativeDots(long[] addresses, int count, float[] keys) {
    kernel.dot(query, padded, addresses, count, keys);
    for (int i = 0; i < count; i++) {
      keys[i] = -keys[i];
    }
  }

  private void negativeCosines(
      int[] ordinals, int from, long[] addresses, int count, float[] keys) {
    kernel.dot(query, padded, addresses, count, keys);
    float factor = -inverseNorm;
    for (int i = 0; i < count; i++) {
      keys[i] *= factor * store.inverseNorm(ordinals[from + i]);
    }
  }

  /// The key of one row: the form for rows read in their order.
  public float key(int ordinal) {
    long row = store.address(ordinal);
    try {
      return switch (distance) {
        case L2 -> kernel.squaredL2(query, row, padded);
        case L1 -> kernel.l1(query, row, padded);
        case NEGATIVE_INNER_PRODUCT -> -kernel.dot(query, row, padded);
        case COSINE -> kernel.dot(query, row, padded) * (-inverseNorm * store.inverseNorm(ordinal));
      };
    } finally {
      Reference.reachabilityFence(queryMemory);
    }
  }

  /// The distance of one row, as [Distance#between] computes it.
  public double distance(int ordinal) {
    long row = store.address(ordinal);
    try {
      return switch (distance) {
        case L2 -> Math.sqrt(kernel.squaredL2(query, row, padded));
        case L1 -> kernel.l1(query, row, padded);
        case NEGATIVE_INNER_PRODUCT -> -(double) kernel.dot(query, row, padded);
        case COSINE ->
            Distance.cosine(
                kernel.dot(query, row, padded),
                kernel.dot(query, query, padded),
                kernel.dot(row, row, padded));
      };
    } finally {
      Reference.reachabilityFence(queryMemory);
    }
  }

  /// What reading ahead has read, so that nothing optimises it away.
  float sink() {
    return sink;
  }
}
