package io.alidade.engine.vector;

/// Compares one query with rows of other elements than 32-bit floats; what [QueryScorer] hands them
/// to. Used by one thread at a time.
///
/// Keys and distances mean what they mean there; a query is floats, in the terms of
/// [VectorElement].
sealed interface RowScorer extends Scorer permits NarrowScorer, NibbleScorer, BitScorer {
  /// A scorer for rows of an element that is not [VectorElement#FLOAT32].
  static RowScorer of(VectorElement element) {
    return switch (element) {
      case FLOAT32 -> throw new IllegalArgumentException("floats are compared by QueryScorer");
      case FLOAT16 -> new NarrowScorer(NarrowKernel.Element.FLOAT16);
      case UINT8 -> new NarrowScorer(NarrowKernel.Element.UINT8);
      case NIBBLE -> new NibbleScorer();
      case BIT -> new BitScorer();
    };
  }

  /// Compares with the rows of this store from now on; tell it the query next.
  void setStore(VectorStore store, Distance distance);

  /// Lets go of the store, which may be closed then.
  void forgetStore();

  /// Compares with a row of the store from now on.
  void setQuery(int ordinal);

  /// The distance of one row, as [Distance#between] computes it.
  double distance(int ordinal);
}
