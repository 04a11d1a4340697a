package io.alidade.engine.search;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.filter.IndexPath;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.vector.VectorStore;
import java.util.List;
import java.util.Optional;

/// What the ways of searching a segment are expected to take, in nanoseconds of one thread.
///
/// The constants are what `io.alidade.bench.calibration.Calibration` measured on an AVX-512
/// processor (Zen 4), with rows in memory; run it to see those of another machine. Only their
/// ratios matter.
final class SearchCosts {
  /// Reading and comparing a row that follows the one before.
  private static final double SCAN_ROW = 2;

  private static final double SCAN_FLOAT = 0.18;

  /// Reading and comparing a row somewhere in memory.
  private static final double JUMP_ROW = 44;

  private static final double JUMP_FLOAT = 0.26;

  /// The same where all of the rows stay in the processor's cache.
  private static final double CACHED_ROW = 3;

  private static final double CACHED_FLOAT = 0.04;

  /// The second-level cache of one core.
  private static final double CACHED_BYTES = 1 << 20;

  /// Comparing a record of bits: those that follow each other, scattered ones that a walk has asked
  /// for beforehand, and those in rising order with gaps, which lie between what the calibration
  /// prints, where they stay in the cache, and what listed searches of WordNet's glosses took.
  private static final double SCAN_BITS_RECORD = 4;

  private static final double SCAN_BITS_BYTE = 0.06;
  private static final double JUMP_BITS_RECORD = 12;
  private static final double JUMP_BITS_BYTE = 0.12;
  private static final double GATHER_BITS_RECORD = 14;
  private static final double GATHER_BITS_BYTE = 0.16;

  /// Comparing a record of bytes, or of what is looked up in tables.
  private static final double SCAN_BYTES_RECORD = 5;

  private static final double SCAN_BYTES_BYTE = 0.045;
  private static final double JUMP_BYTES_RECORD = 20;
  private static final double JUMP_BYTES_BYTE = 0.13;
  private static final double GATHER_BYTES_RECORD = 15;
  private static final double GATHER_BYTES_BYTE = 0.14;

  /// Preparing a query for codes: it is rotated and shortened.
  private static final double QUERY = 600;

  private static final double QUERY_FLOAT = 6;

  /// Asking whether a row is visible, and whether a simple filter is true for it.
  private static final double TEST_ROW = 5;

  private static final double TEST_FILTER = 12;

  /// What asking rows in their order takes of that.
  private static final double TEST_IN_ORDER = 0.6;

  /// Asking a predicate that is computed outside the engine. Not measured: it may be anything.
  private static final double TEST_COMPUTED = 150;

  /// Getting an ordinal from an index: 2 from that of a sealed segment, more where it takes writes.
  private static final double LIST_ROW = 5;

  /// Nodes a walk visits before its beam is at the right place, and for each place in the beam, in
  /// a graph of [#WALK_GRAPH] nodes; they grow as the logarithm of those. Measured on generated
  /// vectors (350 and 24) and on WordNet's glosses (280 and 17); these lie between.
  private static final double WALK_NODES = 300;

  private static final double WALK_NODES_A_PLACE = 20;
  private static final double WALK_GRAPH = 100_000;

  /// What a visited node takes besides being compared: its neighbours, the heap, the beam.
  private static final double WALK_NODE = 20;

  /// How the visited nodes grow as fewer of them match: less than in proportion, since the nodes
  /// around a place share their neighbours. 0.73 to 0.75 on generated vectors, 0.81 on WordNet.
  private static final double WALK_GROWTH = 0.78;

  /// How much more nodes a walk by two hops asks about than one without a filter visits, at most,
  /// and what one takes besides its test: 3.6, 8, 12, 14 and 18 times as many were asked where a
  /// half, a fifth, a tenth, a twentieth and a hundredth matched (WordNet's glosses).
  private static final double TWO_HOPS_GROWTH = 17;

  private static final double TWO_HOPS_NODE = 35;

  /// Where fewer match, two hops do not connect them: 0.78 of the nearest were found at 0.01.
  private static final double TWO_HOPS_LEAST_SHARE = 0.05;

  private int dimensions;
  private double test;
  private CodedRows coded = new CodedRows();

