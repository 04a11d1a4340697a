package io.alidade.engine.search;

import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.FilterEstimate;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.Walk;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.VectorStore;
import java.util.Arrays;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;

/// The search of one segment: estimates, chooses the cheapest strategy that gives the full answer,
/// runs it, and compares every matching row when a walk has not filled the limit (promise P1).
///
/// Made for one query and segment, used once.
public final class SegmentSearch {
  /// A segment of so many rows is scanned in the time that estimating would take.
  private static final int SMALL = 1000;

  /// A walk must be expected to cost less than this share of a scan, which finds everything and
  /// depends less on what was estimated.
  private static final double WALK_MARGIN = 0.75;

  private final SegmentView segment;
  private final VectorQuery query;
  private final VectorStore vectors;
  private final Optional<HnswIndex> index;
  private final RowGate gate;
  private final SearchCosts costs;

  /// Read once: the graph may grow meanwhile, and then more would be indexed than is scanned.
  private final int indexed;

  private final int size;
  private final QueryScorer scorer;
  private final int[] batch;
  private final float[] keys;
  private int batched;
  private long distances;
  private long visitedNodes;

  private SegmentSearch(
      SegmentView segment, VectorQuery query, Checkpoint checkpoint, SearchScratch scratch) {
    this.segment = segment;
    this.query = query;
    this.vectors = segment.vectors(query.column());
    this.index = segment.vectorIndex(query.column(), query.distance());
    this.size = segment.size();
    this.indexed = Math.min(size, index.map(HnswIndex::indexedCount).orElse(0));
    BoundFilter filter = BoundFilter.bind(query.filter(), segment);
    this.gate = new RowGate(segment, filter, checkpoint);
    this.scorer = scratch.scorer();
    this.batch = scratch.batch();
    this.keys = scratch.keys();
    this.costs = new SearchCosts(vectors.dimensions(), query.filter());
  }

  /// Finds the nearest rows of a segment.
  public static SegmentHits search(
      SegmentView segment, VectorQuery query, Checkpoint checkpoint, SearchScratch scratch) {
    checkpoint.pass();
    SegmentSearch search = new SegmentSearch(segment, query, checkpoint, scratch);
    try {
      return search.run();
    } finally {
      scratch.scorer().forgetStore();
    }
  }

  private SegmentHits run() {
    int limit = Math.min(query.limit(), size);
    NearestRows nearest = new NearestRows(limit);
    scorer.setStore(vectors, query.distance());
    scorer.setQuery(query.query());
    if (limit == 0) {
      return finish(nearest, Strategy.NONE, 0);
    }
    FilterEstimate estimate = estimate();
    Strategy strategy = choose(estimate, limit);
    if (strategy == Strategy.WALK) {
      walk(nearest, limit, estimate);
      if (!isFull(nearest, limit)) {
        strategy = Strategy.WALK_THEN_EXACT;
        nearest = new NearestRows(limit);
        scan(nearest, estimate);
      }
    } else {
      scan(nearest, estimate);
    }
    return finish(nearest, strategy, estimate.matches());
  }

  private FilterEstimate estimate() {
    int live = Math.min(size, segment.liveCount());
    if (size <= SMALL && indexed == 0 && segment.orderedIndexes().isEmpty()) {
      return new FilterEstimate(live, Optional.empty()); // There is nothing to choose from.
    }
    return FilterEstimate.of(query.filter(), segment, live, gate);
  }

  private Strategy choose(FilterEstimate estimate, int limit) {
    Strategy scan = isListed(estimate) ? Strategy.LIST : Strategy.EXACT;
    if (query.options().mode() == SearchOptions.Mode.EXACT
        || indexed == 0
        || scorer.isUndefined()) {
      return scan;
    }
    int tail = size - indexed;
    double share = estimate.matches() / (double) size;
    double walk = costs.walk(ef(limit), share, indexed) + costs.exact(tail, (long) (tail * share));
    return walk < WALK_MARGIN * scanCost(estimate) ? Strategy.WALK : scan;
  }

  /// Whether listing the rows from an index is cheaper than testing all.
  private boolean isListed(FilterEstimate estimate) {
    return estimate
        .path()
        .filter(path ->
            costs.list(path.count(), estimate.matches()) < costs.exact(size, estimate.matches()))
        .isPresent();
  }

  private double scanCost(FilterEstimate estimate) {
    double exact = costs.exact(size, estimate.matches());
    return estimate
        .path()
        .map(path -> Math.min(exact, costs.list(path.count(), estimate.matches())))
        .orElse(exact);
  }

  private int ef(int limit) {
    return Math.max(query.options().ef(), limit);
  }

