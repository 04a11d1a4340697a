package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.EstimatingScorer;
import io.alidade.engine.vector.Keyed;
import io.alidade.engine.vector.QueryScorer;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// What a beam found, to be tested, and compared by vectors if it was found by codes.
final class Rescoring {
  /// So many rows are compared before it is asked whether that is enough.
  private static final int BLOCK = 8;

  /// Three standard errors, where [EstimatingScorer#errorOf] allows for four: on embeddings of 384
  /// dimensions by one bit each it costs nothing of a recall of 0.99 and saves a fifth of the rows.
  private static final float SURE = 0.75f;

  private final Beam nearest = new Beam();
  private final float[] blockKeys = new float[BLOCK];
  private int[] ordinals = new int[64];
  private float[] keys = new float[64];
  private long[] sorted = new long[64];
  private int size;
  private int rescored;

  /// Takes over what a beam found, by its keys.
  void take(Beam beam) {
    size = beam.size();
    rescored = 0;
    if (size > sorted.length) {
      int room = Math.max(size, 2 * sorted.length);
      ordinals = new int[room];
      keys = new float[room];
      sorted = new long[room];
    }
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

  /// Compares the nearest by their vectors, at most so many, and drops the others.
  void rescore(int most, QueryScorer exact) {
    size = Math.min(most, size);
    listOrdinals();
    exact.keys(ordinals, 0, size, keys);
    for (int i = 0; i < size; i++) {
      sorted[i] = Keyed.of(keys[i], ordinals[i]);
    }
    finish(size);
  }

  /// The same, but only until the next is by its code too far for the nearest `wanted`.
  void rescore(int wanted, int most, QueryScorer exact, EstimatingScorer estimates) {
    if (wanted >= Math.min(most, size)) {
      rescore(most, exact);
      return;
    }
    size = Math.min(most, size);
    listOrdinals();
    nearest.clear(wanted);
    int done = 0;
    while (done < size && !isBeyond(sorted[done], estimates)) {
      int count = Math.min(BLOCK, size - done);
      exact.keys(ordinals, done, count, blockKeys);
      for (int i = 0; i < count; i++) {
        long compared = Keyed.of(blockKeys[i], ordinals[done]);
        sorted[done++] = compared;
        if (nearest.admits(compared)) {
          nearest.add(compared);
        }
      }
    }
    finish(done);
  }

  private boolean isBeyond(long estimated, EstimatingScorer estimates) {
    return nearest.isFull()
        && Keyed.key(estimated) - SURE * estimates.errorOf(Keyed.ordinal(estimated))
            > Keyed.key(nearest.get(nearest.size() - 1));
  }

  private void listOrdinals() {
    for (int i = 0; i < size; i++) {
      ordinals[i] = Keyed.ordinal(sorted[i]);
    }
  }

  private void finish(int compared) {
    size = compared;
    rescored = compared;
    Arrays.sort(sorted, 0, size);
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
