package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.LinePrefetch;
import io.alidade.engine.memory.OffHeapArea;
import java.lang.ref.Reference;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Compares one query with many rows of a store.
///
/// What it computes for a row is its *key*: smaller is nearer, and cheaper than the distance (no
/// square root). Keys of one distance can be compared whatever the query was. The distance itself
/// is asked for when a row has been chosen. Made once and given one query after another; used by
/// one thread at a time.
///
/// Rows of 32-bit floats are compared here, those of other elements by a [RowScorer] that is made
/// when the first such store is set.
public final class QueryScorer implements Scorer {
  private static final int INITIAL_BATCH = 64;

  private final Kernel kernel;

  /// Those that were needed.
  private final Map<VectorElement, RowScorer> others = new EnumMap<>(VectorElement.class);

  /// What compares the rows, unless they are of 32-bit floats.
  private @Nullable RowScorer other;

  private Distance distance = Distance.L2;
  private VectorStore store = NoVectors.INSTANCE;
  private int padded;

  /// Keeps the memory of [#copy] as long as it is read.
  private OffHeapArea queryMemory = new OffHeapArea();

  private int copyBytes;
  private long copy;
  private long[] rows = new long[INITIAL_BATCH];
  private long query;
  private float inverseNorm;
  private float sink;

  /// A scorer with the best kernels there are; tell it the store next.
  public QueryScorer() {
    this(Kernels.BEST);
  }

  /// A scorer for a store with the best kernels there are.
  public QueryScorer(VectorStore store, Distance distance) {
    this(store, distance, Kernels.BEST);
  }

  QueryScorer(VectorStore store, Distance distance, Kernel kernel) {
    this(kernel);
    setStore(store, distance);
  }

  private QueryScorer(Kernel kernel) {
    this.kernel = kernel;
  }

  /// Compares with the rows of this store from now on; tell it the query next.
  ///
  /// @throws IllegalArgumentException if the distance is not one of such rows
  public void setStore(VectorStore newStore, Distance newDistance) {
    newDistance.requireSuits(newStore.element());
    store = newStore;
    distance = newDistance;
    if (newStore.element() != VectorElement.FLOAT32) {
      other = others.computeIfAbsent(newStore.element(), RowScorer::of);
      other.setStore(newStore, newDistance);
      return;
    }
    other = null;
    int stride = VectorStore.rowStride(newStore.dimensions());
    if (stride > copyBytes) {
      queryMemory = new OffHeapArea();
      copy = queryMemory.allocate(stride);
      copyBytes = stride;
    }
    padded = stride / Float.BYTES;
    query = copy;
  }

  /// Lets go of the store, which may be closed then.
  public void forgetStore() {
    if (other != null) {
      other.forgetStore();
      other = null;
    }
    store = NoVectors.INSTANCE;
    query = copy;
  }

  @Override
  public void setQuery(float[] vector) {
    if (vector.length != store.dimensions()) {
      throw Distance.differentDimensions(store.dimensions(), vector.length);
    }
    if (other != null) {
      other.setQuery(vector);
      return;
    }
    query = copy;
    AddressSpace.putFloats(query, vector);
    for (int i = vector.length; i < padded; i++) {
      AddressSpace.putFloat(query + (long) i * Float.BYTES, 0); // An earlier query's rest.
    }
    inverseNorm = distance == Distance.COSINE ? InverseNorm.of(vector) : 1;
  }

  /// Compares with a row of the store from now on.
  public void setQuery(int ordinal) {
    if (other != null) {
      other.setQuery(ordinal);
      return;
    }
    query = store.address(ordinal);
    inverseNorm = distance == Distance.COSINE ? store.inverseNorm(ordinal) : 1;
  }

  @Override
  public boolean isUndefined() {
    return other != null ? other.isUndefined() : Float.isNaN(inverseNorm);
  }

  @Override
  public void keys(int first, int count, float[] keys) {
    if (other != null) {
      other.keys(first, count, keys);
      return;
    }
    for (int i = 0; i < count; i++) {
      keys[i] = floatKey(first + i);
    }
  }

  @Override
  public void keys(int[] ordinals, int from, int count, float[] keys) {
    if (other != null) {
      other.keys(ordinals, from, count, keys);
      return;
    }
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
        case HAMMING, JACCARD -> throw new IllegalStateException("bits only");
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

  @Override
  public void prefetch(int[] ordinals, int count, LinePrefetch lines) {
    for (int i = 0; i < count; i++) {
      lines.add(store.address(ordinals[i])); // From there the processor goes on by itself.
    }
  }

  @Override
  public float key(int ordinal) {
    return other != null ? other.key(ordinal) : floatKey(ordinal);
  }

  private float floatKey(int ordinal) {
    long row = store.address(ordinal);
    try {
      return switch (distance) {
        case L2 -> kernel.squaredL2(query, row, padded);
        case L1 -> kernel.l1(query, row, padded);
        case NEGATIVE_INNER_PRODUCT -> -kernel.dot(query, row, padded);
        case COSINE -> kernel.dot(query, row, padded) * (-inverseNorm * store.inverseNorm(ordinal));
        case HAMMING, JACCARD -> throw new IllegalStateException("bits only");
      };
    } finally {
      Reference.reachabilityFence(queryMemory);
    }
  }

  /// The distance of one row, as [Distance#between] computes it.
  public double distance(int ordinal) {
    if (other != null) {
      return other.distance(ordinal);
    }
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
        case HAMMING, JACCARD -> throw new IllegalStateException("bits only");
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
