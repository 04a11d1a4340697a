package io.alidade.engine.search;

/// How hard one search should try.
///
/// @param ef the beam width on the bottom layer: the candidates kept while walking a graph
/// @param mode whether an approximate answer will do
public record SearchOptions(int ef, Mode mode) {
  /// pgvector's default for `hnsw.ef_search`.
  public static final int DEFAULT_EF = 40;

  /// The widest beam.
  public static final int MAX_EF = 100_000;

  /// What a search does unless told otherwise.
  public static final SearchOptions DEFAULT = new SearchOptions(DEFAULT_EF, Mode.APPROXIMATE);

  /// Whether an approximate answer will do.
  public enum Mode {
    /// A graph may be walked.
    APPROXIMATE,
    /// Every matching row is compared.
    EXACT
  }

  public SearchOptions {
    if (ef < 1 || ef > MAX_EF) {
      throw new IllegalArgumentException("ef " + ef + " is outside 1.." + MAX_EF);
    }
  }
}
