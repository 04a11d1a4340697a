package io.alidade.engine.search;

/// How the nearest rows of one segment were found.
public enum Strategy {
  /// The segment has no rows, or the query wants none.
  NONE,
  /// The graph was walked with the filter in the traversal, and the tail compared row by row.
  WALK,
  /// The matching rows were listed (from an ordered index) and all of them compared.
  LIST,
  /// Every row was tested and all that match compared.
  EXACT,
  /// A walk that could not fill the limit, followed by comparing all matching rows.
  WALK_THEN_EXACT
}
