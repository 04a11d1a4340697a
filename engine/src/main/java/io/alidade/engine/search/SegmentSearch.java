package io.alidade.engine.search;

import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.filter.FilterEstimate;
import io.alidade.engine.filter.IndexPath;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.Walk;
import io.alidade.engine.vector.Distance;
import java.util.Optional;
import java.util.function.IntPredicate;

/// The search of one segment: estimates, chooses the cheapest strategy that gives the full answer,
/// runs it, and compares every matching row when a walk has not filled the limit (promise P1).
///
/// What is compared by codes is compared again by the vectors where it may belong to the answer.
///
/// Kept in a [SearchScratch] from one search to the next. A search allocates nothing then, except
/// that listing rows by an ordered index takes its iterators, and what binding and estimating a
/// filter takes if it was not bound beforehand.
public final class SegmentSearch {
  /// A segment of so many rows is scanned in the time that estimating would take.
  private static final int SMALL = 1000;

  /// A walk must be expected to cost less than this share of a scan, which finds everything and
  /// depends less on what was estimated.
  private static final double WALK_MARGIN = 0.75;

  /// A walk is given up when it has cost so many times what was expected, and so much of the scan
  /// that then follows.
  private static final double WALK_PATIENCE = 1.5;

  private static final double WALK_SHARE_OF_SCAN = 0.5;

  /// Where so many match, a walk that tests only what it has found is quicker; where fewer do,
  /// those that do not may be just the nearest.
  private static final double NEARLY_ALL = 0.98;

  /// It must have found so many that match: fewer say that those around the query match less often
  /// than others, and then the beam was too narrow for them.
  private static final double NEARLY_ALL_FOUND = 0.9;

  /// A scan of all rows that is expected to take so many nanoseconds is shared with idle cores.
  private static final double SHARED_FROM = 400_000;

  private static final VectorQuery NO_QUERY =
      new VectorQuery(
          0, new float[0], Distance.L2, 0, Filter.ALL, Optional.empty(), SearchOptions.DEFAULT);

  private final RowScan scan;
  private final SearchCosts costs = new SearchCosts();
  private final SearchCosts.Scan all = new SearchCosts.Scan();
  private final SearchCosts.Scan tail = new SearchCosts.Scan();
  private final IntPredicate wanted = this::isWanted;

  /// What may be compared by codes; nothing if the answer is to be exact.
  private final CodedRows coded = new CodedRows();

  private SegmentView segment = NoRows.INSTANCE;
  private VectorQuery query = NO_QUERY;
  private BoundFilter filter = BoundFilter.EVERY;
  private Checkpoint checkpoint = Checkpoint.NONE;
  private Optional<HnswIndex> index = Optional.empty();

  /// Read once: the graph may grow meanwhile, and then more would be indexed than is scanned.
  private int indexed;

  private int size;
  private int limit;

  /// How many rows are expected to match, and an index that lists them.
  private long matches;

  private Optional<IndexPath> path = Optional.empty();

  private Walk.Traversal traversal = Walk.Traversal.ALL;
  private long visitedNodes;
  private long rescoredNodes;

  SegmentSearch(RowScan scan) {
    this.scan = scan;
  }

  /// Finds the nearest rows of a segment.
  ///
  /// @param filter the query's, bound to the segment
  /// @param workers who may help
  /// @param into where the nearest are put; what was there before is forgotten
  public static void search(
      SegmentView segment,
      BoundFilter filter,
      VectorQuery query,
      Checkpoint checkpoint,
      SearchWorkers workers,
      SegmentHits into) {
    checkpoint.pass();
    SearchScratch scratch = workers.takeScratch();
    SegmentSearch search = scratch.search();
    try {
      search.open(segment, filter, query, checkpoint);
      Strategy strategy = search.run(workers);
      search.finish(strategy, into);
    } finally {
      search.close();
      workers.giveBack(scratch);
    }
  }

