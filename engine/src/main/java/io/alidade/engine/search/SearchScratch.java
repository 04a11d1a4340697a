package io.alidade.engine.search;

import io.alidade.engine.vector.QueryScorer;

/// The memory that searching a segment needs, kept from one search to the next. Used by one thread
/// at a time.
public final class SearchScratch {
  static final int BATCH = 64;

  private final QueryScorer scorer = new QueryScorer();
  private final int[] batch = new int[BATCH];
  private final float[] keys = new float[BATCH];

  QueryScorer scorer() {
    return scorer;
  }

  /// Ordinals waiting to be compared.
  int[] batch() {
    return batch;
  }

  /// Their keys.
  float[] keys() {
    return keys;
  }
}
