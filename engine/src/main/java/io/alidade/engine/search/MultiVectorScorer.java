package io.alidade.engine.search;

import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.QueryScorer;

/// Compares a list of vectors with the lists that rows hold, by *max_sim*: for each vector of the
/// query the greatest similarity that a vector of the row has to it, summed up (the late
/// interaction of ColBERT, Khattab and Zaharia, SIGIR 2020).
///
/// Similarity is the inner product, the cosine, or minus the squared Euclidean or minus the
/// Manhattan distance. A vector without a direction (all zeros) has no cosine with any other and is
/// passed over. Made for one query; used by one thread.
public final class MultiVectorScorer {
  /// The longest query.
  public static final int MAX_QUERY_VECTORS = 1024;

  private static final int BLOCK = 64;

  private final MultiVectors rows;
  private final QueryScorer[] queries;
  private final float[] keys = new float[BLOCK];

  /// @param query at least one vector and at most [#MAX_QUERY_VECTORS], each of the store's length
  public MultiVectorScorer(MultiVectors rows, Distance distance, float[][] query) {
    if (query.length < 1 || query.length > MAX_QUERY_VECTORS) {
      throw new IllegalArgumentException(
          query.length + " query vectors are outside 1.." + MAX_QUERY_VECTORS);
    }
    this.rows = rows;
    this.queries = new QueryScorer[query.length];
    for (int i = 0; i < query.length; i++) {
      queries[i] = new QueryScorer(rows.vectors(), distance);
      queries[i].setQuery(query[i]);
    }
  }

  /// The row's score, greater being nearer; NaN if it has no vector that could be compared with
  /// each of the query's.
  public double score(int ordinal) {
    double sum = 0;
    for (QueryScorer query : queries) {
      if (!query.isUndefined()) {
        sum -= least(query, rows.first(ordinal), rows.count(ordinal));
      }
    }
    return sum;
  }

  /// The least key of some rows; NaN if none has one.
  private double least(QueryScorer query, int first, int count) {
    float least = Float.NaN;
    for (int from = 0; from < count; from += BLOCK) {
      int block = Math.min(BLOCK, count - from);
      query.keys(first + from, block, keys);
      for (int i = 0; i < block; i++) {
        if (!(keys[i] >= least) && !Float.isNaN(keys[i])) {
          least = keys[i];
        }
      }
    }
    return least;
  }
}