  private void open(
      SegmentView newSegment, BoundFilter newFilter, VectorQuery newQuery, Checkpoint newPoint) {
    segment = newSegment;
    filter = newFilter;
    query = newQuery;
    checkpoint = newPoint;
    size = segment.size();
    limit = Math.min(query.limit(), size);
    index = segment.vectorIndex(query.column(), query.distance());
    indexed = index.isPresent() ? Math.min(size, index.get().indexedCount()) : 0;
    visitedNodes = 0;
    rescoredNodes = 0;
    matches = 0;
    scan.open(segment, filter, query, checkpoint);
    if (isApproximate() && indexed > 0 && query.options().codes() == SearchOptions.Codes.USE) {
      coded.set(index.orElseThrow().holdCodes(), indexed);
    } else {
      coded.clear();
    }
    costs.set(segment.vectors(query.column()).dimensions(), query.filter(), coded);
  }

  private boolean isApproximate() {
    return query.options().mode() == SearchOptions.Mode.APPROXIMATE && !scan.exact().isUndefined();
  }

  /// Lets go of everything that belongs to the query.
  private void close() {
    scan.close();
    coded.clear();
    segment = NoRows.INSTANCE;
    query = NO_QUERY;
    filter = BoundFilter.EVERY;
    checkpoint = Checkpoint.NONE;
    index = Optional.empty();
    path = Optional.empty();
  }

  private Strategy run(SearchWorkers workers) {
    if (limit == 0 || filter.isNone()) {
      return Strategy.NONE;
    }
    estimate();
    ScanPlan plan = costs.cheapest(all);
    double scanCost = costs.of(plan, all);
    double walkCost = planWalk();
    boolean walks = walkCost < WALK_MARGIN * scanCost;
    if (walks && walk(walkCost, scanCost)) {
      return switch (traversal) {
        case ALL -> Strategy.WALK;
        case TWO_HOPS -> Strategy.WALK_TWO_HOPS;
      };
    }
    if (walks && query.bound().isPresent()) { // Codes would tell no more than the walk has told.
      plan = planWithoutCodes();
    }
    if (!compareAll(plan, workers)) { // What the codes put first was beyond the bound.
      plan = planWithoutCodes();
      compareAll(plan, workers);
    }
    return walks ? plan.strategyAfterWalk() : plan.strategy();
  }

  private ScanPlan planWithoutCodes() {
    coded.clear();
    all.set(size, matches, limit);
    all.setPath(path);
    return costs.cheapest(all);
  }

  private void estimate() {
    int live = Math.min(size, segment.liveCount());
    boolean small = size <= SMALL && indexed == 0 && segment.orderedIndexes().isEmpty();
    if (filter.isEvery() || small) { // There is nothing to find out, or to choose from.
      matches = live;
    } else {
      FilterEstimate estimate = filter.estimate(live, scan.gate());
      matches = estimate.matches();
      path = estimate.path();
    }
    all.set(size, matches, limit);
    if (coded.arePresent()) {
      all.setCoded(coded.count(), coded.shortlist(limit, query.options()));
    }
    all.setPath(path);
    tail.set(size - indexed, (long) ((size - indexed) * share()), limit);
  }

  private double share() {
    return matches / (double) size;
  }

