package io.alidade.engine.vector;

import io.alidade.engine.memory.LinePrefetch;

/// Compares one query with rows by their ordinals, exactly or by their codes.
///
/// What it computes for a row is its *key*: smaller is nearer. Keys of one scorer can be compared
/// with each other; those by codes are estimates of the exact ones. Given one query after another;
/// used by one thread at a time.
public interface Scorer {
  /// Compares with this vector from now on.
  void setQuery(float[] vector);

  /// Whether every distance to the query is NaN: the cosine distance to a zero vector.
  boolean isUndefined();

  /// The keys of `count` ordinals from a place in their array on, scattered in memory.
  void keys(int[] ordinals, int from, int count, float[] keys);

  /// The keys of `count` ordinals that follow each other: the form for scans.
  void keys(int first, int count, float[] keys);

  /// The key of one row.
  float key(int ordinal);

  /// Adds the lines that comparing these rows will read first; none unless the scorer knows them.
  default void prefetch(int[] ordinals, int count, LinePrefetch lines) {}
}