  private void walk(NearestRows nearest, int limit, FilterEstimate estimate) {
    HnswIndex graph = index.orElseThrow();
    // Where the filter lets through less than was estimated, the walk gives up when it has cost as
    // much again as the scan that then follows.
    long budget =
        costs.nodesFor(scanCost(estimate)) + costs.nodesFor(costs.walk(ef(limit), 1, indexed));
    try (Walk walk = graph.walk()) {
      walk.run(
          query.query(), ef(limit), ordinal -> ordinal < indexed && gate.test(ordinal), budget);
      visitedNodes = walk.visitedNodes();
      distances += walk.visitedNodes();
      if (walk.isComplete()) {
        for (int i = 0; i < Math.min(limit, walk.size()); i++) {
          nearest.offer(walk.key(i), walk.ordinal(i));
        }
      }
    }
    if (nearest.size() == limit && indexed < size) {
      scanRange(indexed, nearest, estimate);
    }
  }

  /// Whether the limit is filled by rows that surely belong to the answer.
  private boolean isFull(NearestRows nearest, int limit) {
    if (nearest.size() < limit) {
      return false;
    }
    return query.bound().isEmpty()
        || query.bound().get().admits(scorer.distance(nearest.farthest()));
  }

  private void scan(NearestRows nearest, FilterEstimate estimate) {
    if (isListed(estimate)) {
      scanScattered(estimate.path().orElseThrow().ordinals(), nearest);
    } else {
      scanRange(0, nearest, estimate);
    }
  }

  private void scanRange(int from, NearestRows nearest, FilterEstimate estimate) {
    PrimitiveIterator.OfInt ordinals = IntStream.range(from, size).iterator();
    if (SearchCosts.isDense(estimate.matches(), size)) {
      scanInOrder(ordinals, nearest);
    } else {
      scanScattered(ordinals, nearest);
    }
  }

  private void scanInOrder(PrimitiveIterator.OfInt ordinals, NearestRows nearest) {
    while (ordinals.hasNext()) {
      int ordinal = ordinals.nextInt();
      if (gate.test(ordinal)) {
        if (vectors.isPresent(ordinal)) {
          nearest.offer(scorer.key(ordinal), ordinal);
          distances++;
        } else {
          nearest.addAbsent(ordinal);
        }
      }
    }
  }

  private void scanScattered(PrimitiveIterator.OfInt ordinals, NearestRows nearest) {
    while (ordinals.hasNext()) {
      int ordinal = ordinals.nextInt();
      if (gate.test(ordinal)) {
        if (vectors.isPresent(ordinal)) {
          batch[batched++] = ordinal;
          if (batched == batch.length) {
            compareBatch(nearest);
          }
        } else {
          nearest.addAbsent(ordinal);
        }
      }
    }
    compareBatch(nearest);
  }

  private void compareBatch(NearestRows nearest) {
    scorer.keys(batch, 0, batched, keys);
    distances += batched;
    for (int i = 0; i < batched; i++) {
      nearest.offer(keys[i], batch[i]);
    }
    batched = 0;
  }

  private SegmentHits finish(NearestRows nearest, Strategy strategy, long estimatedMatches) {
    int limit = Math.min(query.limit(), size);
    int[] comparable = nearest.nearest();
    double[] exact = new double[comparable.length];
    int kept = 0;
    for (int ordinal : comparable) {
      double distance = scorer.distance(ordinal);
      if (query.bound().isEmpty() || query.bound().get().admits(distance)) {
        kept = insert(comparable, exact, kept, ordinal, distance);
      }
    }
    boolean withoutOrder = query.bound().isEmpty(); // NaN and NULL are within no bound.
    int[] undefined = withoutOrder ? nearest.undefined() : new int[0];
    int[] absent = withoutOrder ? nearest.absent() : new int[0];
    int withDistance = Math.min(limit, kept + undefined.length);
    int total = Math.min(limit, withDistance + absent.length);
    int[] ordinals = Arrays.copyOf(comparable, total);
    double[] values = Arrays.copyOf(exact, total);
    for (int i = kept; i < total; i++) {
      ordinals[i] = i < withDistance ? undefined[i - kept] : absent[i - withDistance];
      values[i] = Double.NaN;
    }
    int tail = index.isPresent() ? size - indexed : 0;
    return new SegmentHits(
        ordinals,
        values,
        withDistance,
        new SegmentStatistics(
            strategy,
            visitedNodes,
            gate.tested(),
            distances,
            comparable.length,
            indexed,
            tail,
            estimatedMatches));
  }

  /// Puts a hit into its place by distance and ordinal: final distances may order rows a little
  /// differently than keys did. The array is read ahead of where it is written.
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
