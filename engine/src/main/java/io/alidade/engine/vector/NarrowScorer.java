package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import java.lang.ref.Reference;

/// Compares a query with rows of half floats or of bytes.
final class NarrowScorer implements RowScorer {
  private final NarrowKernel.Element element;
  private final NarrowKernel kernel;
  private final RowBatch batch = new RowBatch();
  private Distance distance = Distance.L2;
  private VectorStore store = NoVectors.INSTANCE;
  private int padded;

  /// Keeps the memory of [#query].
  private OffHeapArea memory = new OffHeapArea();

  private int room;
  private long query;

  /// The query, and a row, as they are: for distances.
  private float[] floats = new float[0];

  private float[] row = new float[0];
  private float inverseNorm;

  NarrowScorer(NarrowKernel.Element element) {
    this.element = element;
    this.kernel = NarrowKernels.best(element);
  }

  @Override
  public void setStore(VectorStore newStore, Distance newDistance) {
    store = newStore;
    distance = newDistance;
    padded = element.padded(newStore.dimensions());
    if (padded > room) {
      memory = new OffHeapArea();
      query = memory.allocate((long) padded * Float.BYTES);
      room = padded;
    }
    if (floats.length != newStore.dimensions()) {
      floats = new float[newStore.dimensions()];
      row = new float[newStore.dimensions()];
    }
  }

  @Override
  public void forgetStore() {
    store = NoVectors.INSTANCE;
  }

  @Override
  public void setQuery(float[] vector) {
    System.arraycopy(vector, 0, floats, 0, vector.length);
    inverseNorm = distance == Distance.COSINE ? InverseNorm.of(vector) : 1;
    putQuery();
  }

  @Override
  public void setQuery(int ordinal) {
    store.read(ordinal, floats);
    inverseNorm = distance == Distance.COSINE ? store.inverseNorm(ordinal) : 1;
    putQuery();
  }

  private void putQuery() {
    try {
      AddressSpace.putFloats(query, floats);
      for (int i = floats.length; i < padded; i++) {
        AddressSpace.putFloat(query + (long) i * Float.BYTES, 0); // An earlier query's rest.
      }
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  @Override
  public boolean isUndefined() {
    return Float.isNaN(inverseNorm);
  }

  @Override
  public void keys(int[] ordinals, int from, int count, float[] keys) {
    compare(batch.touch(store, ordinals, from, count), count, keys);
    if (distance == Distance.COSINE) {
      for (int i = 0; i < count; i++) {
        keys[i] *= -inverseNorm * store.inverseNorm(ordinals[from + i]);
      }
    }
  }

  @Override
  public void keys(int first, int count, float[] keys) {
    for (int i = 0; i < count; i++) { // In order one by one is faster than four at once.
      keys[i] = key(first + i);
    }
  }

  /// For the cosine distance the inner products.
  private void compare(long[] rows, int count, float[] keys) {
    try {
      switch (distance) {
        case L2 -> kernel.squaredL2(query, padded, rows, count, keys);
        case L1 -> kernel.l1(query, padded, rows, count, keys);
        case COSINE -> kernel.dot(query, padded, rows, count, keys);
        case NEGATIVE_INNER_PRODUCT -> {
          kernel.dot(query, padded, rows, count, keys);
          for (int i = 0; i < count; i++) {
            keys[i] = -keys[i];
          }
        }
        case HAMMING, JACCARD -> throw new IllegalStateException("bits only");
      }
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  @Override
  public float key(int ordinal) {
    long at = store.address(ordinal);
    try {
      return switch (distance) {
        case L2 -> kernel.squaredL2(query, at, padded);
        case L1 -> kernel.l1(query, at, padded);
        case NEGATIVE_INNER_PRODUCT -> -kernel.dot(query, at, padded);
        case COSINE -> kernel.dot(query, at, padded) * (-inverseNorm * store.inverseNorm(ordinal));
        case HAMMING, JACCARD -> throw new IllegalStateException("bits only");
      };
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  @Override
  public double distance(int ordinal) {
    store.read(ordinal, row);
    return distance.between(floats, row);
  }
}
