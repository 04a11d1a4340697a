package io.alidade.engine.hnsw;

import io.alidade.engine.vector.Keyed;
import io.alidade.engine.vector.QueryScorer;
import java.util.Arrays;

/// The choice of a node's neighbours: algorithm 4 of the HNSW paper.
///
/// A candidate is taken if it is nearer to the node than to any neighbour taken before it, so that
/// the neighbours point in different directions. Used by one thread at a time.
final class NeighborSelection {
  private static final int BATCH = 4;

  private final QueryScorer scorer;
  private final int[] chosen;
  private final float[] chosenKeys;
  private final float[] keys;
  private final long[] rejected;
  private final long[] fresh;
  private final boolean[] blocked;
  private int size;
  private int inNewDirections;
  private int rejectedCount;

  NeighborSelection(QueryScorer scorer, int max) {
    this.scorer = scorer;
    this.chosen = new int[max];
    this.chosenKeys = new float[max];
    this.keys = new float[max];
    this.rejected = new long[max];
    this.fresh = new long[max + 1];
    this.blocked = new boolean[max];
  }

  int size() {
    return size;
  }

  /// How many of the first point in different directions: all but those of [#fill].
  int inNewDirections() {
    return inNewDirections;
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
    inNewDirections = 0;
    rejectedCount = 0;
  }

  /// Takes the candidate if it points in a new direction. Candidates come nearest first.
  void offer(long candidate) {
    int ordinal = Keyed.ordinal(candidate);
    float key = Keyed.key(candidate);
    if (isNearerToChosen(ordinal, key)) {
      if (rejectedCount < rejected.length) {
        rejected[rejectedCount++] = candidate;
      }
      return;
    }
    choose(ordinal, key);
    inNewDirections = size;
  }

  /// Chooses among the neighbours of a node, as if all were offered. The first of them are a choice
  /// of earlier and are not compared with one another again, which is most of the work where a full
  /// list is to take one more.
  ///
  /// @param count at most one more than can be chosen
  /// @param chosenBefore how many of the first point in different directions, nearest first
  /// @param max how many are taken
  void chooseAgain(int[] ordinals, float[] ordinalKeys, int count, int chosenBefore, int max) {
    clear();
    int freshCount = count - chosenBefore;
    for (int i = 0; i < freshCount; i++) {
      fresh[i] = Keyed.of(ordinalKeys[chosenBefore + i], ordinals[chosenBefore + i]);
    }
    Arrays.sort(fresh, 0, freshCount);
    Arrays.fill(blocked, 0, chosenBefore, false);
    int before = 0;
    int next = 0;
    while (size < max && before + next < count) {
      if (next == freshCount
          || (before < chosenBefore
              && Keyed.of(ordinalKeys[before], ordinals[before]) < fresh[next])) {
        if (!blocked[before]) {
          choose(ordinals[before], ordinalKeys[before]);
        }
        before++;
      } else {
        int ordinal = Keyed.ordinal(fresh[next]);
        float key = Keyed.key(fresh[next]);
        next++;
        if (!isNearerToChosen(ordinal, key)) {
          choose(ordinal, key);
          block(ordinals, ordinalKeys, before, chosenBefore);
        }
      }
    }
    inNewDirections = size;
  }

  /// Marks those of a former choice that are nearer to the candidate of the last comparison than to
  /// the node.
  private void block(int[] ordinals, float[] ordinalKeys, int from, int to) {
    scorer.keys(ordinals, from, to - from, keys);
    for (int i = from; i < to; i++) {
      blocked[i] |= keys[i - from] < ordinalKeys[i];
    }
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