  /// Prepares for one segment and query.
  ///
  /// @param codedRows what may be compared by codes
  void set(int vectorDimensions, Filter filter, CodedRows codedRows) {
    dimensions = vectorDimensions;
    coded = codedRows;
    test = TEST_ROW + test(filter);
  }

  private static double test(Filter filter) {
    return switch (filter) {
      case Filter.Constant _ -> 0;
      case Filter.Compare _, Filter.In _, Filter.IsNull _, Filter.IsNotNull _ -> TEST_FILTER;
      case Filter.And(var operands) -> tests(operands);
      case Filter.Or(var operands) -> tests(operands);
      case Filter.Not(Filter operand) -> test(operand);
      case Filter.Computed _ -> TEST_COMPUTED;
    };
  }

  private static double tests(List<Filter> operands) {
    double sum = 0;
    for (int i = 0; i < operands.size(); i++) { // An iterator would be allocated.
      sum += test(operands.get(i));
    }
    return sum;
  }

  /// What there is to scan. Set again for each segment.
  static final class Scan {
    private int rows;
    private int coded;
    private long matches;
    private int limit;
    private int shortlist;
    private Optional<IndexPath> path = Optional.empty();

    /// Rows of which none has a code, and that no index lists.
    ///
    /// @param rows how many there are
    /// @param matches how many are expected to match
    /// @param limit how many are wanted
    void set(int rows, long matches, int limit) {
      this.rows = rows;
      this.matches = matches;
      this.limit = limit;
      this.coded = 0;
      this.shortlist = 0;
      this.path = Optional.empty();
    }

    /// Some have codes.
    ///
    /// @param coded how many, from the first
    /// @param shortlist how many are compared again after their codes
    void setCoded(int coded, int shortlist) {
      this.coded = coded;
      this.shortlist = shortlist;
    }

    /// An index may list the rows.
    void setPath(Optional<IndexPath> path) {
      this.path = path;
    }

    private double share() {
      return rows == 0 ? 0 : (double) matches / rows;
    }
  }

