package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import java.lang.ref.Reference;

/// Compares a query with rows of nibbles: the query is rotated as they are.
///
/// What the kernel computes is `sum`, of the products of query and codes; a row's inner product
/// with the query is `factor * (sum - 7.5 * the query's sum)`. For L1, which no rotation keeps,
/// rows are read as floats one by one: right, but slow.
final class NibbleScorer implements RowScorer {
  private final NibbleKernel kernel = NibbleKernels.BEST;
  private final RowBatch batch = new RowBatch();
  private Distance distance = Distance.L2;
  private VectorStore store = NoVectors.INSTANCE;
  private NibbleRows form = NibbleRows.of(1);
  private int bytes;

  /// Keeps the memory of [#query] and [#row].
  private OffHeapArea memory = new OffHeapArea();

  private int room;

  /// The query rotated, or as it is for L1.
  private long query;

  /// A row in the same form, for distances.
  private long row;

  private float[] floats = new float[0];
  private float[] scratch = new float[0];
  private float offset;
  private float squaredQuery;
  private float inverseNorm;

  @Override
  public void setStore(VectorStore newStore, Distance newDistance) {
    store = newStore;
    distance = newDistance;
    form = NibbleRows.of(newStore.dimensions());
    bytes = VectorElement.NIBBLE.rowStride(newStore.dimensions());
    if (form.padded() > room) {
      memory = new OffHeapArea();
      query = memory.allocate((long) form.padded() * Float.BYTES);
      row = memory.allocate((long) form.padded() * Float.BYTES);
      room = form.padded();
    }
    if (floats.length != form.rotated()) {
      floats = new float[form.rotated()];
      scratch = new float[form.rotated()];
    }
  }

  @Override
  public void forgetStore() {
    store = NoVectors.INSTANCE;
  }

  @Override
  public void setQuery(float[] vector) {
    System.arraycopy(vector, 0, floats, 0, vector.length);
    clearTail(vector.length);
    if (distance != Distance.L1) {
      form.rotate(floats, scratch);
    }
    begin(distance == Distance.COSINE ? InverseNorm.of(vector) : 1);
  }

  @Override
  public void setQuery(int ordinal) {
    read(ordinal);
    begin(distance == Distance.COSINE ? store.inverseNorm(ordinal) : 1);
  }

  /// Reads a row in the form of the query.
  private void read(int ordinal) {
    if (distance == Distance.L1) {
      store.read(ordinal, floats);
      clearTail(store.dimensions());
    } else {
      form.readRotated(store.address(ordinal), store.factor(ordinal), floats);
    }
  }

  private void clearTail(int from) {
    for (int i = from; i < floats.length; i++) {
      floats[i] = 0;
    }
  }

  private void begin(float newInverseNorm) {
    inverseNorm = newInverseNorm;
    put(query);
    double sum = 0;
    for (float number : floats) {
      sum += number;
    }
    offset = (float) (NibbleRows.MIDDLE * sum);
    squaredQuery = Kernels.BEST.dot(floats, floats);
  }

  private void put(long target) {
    AddressSpace.putFloats(target, floats);
    for (int i = floats.length; i < form.padded(); i++) {
      AddressSpace.putFloat(target + (long) i * Float.BYTES, 0); // A longer one's rest.
    }
    Reference.reachabilityFence(memory);
  }

  @Override
  public boolean isUndefined() {
    return Float.isNaN(inverseNorm);
  }

  @Override
  public void keys(int[] ordinals, int from, int count, float[] keys) {
    if (distance == Distance.L1) {
      for (int i = 0; i < count; i++) {
        keys[i] = (float) distance(ordinals[from + i]);
      }
      return;
    }
    sums(batch.touch(store, ordinals, from, count), count, keys);
    for (int i = 0; i < count; i++) {
      keys[i] = key(keys[i], ordinals[from + i]);
    }
  }

  @Override
  public void keys(int first, int count, float[] keys) {
    if (distance == Distance.L1) {
      for (int i = 0; i < count; i++) {
        keys[i] = (float) distance(first + i);
      }
      return;
    }
    sums(batch.following(store, first, count), count, keys);
    for (int i = 0; i < count; i++) {
      keys[i] = key(keys[i], first + i);
    }
  }

  private void sums(long[] rows, int count, float[] sums) {
    try {
      kernel.dot(query, bytes, rows, count, sums);
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  @Override
  public float key(int ordinal) {
    if (distance == Distance.L1) {
      return (float) distance(ordinal);
    }
    try {
      return key(kernel.dot(query, store.address(ordinal), bytes), ordinal);
    } finally {
      Reference.reachabilityFence(memory);
    }
  }

  private float key(float sum, int ordinal) {
    float product = store.factor(ordinal) * (sum - offset);
    return switch (distance) {
      case L2 -> Math.max(0, squaredQuery - 2 * product + squaredLength(ordinal));
      case NEGATIVE_INNER_PRODUCT -> -product;
      case COSINE -> -inverseNorm * store.inverseNorm(ordinal) * product;
      case L1, HAMMING, JACCARD -> throw new IllegalStateException("not by products");
    };
  }

  private float squaredLength(int ordinal) {
    double inverse = store.inverseNorm(ordinal);
    return Double.isNaN(inverse) ? 0 : (float) (1 / (inverse * inverse));
  }

  @Override
  public double distance(int ordinal) {
    read(ordinal);
    put(row);
    try {
      return FloatDistance.between(distance, query, row, form.padded());
    } finally {
      Reference.reachabilityFence(memory);
    }
  }
}
