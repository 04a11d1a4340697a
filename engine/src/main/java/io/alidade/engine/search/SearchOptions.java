package io.alidade.engine.search;

/// How hard one search should try.
///
/// @param ef the beam width on the bottom layer: the candidates kept while walking a graph
/// @param mode whether an approximate answer will do
/// @param codes whether rows may be compared by codes
/// @param rescoring what is compared again by the vectors after it was found by codes
/// @param oversampling how many times the limit is taken by codes before that
public record SearchOptions(
    int ef, Mode mode, Codes codes, Rescoring rescoring, double oversampling) {
  /// pgvector's default for `hnsw.ef_search`.
  public static final int DEFAULT_EF = 40;

  /// The widest beam.
  public static final int MAX_EF = 100_000;

  /// The most that `oversampling` may be.
  public static final double MAX_OVERSAMPLING = 100;

  /// What a search does unless told otherwise.
  public static final SearchOptions DEFAULT = new SearchOptions(DEFAULT_EF, Mode.APPROXIMATE);

  /// Whether an approximate answer will do.
  public enum Mode {
    /// A graph may be walked.
    APPROXIMATE,
    /// Every matching row is compared by its vector; nothing else here has an effect.
    EXACT
  }

  /// Whether rows may be compared by codes.
  public enum Codes {
    /// Where there are some.
    USE,
    /// Vectors only are read. There is nothing to rescore then.
    IGNORE
  }

  /// How many rows that were found by codes are compared again by their vectors. Distances in a
  /// result are those of the vectors whatever is chosen here.
  public enum Rescoring {
    /// As many as the codes need to lose next to nothing; if oversampling takes more, so many.
    AUTOMATIC,
    /// So many times the limit as oversampling says.
    ON,
    /// The codes choose the rows.
    OFF
  }

  public SearchOptions {
    if (ef < 1 || ef > MAX_EF) {
      throw new IllegalArgumentException("ef " + ef + " is outside 1.." + MAX_EF);
    }
    if (!(oversampling >= 1 && oversampling <= MAX_OVERSAMPLING)) {
      throw new IllegalArgumentException(
          "oversampling " + oversampling + " is outside 1.." + MAX_OVERSAMPLING);
    }
  }

  /// Codes where there are some, rescored as they need it.
  public SearchOptions(int ef, Mode mode) {
    this(ef, mode, Codes.USE, Rescoring.AUTOMATIC, 1);
  }

  /// How many rows are taken by codes for an answer of `limit` at least.
  long taken(int limit) {
    return rescoring == Rescoring.OFF ? limit : (long) (limit * oversampling);
  }
}
