package io.alidade.engine.multivector;

import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.QueryScorer;
import java.util.Arrays;

/// Compares a list of vectors with the lists that rows hold, by *max_sim*: for each vector of the
/// query the greatest similarity that a vector of the row has to it, summed up (the late
/// interaction of ColBERT, Khattab and Zaharia, SIGIR 2020).
///
/// Similarity is the inner product, the cosine, or minus the squared Euclidean or minus the
/// Manhattan distance. A vector without a direction (all zeros) has no cosine with any other and is
/// passed over. Given one query after another; used by one thread at a time.
public final class MultiVectorScorer {
  /// The longest query.
  public static final int MAX_QUERY_VECTORS = 1024;

  private static final int BLOCK = 64;

  private final MultiVectors rows;
  private final Distance distance;
  private QueryScorer[] scorers = {};
  private int queries;
  private float[] least = {};
  private final int[] ordinals = new int[BLOCK];
  private final float[] keys = new float[BLOCK];

  /// A scorer that is to be told its query.
  MultiVectorScorer(MultiVectors rows, Distance distance) {
    this.rows = rows;
    this.distance = distance;
  }

  /// @param query at least one vector and at most [#MAX_QUERY_VECTORS], each of the store's length
  public MultiVectorScorer(MultiVectors rows, Distance distance, float[][] query) {
    this(rows, distance);
    setQuery(query);
  }

  /// Compares with this from now on.
  ///
  /// @param query at least one vector and at most [#MAX_QUERY_VECTORS], each of the store's length
  public void setQuery(float[][] query) {
    if (query.length < 1 || query.length > MAX_QUERY_VECTORS) {
      throw new IllegalArgumentException(
          query.length + " query vectors are outside 1.." + MAX_QUERY_VECTORS);
    }
    int made = scorers.length;
    if (made < query.length) {
      scorers = Arrays.copyOf(scorers, query.length);
      for (int i = made; i < query.length; i++) {
        scorers[i] = new QueryScorer(rows.vectors(), distance);
      }
      least = new float[query.length];
    }
    queries = query.length;
    for (int i = 0; i < queries; i++) {
      scorers[i].setQuery(query[i]);
    }
  }

  /// Whether a vector of the query can be compared with nothing (a zero vector by the cosine).
  public boolean isUndefined(int query) {
    return scorers[query].isUndefined();
  }

  /// The row's score, greater being nearer; NaN if it has no vector that could be compared with
  /// each of the query's.
  public double score(int ordinal) {
    int first = rows.first(ordinal);
    int count = rows.count(ordinal);
    Arrays.fill(least, 0, queries, Float.NaN);
    for (int from = 0; from < count; from += BLOCK) {
      int block = Math.min(BLOCK, count - from);
      for (int i = 0; i < block; i++) {
        ordinals[i] = first + from + i;
      }
      for (int query = 0; query < queries; query++) {
        scorers[query].keys(ordinals, 0, block, keys); // Four rows at a time.
        least[query] = least(least[query], block);
      }
    }
    double sum = 0;
    for (int query = 0; query < queries; query++) {
      if (!scorers[query].isUndefined()) {
        sum -= least[query];
      }
    }
    return sum;
  }

  /// The least of the keys and of one more; NaN if none is a number.
  private float least(float before, int count) {
    float found = before;
    for (int i = 0; i < count; i++) {
      if (!(keys[i] >= found) && !Float.isNaN(keys[i])) {
        found = keys[i];
      }
    }
    return found;
  }
}
