package io.alidade.engine.hnsw;

import io.alidade.engine.vector.Keyed;
import io.alidade.engine.vector.QueryScorer;

/// The choice of a node's neighbours: algorithm 4 of the HNSW paper.
///
/// A candidate is taken if it is nearer to the node than to any neighbour taken before it, so that
/// the neighbours point in different directions. Used by one thread at a time.
final class NeighborSelection {
  private static final int BATCH = 4;

  private final QueryScorer scorer;
  private final int[] chosen;
  private final float[] chosenKeys;
  private final float[] keys = new float[BATCH];
  private final long[] rejected;
  private int size;
  private int rejectedCount;

  NeighborSelection(QueryScorer scorer, int max) {
    this.scorer = scorer;
    this.chosen = new int[max];
    this.chosenKeys = new float[max];
    this.rejected = new long[max];
  }

  int size() {
    return size;
  }

  /// The chosen ordinals; valid until the next choice.
  int[] chosen() {
    return chosen;
  }

  /// The keys of the chosen.
  float[] chosenKeys() {
    return chosenKeys;
  }

  /// Starts a choice.
  void clear() {
    size = 0;
    rejectedCount = 0;
  }

  /// Takes the candidate if it points in a new direction. Candidates come nearest first.
  void offer(long candidate) {
    int ordinal = Keyed.ordinal(candidate);
    float key = Keyed.key(candidate);
    if (size > 0 && isNearerToChosen(ordinal, key)) {
      if (rejectedCount < rejected.length) {
        rejected[rejectedCount++] = candidate;
      }
      return;
    }
    choose(ordinal, key);
  }

  private void choose(int ordinal, float key) {
    chosen[size] = ordinal;
    chosenKeys[size] = key;
    size++;
  }

  /// Fills the choice up to `max` with the nearest of those that were not taken: more links cost
  /// nothing to a walk that needs fewer hops, and keep far groups of equal vectors reachable.
  void fill(int max) {
    for (int i = 0; i < rejectedCount && size < max; i++) {
      choose(Keyed.ordinal(rejected[i]), Keyed.key(rejected[i]));
    }
  }

  private boolean isNearerToChosen(int ordinal, float key) {
    scorer.setQuery(ordinal);
    for (int from = 0; from < size; from += BATCH) {
      int count = Math.min(BATCH, size - from);
      scorer.keys(chosen, from, count, keys);
      for (int i = 0; i < count; i++) {
        if (keys[i] < key) {
          return true;
        }
      }
    }
    return false;
  }
}
