package io.alidade.engine.hnsw;

import io.alidade.engine.vector.Keyed;
import io.alidade.engine.vector.QueryScorer;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// What a beam found by codes, compared by vectors and put into order.
final class Rescoring {
  private int[] ordinals = new int[64];
  private float[] keys = new float[64];
  private long[] sorted = new long[64];
  private int size;
  private int rescored;

  private void reserve() {
    if (size > sorted.length) {
      int room = Math.max(size, 2 * sorted.length);
      ordinals = new int[room];
      keys = new float[room];
      sorted = new long[room];
    }
  }

  /// Holds what a beam found.
  void take(Beam beam) {
    size = beam.size();
    reserve();
    for (int i = 0; i < size; i++) {
      sorted[i] = beam.get(i);
    }
  }

  /// Drops those that are not accepted.
  void keep(IntPredicate accepts) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (accepts.test(Keyed.ordinal(sorted[i]))) {
        sorted[kept++] = sorted[i];
      }
    }
    size = kept;
  }

  /// Compares what it holds by the vectors.
  ///
  /// @param most only so many, the nearest by code, are compared; the others are dropped
  void run(int most, QueryScorer exact) {
    size = Math.min(most, size);
    rescored = size;
    for (int i = 0; i < size; i++) {
      ordinals[i] = Keyed.ordinal(sorted[i]);
    }
    exact.keys(ordinals, 0, size, keys);
    for (int i = 0; i < size; i++) {
      sorted[i] = Keyed.of(keys[i], ordinals[i]);
    }
    Arrays.sort(sorted, 0, size);
  }

  /// Holds what a beam found by codes and compares it by the vectors, the nearest `most` of it.
  void run(Beam beam, int most, QueryScorer exact) {
    take(beam);
    run(most, exact);
  }

  int size() {
    return size;
  }

  /// How many were compared.
  int rescored() {
    return rescored;
  }

  long get(int place) {
    return sorted[place];
  }
}
