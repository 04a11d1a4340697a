package io.alidade.engine.search;

/// How the matching rows of a segment are to be found and compared, all of them.
enum ScanPlan {
  TEST_THEN_COMPARE_VECTORS(Source.ALL, Order.TEST_FIRST, Comparison.VECTORS),
  COMPARE_VECTORS_THEN_TEST(Source.ALL, Order.COMPARE_FIRST, Comparison.VECTORS),
  LIST_VECTORS(Source.LISTED, Order.TEST_FIRST, Comparison.VECTORS),
  TEST_THEN_COMPARE_CODES(Source.ALL, Order.TEST_FIRST, Comparison.CODES),
  COMPARE_CODES_THEN_TEST(Source.ALL, Order.COMPARE_FIRST, Comparison.CODES),
  LIST_CODES(Source.LISTED, Order.TEST_FIRST, Comparison.CODES);

  /// The array that [#values] copies.
  private static final ScanPlan[] VALUES = values();

  private final Source source;
  private final Order order;
  private final Comparison comparison;

  ScanPlan(Source source, Order order, Comparison comparison) {
    this.source = source;
    this.order = order;
    this.comparison = comparison;
  }

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

  static int count() {
    return VALUES.length;
  }

  static ScanPlan at(int number) {
    return VALUES[number];
  }

  Source source() {
    return source;
  }

  Order order() {
    return order;
  }

  Comparison comparison() {
    return comparison;
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
