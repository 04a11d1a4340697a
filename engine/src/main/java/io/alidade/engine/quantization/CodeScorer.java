package io.alidade.engine.quantization;

/// Compares one query with records of a [Codec] by their addresses; used by one thread at a time.
///
/// Keys estimate those of [io.alidade.engine.vector.QueryScorer]: squared distances, negative inner
/// products, negative cosines, sums of magnitudes. A row whose distance is not defined has the key
/// NaN.
public interface CodeScorer {
  /// How many standard errors [#errorOf] allows for.
  float SAFE_DEVIATIONS = 4;

  /// Compares with this vector, of the codec's dimensions, from now on.
  void setQuery(float[] vector);

  /// Whether every distance to the query is NaN: the cosine distance to a zero vector.
  boolean isUndefined();

  /// The keys of records scattered in memory.
  void keys(long[] records, int count, float[] keys);

  /// The keys of records that follow each other.
  void keys(long first, int count, float[] keys);

  /// How far a record's key may be from the exact one: not further, for at least 999 rows of 1000.
  ///
  /// A row whose key less this is more than the exact key of the k-th found so far need not be
  /// compared again.
  float errorOf(long record);
}