  /// The cheapest way to compare all matching rows.
  ScanPlan cheapest(Scan scan) {
    ScanPlan best = ScanPlan.TEST_THEN_COMPARE_VECTORS;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < ScanPlan.count(); i++) {
      double cost = of(ScanPlan.at(i), scan);
      if (cost < least) {
        best = ScanPlan.at(i);
        least = cost;
      }
    }
    return best;
  }

  /// What a scan is expected to take; infinite if it cannot be.
  double of(ScanPlan plan, Scan scan) {
    if (plan.comparison() == ScanPlan.Comparison.CODES && scan.coded == 0) {
      return Double.POSITIVE_INFINITY;
    }
    return switch (plan.source()) {
      case LISTED -> listed(scan, plan.comparison());
      case ALL ->
          switch (plan.order()) {
            case TEST_FIRST ->
                scan.rows * test * TEST_IN_ORDER
                    + compareGathered(scan, (double) scan.matches, plan.comparison());
            case COMPARE_FIRST -> compareInOrder(scan, plan.comparison());
          };
    };
  }

  private double listed(Scan scan, ScanPlan.Comparison comparison) {
    if (scan.path.isEmpty()) {
      return Double.POSITIVE_INFINITY;
    }
    IndexPath path = scan.path.get();
    double each =
        switch (path.content()) {
          case MATCHES -> TEST_ROW;
          case CANDIDATES -> test;
        };
    double matches = Math.min(path.count(), scan.matches);
    return path.count() * (LIST_ROW + each) + compareGathered(scan, matches, comparison);
  }

  private double compareGathered(Scan scan, double matches, ScanPlan.Comparison comparison) {
    return switch (comparison) {
      case VECTORS -> matches * jump(matches);
      case CODES -> {
        double byCode = matches * scan.coded / Math.max(1, scan.rows);
        double byVector = matches - byCode + Math.min(byCode, scan.shortlist);
        yield prepare() + byCode * codeGather() + byVector * jump(byVector);
      }
    };
  }

  private double compareInOrder(Scan scan, ScanPlan.Comparison comparison) {
    double inOrder = SCAN_ROW + SCAN_FLOAT * dimensions;
    return switch (comparison) {
      case VECTORS -> scan.rows * inOrder + tests(scan, (double) scan.rows, scan.limit) * test;
      case CODES -> {
        int tail = scan.rows - scan.coded;
        double again = Math.min(scan.matches, scan.shortlist);
        double tested = tests(scan, scan.coded, scan.shortlist) + tests(scan, tail, scan.limit);
        yield prepare()
            + scan.coded * codeInOrder()
            + tail * inOrder
            + tested * test
            + again * jump(again);
      }
    };
  }

  /// How many rows are near enough to be tested while the `best` matching ones are gathered.
  private static double tests(Scan scan, double rows, int best) {
    double matches = rows * scan.share();
    if (matches <= best) {
      return rows;
    }
    return Math.min(rows, best / scan.share() * (1 + Math.log(matches / best)));
  }

  /// Walking until so many matching nodes are found, where one node in `1 / share` matches.
  double walk(int ef, double share, int nodes) {
    double thinning = Math.pow(Math.max(share, 1e-9), -WALK_GROWTH);
    double depth = Math.log(Math.max(2, nodes)) / Math.log(WALK_GRAPH);
    double visited = (WALK_NODES + WALK_NODES_A_PLACE * ef) * depth * thinning;
    double again = coded.arePresent() ? ef * jump(ef) : 0;
    return Math.min(visited, nodes) * node() + again;
  }

  /// The same by two hops, where only matching nodes are compared, but many more are asked about;
  /// infinite where that would not find the nearest.
  double walkTwoHops(int ef, double share, int nodes) {
    if (share < TWO_HOPS_LEAST_SHARE) {
      return Double.POSITIVE_INFINITY;
    }
    double depth = Math.log(Math.max(2, nodes)) / Math.log(WALK_GRAPH);
    double rare = (1 - share) * (1 - share) * (1 - share);
    double asked = (WALK_NODES + WALK_NODES_A_PLACE * ef) * depth * (1 + TWO_HOPS_GROWTH * rare);
    double again = coded.arePresent() ? ef * jump(ef) : 0;
    return Math.min(asked, 2.0 * nodes) * askedNode(share) + again;
  }

  /// How many nodes a walk can visit for a cost.
  long nodesFor(double cost) {
    return (long) (cost / node());
  }

  /// How many nodes a walk by two hops can ask about for a cost.
  long nodesAskedFor(double cost, double share) {
    return (long) (cost / askedNode(share));
  }

  private double askedNode(double share) {
    double compared = WALK_NODE + (coded.arePresent() ? codeJump() : jump(Double.MAX_VALUE));
    return TWO_HOPS_NODE + test + share * compared;
  }

  private double node() {
    // Most of the visited are too far away to be tested.
    return WALK_NODE + (coded.arePresent() ? codeJump() : jump(Double.MAX_VALUE)) + test / 4;
  }

  private double jump(double rows) {
    return isCached(rows)
        ? CACHED_ROW + CACHED_FLOAT * dimensions
        : JUMP_ROW + JUMP_FLOAT * dimensions;
  }

  private boolean isCached(double rows) {
    return rows * VectorStore.rowStride(dimensions) <= CACHED_BYTES;
  }

  private double prepare() {
    return QUERY + QUERY_FLOAT * dimensions;
  }

  private double codeInOrder() {
    int bytes = coded.codes().codec().recordBytes();
    return isBits()
        ? SCAN_BITS_RECORD + SCAN_BITS_BYTE * bytes
        : SCAN_BYTES_RECORD + SCAN_BYTES_BYTE * bytes;
  }

  private double codeJump() {
    int bytes = coded.codes().codec().recordBytes();
    return isBits()
        ? JUMP_BITS_RECORD + JUMP_BITS_BYTE * bytes
        : JUMP_BYTES_RECORD + JUMP_BYTES_BYTE * bytes;
  }

  private double codeGather() {
    int bytes = coded.codes().codec().recordBytes();
    return isBits()
        ? GATHER_BITS_RECORD + GATHER_BITS_BYTE * bytes
        : GATHER_BYTES_RECORD + GATHER_BYTES_BYTE * bytes;
  }

  private boolean isBits() {
    return coded.codes().codec().method() instanceof Quantization.Binary;
  }
}
