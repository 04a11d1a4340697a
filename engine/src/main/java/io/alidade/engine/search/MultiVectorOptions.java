package io.alidade.engine.search;

/// How hard a search among lists of vectors should try.
///
/// @param ef how many vectors a walk finds for each vector of the query; twice the limit at least
///   are found
/// @param oversampling how many rows found by walks are scored exactly, as a multiple of the limit
/// @param mode whether an approximate answer will do
public record MultiVectorOptions(int ef, int oversampling, SearchOptions.Mode mode) {
  /// What a search does unless told otherwise: finds 0.95 and more of the ten nearest in what
  /// docs/benchmarks.md measures.
  public static final MultiVectorOptions DEFAULT =
      new MultiVectorOptions(128, 20, SearchOptions.Mode.APPROXIMATE);

  /// Every matching row is scored.
  public static final MultiVectorOptions EXACT =
      new MultiVectorOptions(128, 20, SearchOptions.Mode.EXACT);

  public MultiVectorOptions {
    if (ef < 1 || ef > SearchOptions.MAX_EF) {
      throw new IllegalArgumentException("ef " + ef + " is outside 1.." + SearchOptions.MAX_EF);
    }
    if (oversampling < 1 || oversampling > 10_000) {
      throw new IllegalArgumentException("oversampling " + oversampling + " is outside 1..10000");
    }
  }
}
