package io.alidade.engine.search;

import io.alidade.engine.vector.QueryScorer;

/// The memory that searching a segment needs, kept from one search to the next. Used by one thread
/// at a time.
final class SearchScratch {
  /// Rows that follow each other are compared so many at a time.
  static final int BLOCK = 256;

  private final QueryScorer scorer = new QueryScorer();
  private final NearestRows nearest = new NearestRows();
  private final NearestRows shortlist = new NearestRows();
  private final Batch exact = new Batch();
  private final Batch coded = new Batch();
  private final float[] keys = new float[BLOCK];

  QueryScorer scorer() {
    return scorer;
  }

  /// The nearest rows by their vectors.
  NearestRows nearest() {
    return nearest;
  }

  /// The nearest rows by their codes.
  NearestRows shortlist() {
    return shortlist;
  }

  /// Rows waiting to be compared by their vectors.
  Batch exact() {
    return exact;
  }

  /// Rows waiting to be compared by their codes.
  Batch coded() {
    return coded;
  }

  /// The keys of a block of rows.
  float[] keys() {
    return keys;
  }
}
