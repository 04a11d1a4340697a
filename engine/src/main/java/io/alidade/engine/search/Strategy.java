package io.alidade.engine.search;

/// How the nearest rows of one segment were found.
public enum Strategy {
  /// The segment has no rows, or the query wants none.
  NONE,
  /// The graph was walked with the filter in the traversal, and the tail compared row by row.
  WALK,
  /// The same, comparing only nodes that match, with two hops where a neighbour does not.
  WALK_TWO_HOPS,
  /// The matching rows were listed (from an ordered index) and all of them compared.
  LIST,
  /// The matching rows were listed and compared by their codes, the nearest of them again by their
  /// vectors.
  LIST_BY_CODES,
  /// Every row was looked at and all that match compared.
  EXACT,
  /// Every row was looked at and those that match compared by their codes, the nearest of them
  /// again by their vectors.
  SCAN_BY_CODES,
  /// A walk that could not fill the limit, or took longer than expected, followed by comparing all
  /// matching rows.
  WALK_THEN_EXACT,
  /// A walk that could not fill the limit, or took longer than expected, followed by comparing all
  /// matching rows by their codes and the nearest again by their vectors.
  WALK_THEN_CODES
}
