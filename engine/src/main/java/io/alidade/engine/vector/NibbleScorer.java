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

  /// Keeps the memory of [#query].
  private OffHeapArea memory = new OffHeapArea();

  private int room;

  /// The query rotated.
  private long query;

  /// The query and a row as they are: for distances.
  private float[] plain = new float[0];

  private float[] row = new float[0];

  /// The row that [#plain] is to be read from first, if it is not -1.
  private int unread = -1;

  private float[] rotated = new float[0];
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
    unread = -1;
    if (form.padded() > room) {
      memory = new OffHeapArea();
      query = memory.allocate((long) form.padded() * Float.BYTES);
      room = form.padded();
    }
    if (plain.length != newStore.dimensions()) {
      plain = new float[newStore.dimensions()];
      row = new float[newStore.dimensions()];
      rotated = new float[form.rotated()];
      scratch = new float[form.rotated()];
    }
  }

  @Override
  public void forgetStore() {
    store = NoVectors.INSTANCE;
    unread = -1;
  }

  @Override
  public void setQuery(float[] vector) {
    unread = -1;
    System.arraycopy(vector, 0, plain, 0, vector.length);
    begin(distance == Distance.COSINE ? InverseNorm.of(vector) : 1);
  }

  @Override
  public void setQuery(int ordinal) {
    float norm = distance == Distance.COSINE ? store.inverseNorm(ordinal) : 1;
    if (form.isWhole(store.dimensions()) && distance != Distance.L1) {
      unread = ordinal;
      form.readRotated(store.address(ordinal), store.factor(ordinal), rotated);
      inverseNorm = norm;
      put();
    } else {
      unread = -1;
      read(ordinal, plain);
      begin(norm);
    }
  }

  private void read(int ordinal, float[] target) {
    form.read(
        store.address(ordinal),
        store.factor(ordinal),
        target,
        rotated,
        scratch,
        store.dimensions());
  }

  private void begin(float newInverseNorm) {
    inverseNorm = newInverseNorm;
    if (distance == Distance.L1) {
      return;
    }
    System.arraycopy(plain, 0, rotated, 0, plain.length);
    for (int i = plain.length; i < rotated.length; i++) {
      rotated[i] = 0;
    }
    form.rotate(rotated, scratch);
    put();
  }

  private void put() {
    try {
      AddressSpace.putFloats(query, rotated);
      for (int i = rotated.length; i < form.padded(); i++) {
        AddressSpace.putFloat(query + (long) i * Float.BYTES, 0); // A longer one's rest.
      }
    } finally {
      Reference.reachabilityFence(memory);
    }
    double sum = 0;
    for (float number : rotated) {
      sum += number;
    }
    offset = (float) (NibbleRows.MIDDLE * sum);
    squaredQuery = Kernels.BEST.dot(rotated, rotated);
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
    float inverse = store.inverseNorm(ordinal);
    return Float.isNaN(inverse) ? 0 : 1 / (inverse * inverse);
  }

  @Override
  public double distance(int ordinal) {
    if (unread >= 0) {
      read(unread, plain);
      unread = -1;
    }
    read(ordinal, row);
    return distance.between(plain, row);
  }
}
