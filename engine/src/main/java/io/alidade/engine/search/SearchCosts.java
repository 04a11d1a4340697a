package io.alidade.engine.search;

import io.alidade.engine.filter.Filter;

/// What the ways of searching a segment are expected to take, in nanoseconds of one thread.
///
/// The constants are measurements on 384 dimensions (AVX-512, rows in memory, not in cache) taken
/// apart into a part a row and a part a float; only their ratios matter.
final class SearchCosts {
  /// Reading and comparing a row that follows the one before.
  private static final double SCAN_ROW = 10;

  private static final double SCAN_FLOAT = 0.26;

  /// Reading and comparing a row somewhere in memory, four at a time.
  private static final double JUMP_ROW = 20;

  private static final double JUMP_FLOAT = 0.36;

  /// Asking whether a row is visible, and whether a simple filter is true for it.
  private static final double TEST_ROW = 5;

  private static final double TEST_FILTER = 7;

  /// Asking a predicate that is computed outside the engine.
  private static final double TEST_COMPUTED = 150;

  /// Nodes a walk visits before its beam is at the right place, and for each place in the beam.
  private static final double WALK_NODES = 200;

  private static final double WALK_NODES_A_PLACE = 12;

  /// How the visited nodes grow as fewer of them match: less than in proportion, since the nodes
  /// around a place share their neighbours.
  private static final double WALK_GROWTH = 0.8;

  /// From this share of matching rows on, reading them one after the other is as if all matched:
  /// the processor fetches ahead. Below, each is a jump.
  private static final double DENSE = 0.8;

  private final int dimensions;
  private final double test;

  SearchCosts(int dimensions, Filter filter) {
    this.dimensions = dimensions;
    this.test = TEST_ROW + test(filter);
  }

  private static double test(Filter filter) {
    return switch (filter) {
      case Filter.Constant _ -> 0;
      case Filter.Compare _, Filter.In _, Filter.IsNull _, Filter.IsNotNull _ -> TEST_FILTER;
      case Filter.And(var operands) -> operands.stream().mapToDouble(SearchCosts::test).sum();
      case Filter.Or(var operands) -> operands.stream().mapToDouble(SearchCosts::test).sum();
      case Filter.Not(Filter operand) -> test(operand);
      case Filter.Computed _ -> TEST_COMPUTED;
    };
  }

  /// Whether so many matches are read at the speed of a plain scan.
  static boolean isDense(long matches, int rows) {
    return matches >= DENSE * rows;
  }

  /// Testing every row and comparing those that match, in their order.
  double exact(int rows, long matches) {
    double row = isDense(matches, rows) ? SCAN_ROW + SCAN_FLOAT * dimensions : jump();
    return rows * test + matches * row;
  }

  /// Testing the rows an index lists and comparing those that match, wherever they lie.
  double list(int listed, long matches) {
    return listed * (test + JUMP_ROW) + Math.min(listed, matches) * jump();
  }

  /// Walking until so many matching nodes are found, where one node in `1 / share` matches.
  double walk(int ef, double share, int nodes) {
    double thinning = Math.pow(Math.max(share, 1e-9), -WALK_GROWTH);
    double visited = (WALK_NODES + WALK_NODES_A_PLACE * ef) * thinning;
    // Most of the visited are too far away to be tested.
    return Math.min(visited, nodes) * (jump() + test / 4);
  }

  /// How many nodes a walk can visit for a cost.
  long nodesFor(double cost) {
    return (long) (cost / (jump() + test / 4));
  }

  private double jump() {
    return JUMP_ROW + JUMP_FLOAT * dimensions;
  }
}
