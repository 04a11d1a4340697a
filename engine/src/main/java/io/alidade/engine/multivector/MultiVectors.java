package io.alidade.engine.multivector;

import io.alidade.engine.vector.VectorStore;

/// A column whose rows are lists of vectors: each a range of one store.
///
/// An index demands that the ranges follow each other in the order of the ordinals, without gaps.
///
/// Thread-safety: any number of readers.
public interface MultiVectors {
  /// The vectors of all rows, all of one length.
  VectorStore vectors();

  /// Where the vectors of a row begin in the store.
  int first(int ordinal);

  /// How many vectors a row has; 0 if it has none (SQL NULL).
  int count(int ordinal);
}
