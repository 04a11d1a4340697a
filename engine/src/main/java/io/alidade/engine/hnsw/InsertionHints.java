package io.alidade.engine.hnsw;

/// Knows nodes near a row that is about to be inserted.
interface InsertionHints {
  /// Knows none.
  InsertionHints NONE = (_, _) -> 0;

  /// Writes ordinals that are in the graph, near to the given one, and returns how many.
  ///
  /// @param target has room for the neighbours of a node on the bottom layer
  int near(int ordinal, int[] target);
}
