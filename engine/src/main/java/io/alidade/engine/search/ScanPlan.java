package io.alidade.engine.search;

/// How the matching rows of a segment are to be found and compared, all of them.
///
/// @param cost what that is expected to take, in nanoseconds
record ScanPlan(Source source, Order order, Comparison comparison, double cost) {
  /// Where the rows come from.
  enum Source {
    /// An ordered index lists them, and perhaps others.
    LISTED,
    /// All rows of the segment, in their order.
    ALL
  }

  /// What is done first with a row.
  enum Order {
    /// Only rows that match are compared.
    TEST_FIRST,
    /// All rows are compared, and those that are near enough tested.
    COMPARE_FIRST
  }

  /// What the rows are compared by.
  enum Comparison {
    VECTORS,
    /// Codes, and the nearest by them again by the vectors.
    CODES
  }

  /// The cheaper of two plans.
  ScanPlan or(ScanPlan other) {
    return other.cost < cost ? other : this;
  }

  /// What such a scan is called.
  Strategy strategy() {
    return switch (source) {
      case LISTED -> comparison == Comparison.CODES ? Strategy.LIST_BY_CODES : Strategy.LIST;
      case ALL -> comparison == Comparison.CODES ? Strategy.SCAN_BY_CODES : Strategy.EXACT;
    };
  }

  /// What such a scan is called behind a walk.
  Strategy strategyAfterWalk() {
    return switch (comparison) {
      case CODES -> Strategy.WALK_THEN_CODES;
      case VECTORS -> Strategy.WALK_THEN_EXACT;
    };
  }
}