  /// Chooses the cheapest walk.
  ///
  /// @return what it and the comparison of the tail behind it are expected to take; infinite if
  ///   there is nothing to walk or all rows are to be compared
  private double planWalk() {
    if (!isApproximate() || indexed == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double met = costs.walk(width(), share(), indexed);
    double twoHops = costs.walkTwoHops(width(), share(), indexed);
    traversal = twoHops < met ? Walk.Traversal.TWO_HOPS : Walk.Traversal.ALL;
    return Math.min(met, twoHops) + costs.of(costs.cheapest(tail), tail);
  }

  private int width() {
    return (int) Math.max(query.options().ef(), query.options().taken(limit));
  }

  /// Walks the graph and compares the tail.
  ///
  /// @return whether that has filled the limit
  private boolean walk(double walkCost, double scanCost) {
    // Where the filter lets through less than was estimated, the walk gives up for the scan.
    double most = Math.max(WALK_PATIENCE * walkCost, WALK_SHARE_OF_SCAN * scanCost);
    long budget =
        switch (traversal) {
          case ALL -> costs.nodesFor(most);
          case TWO_HOPS -> costs.nodesAskedFor(most, share());
        };
    scan.byVectors(limit);
    try (Walk walk = index.orElseThrow().walk()) {
      switch (query.options().codes()) {
        case USE -> walk.compareBy(Walk.Codes.USED, enoughRescored(), mostRescored());
        case IGNORE -> walk.compareBy(Walk.Codes.IGNORED, limit, 0);
      }
      boolean found = share() >= NEARLY_ALL && walk(walk, Asking.WHAT_IS_FOUND, budget);
      if (!found && !walk(walk, Asking.WHAT_IS_MET, budget)) {
        return false;
      }
    }
    if (indexed < size) {
      scan.scan(costs.cheapest(tail).order(), indexed, size);
    }
    return isWithinBound();
  }

  /// Whether the limit is filled by rows that surely belong to the answer.
  private boolean isWithinBound() {
    return scan.nearest().isFull()
        && (query.bound().isEmpty()
            || query.bound().get().admits(scan.exact().distance(scan.nearest().farthest())));
  }

  /// From so many on a walk may stop rescoring when no farther row can be nearer.
  private int enoughRescored() {
    return switch (query.options().rescoring()) {
      case AUTOMATIC -> limit;
      case ON, OFF -> Integer.MAX_VALUE;
    };
  }

  private int mostRescored() {
    return switch (query.options().rescoring()) {
      case AUTOMATIC -> Integer.MAX_VALUE;
      case ON, OFF -> (int) Math.min(Integer.MAX_VALUE, query.options().taken(limit));
    };
  }

  /// Which rows a walk tests.
  private enum Asking {
    /// Those that it has found at its end, as if all matched; a little farther therefore.
    WHAT_IS_FOUND,
    /// Those that come near enough while it walks.
    WHAT_IS_MET
  }

  /// Walks once.
  ///
  /// @return whether as many as are wanted were found
  private boolean walk(Walk walk, Asking asking, long budget) {
    switch (asking) {
      case WHAT_IS_FOUND -> {
        int wider = (int) Math.ceil(width() / Math.min(1, share()));
        walk.runThenTest(query.query(), wider, wanted, budget);
      }
      case WHAT_IS_MET -> walk.run(query.query(), width(), wanted, budget, traversal);
    }
    visitedNodes += walk.visitedNodes();
    rescoredNodes += walk.rescoredNodes();
    boolean sparse = asking == Asking.WHAT_IS_FOUND && walk.acceptedShare() < NEARLY_ALL_FOUND;
    if (!walk.isComplete() || sparse || walk.size() < limit) {
      return false;
    }
    take(walk);
    return true;
  }

  private void take(Walk walk) {
    for (int i = 0; i < limit; i++) {
      scan.nearest().offer(walk.key(i), walk.ordinal(i));
    }
  }

  private boolean isWanted(int ordinal) {
    return ordinal < indexed && scan.gate().test(ordinal);
  }

  /// Compares all that match.
  ///
  /// @return whether the answer is complete
  private boolean compareAll(ScanPlan plan, SearchWorkers workers) {
    double cost = costs.of(plan, all);
    begin(scan, plan);
    switch (plan.source()) {
      case LISTED -> scan.list(path.orElseThrow());
      case ALL -> {
        if (cost >= SHARED_FROM && workers.idle() > 0 && query.isShareable()) {
          new SharedScan(workers, scan, plan.order(), size)
              .run(checkpoint, (helper, common) -> beginHelping(helper, plan, common));
        } else {
          scan.scan(plan.order(), 0, size);
        }
      }
    }
    scan.rescore();
    return !scan.isCut() || isWithinBound();
  }

  private void begin(RowScan beginning, ScanPlan plan) {
    switch (plan.comparison()) {
      case VECTORS -> beginning.byVectors(limit);
      case CODES ->
          beginning.byCodes(limit, coded, coded.shortlist(limit, query.options()), query.query());
    }
  }

  private void beginHelping(RowScan helper, ScanPlan plan, Checkpoint common) {
    helper.open(segment, BoundFilter.bind(query.filter(), segment), query, common);
    begin(helper, plan);
  }

  private void finish(Strategy strategy, SegmentHits into) {
    int comparable = scan.nearest().size();
    into.fill(scan.nearest(), scan.exact(), query.bound(), limit);
    into.describe(
        strategy,
        visitedNodes,
        scan.gate().tested(),
        visitedNodes + rescoredNodes + scan.distances(),
        Math.max(rescoredNodes + scan.rescored(), comparable),
        indexed,
        index.isPresent() ? size - indexed : 0,
        matches);
  }
}
