package io.alidade.engine.search;

import io.alidade.engine.vector.Scorer;

/// Ordinals scattered in memory that wait to be compared together, so that their cache misses
/// overlap. Used by one thread at a time.
final class Batch {
  private static final int CAPACITY = 64;

  private final int[] ordinals = new int[CAPACITY];
  private final float[] keys = new float[CAPACITY];
  private int count;

  /// Adds an ordinal, and compares all once there are many.
  ///
  /// @return how many rows were compared now
  int add(int ordinal, Scorer scorer, NearestRows into) {
    ordinals[count++] = ordinal;
    return count == CAPACITY ? compare(scorer, into) : 0;
  }

  /// Compares those that wait.
  ///
  /// @return how many there were
  int compare(Scorer scorer, NearestRows into) {
    int compared = count;
    if (compared > 0) {
      scorer.keys(ordinals, 0, compared, keys);
      into.offer(keys, ordinals, compared);
      count = 0;
    }
    return compared;
  }

  /// Forgets those that wait.
  void clear() {
    count = 0;
  }
}
