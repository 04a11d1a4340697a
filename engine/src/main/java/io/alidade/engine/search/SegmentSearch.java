package io.alidade.engine.search;

import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.FilterEstimate;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.Walk;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.VectorStore;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// The search of one segment: estimates, chooses the cheapest strategy that gives the full answer,
/// runs it, and compares every matching row when a walk has not filled the limit (promise P1).
///
/// What is compared by codes is compared again by the vectors where it may belong to the answer.
///
/// Made for one query and segment, used once.
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

  /// Such a scan is shared in pieces of so many rows.
  private static final int PIECE = 8192;

  private final SegmentView segment;
  private final VectorQuery query;
  private final Checkpoint checkpoint;
  private final SearchScratch scratch;
  private final SearchWorkers workers;
  private final VectorStore vectors;
  private final Optional<HnswIndex> index;
  private final RowGate gate;
  private final SearchCosts costs;

  /// Read once: the graph may grow meanwhile, and then more would be indexed than is scanned.
  private final int indexed;

  /// What may be compared by codes; nothing if the answer is to be exact.
  private final Optional<CodedRows> coded;

  private final int size;
  private final int limit;
  private final QueryScorer scorer;
  private long distances;
  private long visitedNodes;
  private long rescored;

  private SegmentSearch(
      SegmentView segment,
      VectorQuery query,
      Checkpoint checkpoint,
      SearchScratch scratch,
      SearchWorkers workers) {
    this.segment = segment;
    this.query = query;
    this.checkpoint = checkpoint;
    this.scratch = scratch;
    this.workers = workers;
    this.vectors = segment.vectors(query.column());
    this.index = segment.vectorIndex(query.column(), query.distance());
    this.size = segment.size();
    this.limit = Math.min(query.limit(), size);
    this.indexed = Math.min(size, index.map(HnswIndex::indexedCount).orElse(0));
    BoundFilter filter = BoundFilter.bind(query.filter(), segment);
    this.gate = new RowGate(segment, filter, checkpoint);
    this.scorer = scratch.scorer();
    scorer.setStore(vectors, query.distance());
    scorer.setQuery(query.query());
    boolean approximate =
        query.options().mode() == SearchOptions.Mode.APPROXIMATE && !scorer.isUndefined();
    this.coded =
        approximate && indexed > 0 ? CodedRows.of(index.orElseThrow(), indexed) : Optional.empty();
    this.costs =
        new SearchCosts(
            vectors.dimensions(), query.filter(), coded.map(rows -> rows.codes().codec()));
  }

  /// Finds the nearest rows of a segment.
  ///
  /// @param workers who may help
  public static SegmentHits search(
      SegmentView segment, VectorQuery query, Checkpoint checkpoint, SearchWorkers workers) {
    checkpoint.pass();
    SearchScratch scratch = workers.takeScratch();
    try {
      return new SegmentSearch(segment, query, checkpoint, scratch, workers).run();
    } finally {
      scratch.scorer().forgetStore();
      workers.giveBack(scratch);
    }
  }

  private SegmentHits run() {
    if (limit == 0) {
      scratch.nearest().reset(1);
      return finish(Strategy.NONE, 0);
    }
    FilterEstimate estimate = estimate();
    ScanPlan plan = costs.cheapest(scanned(estimate), estimate.path());
    WalkPlan walk = walkPlan(estimate);
    if (walk.cost() < WALK_MARGIN * plan.cost() && walk(estimate, plan, walk)) {
      return finish(walk.strategy(), estimate.matches());
    }
    boolean walked = visitedNodes > 0;
    if (walked && query.bound().isPresent()) { // Codes would tell no more than the walk has told.
      plan = exactPlan(estimate);
    }
    if (!scan(plan, estimate)) { // What the codes put first was beyond the bound.
      plan = exactPlan(estimate);
      scan(plan, estimate);
    }
    return finish(walked ? plan.strategyAfterWalk() : plan.strategy(), estimate.matches());
  }

  private ScanPlan exactPlan(FilterEstimate estimate) {
    return new SearchCosts(vectors.dimensions(), query.filter(), Optional.empty())
        .cheapest(scanned(estimate), estimate.path());
  }

  private FilterEstimate estimate() {
    int live = Math.min(size, segment.liveCount());
    if (size <= SMALL && indexed == 0 && segment.orderedIndexes().isEmpty()) {
      return new FilterEstimate(live, Optional.empty()); // There is nothing to choose from.
    }
    return FilterEstimate.of(query.filter(), segment, live, gate);
  }

  private SearchCosts.Scan scanned(FilterEstimate estimate) {
    return new SearchCosts.Scan(
        size,
        coded.map(CodedRows::count).orElse(0),
        estimate.matches(),
        limit,
        coded.map(rows -> rows.shortlist(limit)).orElse(0));
  }

  /// A walk and the comparison of the tail behind it.
  ///
  /// @param cost what that is expected to cost; infinite if it cannot be
  private record WalkPlan(Walk.Traversal traversal, double cost) {
    static final WalkPlan NONE = new WalkPlan(Walk.Traversal.ALL, Double.POSITIVE_INFINITY);

    Strategy strategy() {
      return switch (traversal) {
        case ALL -> Strategy.WALK;
        case TWO_HOPS -> Strategy.WALK_TWO_HOPS;
      };
    }
  }

  /// The cheapest walk, if there is something to walk and not all are to be compared.
  private WalkPlan walkPlan(FilterEstimate estimate) {
    if (query.options().mode() == SearchOptions.Mode.EXACT
        || indexed == 0
        || scorer.isUndefined()) {
      return WalkPlan.NONE;
    }
    int tail = size - indexed;
    double share = estimate.matches() / (double) size;
    SearchCosts.Scan behind = new SearchCosts.Scan(tail, 0, (long) (tail * share), limit, 0);
    double rest = costs.cheapest(behind, Optional.empty()).cost();
    double all = costs.walk(ef(), share, indexed);
    double twoHops = costs.walkTwoHops(ef(), share, indexed);
    return twoHops < all
        ? new WalkPlan(Walk.Traversal.TWO_HOPS, twoHops + rest)
        : new WalkPlan(Walk.Traversal.ALL, all + rest);
  }

  private int ef() {
    return Math.max(query.options().ef(), limit);
  }

  /// Walks the graph and compares the tail.
  ///
  /// @return whether that has filled the limit
  private boolean walk(FilterEstimate estimate, ScanPlan otherwise, WalkPlan plan) {
    // Where the filter lets through less than was estimated, the walk gives up for the scan.
    double most = Math.max(WALK_PATIENCE * plan.cost, WALK_SHARE_OF_SCAN * otherwise.cost());
    try (Walk walk = index.orElseThrow().walk();
        RowScan tail = new RowScan(vectors, gate, scratch, limit)) {
      NearestRows nearest = tail.nearest();
      double share = estimate.matches() / (double) size;
      long budget =
          switch (plan.traversal) {
            case ALL -> costs.nodesFor(most);
            case TWO_HOPS -> costs.nodesAskedFor(most, share);
          };
      boolean full = share >= NEARLY_ALL && walkAll(walk, nearest, share, budget);
      if (!full && !walkMatching(walk, nearest, budget, plan.traversal)) {
        return false;
      }
      if (indexed < size) {
        scanAll(tail, orderOf(estimate), indexed);
        distances += tail.distances();
      }
      return isWithin(nearest);
    }
  }

  /// Walks as if all rows matched, a little farther, and tests only what was found.
  private boolean walkAll(Walk walk, NearestRows nearest, double share, long budget) {
    int wider = (int) Math.ceil(ef() / Math.min(1, share));
    walk.runThenTest(query.query(), wider, this::isWanted, budget);
    boolean full = take(walk, nearest);
    if (full && walk.acceptedShare() < NEARLY_ALL_FOUND) {
      nearest.reset(limit);
      return false;
    }
    return full;
  }

  /// Walks with the filter in the traversal.
  private boolean walkMatching(
      Walk walk, NearestRows nearest, long budget, Walk.Traversal traversal) {
    walk.run(query.query(), ef(), this::isWanted, budget, traversal);
    return take(walk, nearest);
  }

  private boolean isWanted(int ordinal) {
    return ordinal < indexed && gate.test(ordinal);
  }

  /// Takes the nearest that a walk has found, if they are enough.
  private boolean take(Walk walk, NearestRows nearest) {
    visitedNodes += walk.visitedNodes();
    rescored += walk.rescoredNodes();
    distances += walk.visitedNodes() + walk.rescoredNodes();
    if (!walk.isComplete() || walk.size() < limit) {
      return false;
    }
    for (int i = 0; i < limit; i++) {
      nearest.offer(walk.key(i), walk.ordinal(i));
    }
    return true;
  }

  private ScanPlan.Order orderOf(FilterEstimate estimate) {
    long matches = estimate.matches() * (size - indexed) / size;
    SearchCosts.Scan tail = new SearchCosts.Scan(size - indexed, 0, matches, limit, 0);
    return costs.cheapest(tail, Optional.empty()).order();
  }

  /// Whether the limit is filled by rows that surely belong to the answer.
  private boolean isWithin(NearestRows nearest) {
    return nearest.isFull()
        && (query.bound().isEmpty()
            || query.bound().get().admits(scorer.distance(nearest.farthest())));
  }

  /// Compares all that match.
  ///
  /// @return whether the answer is complete
  private boolean scan(ScanPlan plan, FilterEstimate estimate) {
    try (RowScan scan = newScan(plan, gate, scratch)) {
      switch (plan.source()) {
        case LISTED -> scan.list(estimate.path().orElseThrow());
        case ALL -> {
          if (plan.cost() >= SHARED_FROM && workers.idle() > 0 && query.isShareable()) {
            scanTogether(scan, plan);
          } else {
            scanAll(scan, plan.order(), 0);
          }
        }
      }
      scan.rescore();
      distances += scan.distances();
      rescored += scan.rescored();
      return !scan.isCut() || isWithin(scan.nearest());
    }
  }

  private RowScan newScan(ScanPlan plan, RowGate tester, SearchScratch memory) {
    if (plan.comparison() == ScanPlan.Comparison.VECTORS) {
      return new RowScan(vectors, tester, memory, limit);
    }
    CodedRows rows = coded.orElseThrow();
    return RowScan.byCodes(
        vectors, tester, memory, limit, rows, rows.shortlist(limit), query.query());
  }

  private void scanAll(RowScan scan, ScanPlan.Order order, int from) {
    scanPiece(scan, order, from, size);
  }

  private static void scanPiece(RowScan scan, ScanPlan.Order order, int from, int end) {
    switch (order) {
      case TEST_FIRST -> scan.testFirst(from, end);
      case COMPARE_FIRST -> scan.compareFirst(from, end);
    }
  }

  /// What a helper has found, in its own memory.
  private record Part(RowScan scan, SearchScratch memory) {}

  /// Scans all rows with the help of idle cores: everybody takes the next piece until there is
  /// none. What is nearest does not depend on who has found it.
  private void scanTogether(RowScan scan, ScanPlan plan) {
    AtomicInteger next = new AtomicInteger();
    Queue<Part> parts = new ConcurrentLinkedQueue<>();
    try {
      workers.run(
          (size - 1) / PIECE + 1,
          checkpoint,
          (worker, common) -> {
            RowScan mine =
                switch (worker) {
                  case SEARCHER -> scan;
                  case HELPER -> helpersScan(plan, common, parts);
                };
            for (int from = next.getAndAdd(PIECE); from < size; from = next.getAndAdd(PIECE)) {
              common.pass();
              scanPiece(mine, plan.order(), from, Math.min(size, from + PIECE));
            }
          });
      parts.forEach(part -> scan.take(part.scan));
    } finally {
      for (Part part : parts) {
        part.scan.close();
        part.memory.scorer().forgetStore();
        workers.giveBack(part.memory);
      }
    }
  }

  private RowScan helpersScan(ScanPlan plan, Checkpoint common, Queue<Part> parts) {
    SearchScratch memory = workers.takeScratch();
    memory.scorer().setStore(vectors, query.distance());
    memory.scorer().setQuery(query.query());
    RowGate own = new RowGate(segment, BoundFilter.bind(query.filter(), segment), common);
    RowScan scan = newScan(plan, own, memory);
    parts.add(new Part(scan, memory));
    return scan;
  }

  private SegmentHits finish(Strategy strategy, long estimatedMatches) {
    NearestRows nearest = scratch.nearest();
    nearest.sort();
    int comparable = nearest.size();
    boolean withoutOrder = query.bound().isEmpty(); // NaN and NULL are within no bound.
    int undefined = withoutOrder ? nearest.undefinedCount() : 0;
    int absent = withoutOrder ? nearest.absentCount() : 0;
    int room = (int) Math.min(limit, (long) comparable + undefined + absent);
    int[] ordinals = new int[room];
    double[] values = new double[room];
    int kept = 0;
    for (int i = 0; i < comparable; i++) {
      int ordinal = nearest.ordinal(i);
      double distance = scorer.distance(ordinal);
      if (withoutOrder || query.bound().get().admits(distance)) {
        kept = insert(ordinals, values, kept, ordinal, distance);
      }
    }
    int withDistance = Math.min(limit, kept + undefined);
    int total = Math.min(limit, withDistance + absent);
    for (int i = kept; i < total; i++) {
      ordinals[i] =
          i < withDistance ? nearest.undefined(i - kept) : nearest.absent(i - withDistance);
      values[i] = Double.NaN;
    }
    int tail = index.isPresent() ? size - indexed : 0;
    return new SegmentHits(
        total == room ? ordinals : Arrays.copyOf(ordinals, total),
        total == room ? values : Arrays.copyOf(values, total),
        withDistance,
        new SegmentStatistics(
            strategy,
            visitedNodes,
            gate.tested(),
            distances,
            Math.max(rescored, comparable),
            indexed,
            tail,
            estimatedMatches));
  }

  /// Puts a hit into its place by distance and ordinal: final distances may order rows a little
  /// differently than keys did.
  private static int insert(
      int[] ordinals, double[] distances, int count, int ordinal, double distance) {
    int place = count;
    while (place > 0 && isAfter(distances[place - 1], ordinals[place - 1], distance, ordinal)) {
      distances[place] = distances[place - 1];
      ordinals[place] = ordinals[place - 1];
      place--;
    }
    distances[place] = distance;
    ordinals[place] = ordinal;
    return count + 1;
  }

  private static boolean isAfter(
      double leftDistance, int leftOrdinal, double rightDistance, int rightOrdinal) {
    int order = Double.compare(leftDistance, rightDistance);
    return order > 0 || (order == 0 && leftOrdinal > rightOrdinal);
  }
}
