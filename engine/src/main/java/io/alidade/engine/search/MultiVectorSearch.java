package io.alidade.engine.search;

import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.filter.FilterEstimate;
import io.alidade.engine.multivector.MultiVectorIndex;
import io.alidade.engine.multivector.MultiVectorScorer;
import io.alidade.engine.multivector.MultiVectorWalk;
import io.alidade.engine.multivector.MultiVectors;
import io.alidade.engine.vector.Distance;
import java.util.List;

/// The search of a segment whose rows are lists of vectors, by max_sim ([MultiVectorScorer]).
///
/// Without an index every row that matches is scored. With one it is walked where that is expected
/// to be cheaper, and every row scored when the walks have not filled the limit (promise P1).
/// Scores are exact either way. Made for one query and segment, used once.
public final class MultiVectorSearch {
  /// The checkpoint is passed after so many comparisons of two vectors.
  private static final long PAIRS_BETWEEN = 1 << 16;

  /// Fewer rows than this are not worth leaving out.
  private static final int FEWEST_SCORED = 50;

  /// So many times as many vectors are found where those of before were of too few rows.
  private static final int WIDENING = 4;

  /// Walks must be expected to cost less than this share of scoring everything.
  private static final double WALK_MARGIN = 0.75;

  /// Walks are given up when they have cost so many times what was expected, and so much of the
  /// exact search that then follows.
  private static final double WALK_PATIENCE = 1.5;

  private static final double WALK_SHARE_OF_EXACT = 0.5;

  private final SegmentView segment;
  private final MultiVectors rows;
  private final Query query;
  private final Checkpoint checkpoint;
  private final RowGate gate;
  private final NearestLists nearest;
  private final int limit;
  private long pairs;
  private long visited;
  private int scored;

  private MultiVectorSearch(
      SegmentView segment, MultiVectors rows, Query query, Checkpoint checkpoint) {
    this.segment = segment;
    this.rows = rows;
    this.query = query;
    this.checkpoint = checkpoint;
    this.gate = new RowGate(segment, BoundFilter.bind(query.filter, segment), checkpoint);
    this.limit = Math.min(query.limit, segment.size());
    this.nearest = new NearestLists(Math.max(1, limit));
  }

  /// A row that was found.
  ///
  /// @param score greater is nearer
  public record Hit(int ordinal, double score) implements Comparable<Hit> {
    /// The greatest score first, then by ordinal.
    @Override
    public int compareTo(Hit other) {
      int order = Double.compare(other.score, score);
      return order != 0 ? order : Integer.compare(ordinal, other.ordinal);
    }
  }

  /// What is asked.
  ///
  /// @param vectors at least one
  /// @param limit how many rows at most
  public record Query(
      float[][] vectors, Distance distance, int limit, Filter filter, MultiVectorOptions options) {
    public Query {
      if (limit < 0) {
        throw new IllegalArgumentException("limit " + limit + " is negative");
      }
    }

    /// With the default options.
    public Query(float[][] vectors, Distance distance, int limit, Filter filter) {
      this(vectors, distance, limit, filter, MultiVectorOptions.DEFAULT);
    }
  }

  /// What was found, the nearest first, and what that took.
  ///
  /// @param visitedNodes the vectors that walks compared with a vector of the query
  /// @param scoredRows the rows that were scored
  public record Found(List<Hit> hits, Strategy strategy, long visitedNodes, int scoredRows) {}

  /// Finds the rows of the greatest score, the first being the nearest, by scoring all that match.
  /// Rows without vectors, or without a score, are never found.
  public static List<Hit> search(
      SegmentView segment, MultiVectors rows, Query query, Checkpoint checkpoint) {
    checkpoint.pass();
    MultiVectorScorer scorer = new MultiVectorScorer(rows, query.distance, query.vectors);
    MultiVectorSearch search = new MultiVectorSearch(segment, rows, query, checkpoint);
    search.scoreMatches(scorer);
    return search.nearest.sorted();
  }

  /// Finds rows of great score, the first being the nearest, with an index: as many as match, up to
  /// the limit. Rows without vectors, or without a score, are never found.
  ///
  /// @throws IllegalArgumentException if the index is for another distance
  public static Found search(
      SegmentView segment, MultiVectorIndex index, Query query, Checkpoint checkpoint) {
    if (index.distance() != query.distance) {
      throw new IllegalArgumentException(
          "an index for " + index.distance() + ", asked for " + query.distance);
    }
    checkpoint.pass();
    try (MultiVectorWalk walk = index.walk()) {
      walk.scorer().setQuery(query.vectors);
      MultiVectorSearch search = new MultiVectorSearch(segment, index.rows(), query, checkpoint);
      Strategy strategy = search.run(index, walk);
      return new Found(search.nearest.sorted(), strategy, search.visited, search.scored);
    }
  }

  private Strategy run(MultiVectorIndex index, MultiVectorWalk walk) {
    if (limit == 0) {
      return Strategy.NONE;
    }
    int indexed = Math.min(segment.size(), index.indexedCount()); // Once: it may grow meanwhile.
    Plan plan = indexed == 0 ? Plan.EXACT : plan(index, indexed);
    if (plan.budget > 0) {
      if (walkUntilFull(walk, indexed, plan)) {
        score(walk.scorer(), indexed, segment.size());
        if (nearest.isFull()) {
          return Strategy.WALK;
        }
      }
      nearest.clear();
    }
    scoreMatches(walk.scorer());
    return plan.budget > 0 ? Strategy.WALK_THEN_EXACT : Strategy.EXACT;
  }

  /// What is to be done.
  ///
  /// @param share of the rows that is expected to match
  /// @param budget the nodes that walks may visit; none if there had better be no walks
  private record Plan(double share, long budget) {
    static final Plan EXACT = new Plan(1, 0);
  }

  private Plan plan(MultiVectorIndex index, int indexed) {
    if (query.options.mode() == SearchOptions.Mode.EXACT) {
      return Plan.EXACT;
    }
    int size = segment.size();
    int live = Math.min(size, segment.liveCount());
    FilterEstimate estimate = FilterEstimate.of(query.filter, segment, live, gate);
    double share = Math.clamp((double) estimate.matches() / size, 0.5 / size, 1);
    MultiVectorCosts costs =
        new MultiVectorCosts(
            rows.vectors().dimensions(),
            query.vectors.length,
            Math.max(1, (double) index.vectorCount() / indexed));
    double exact = costs.exact(size, estimate.matches());
    double walks = costs.walks(ef(), share, index.vectorCount());
    double again = costs.score(Math.min(scoredRows(), estimate.matches()));
    double tail = costs.exact(size - indexed, (size - indexed) * share);
    if (walks + again + tail >= WALK_MARGIN * exact) {
      return Plan.EXACT;
    }
    double most = Math.max(WALK_PATIENCE * walks, WALK_SHARE_OF_EXACT * exact);
    return new Plan(share, Math.max(1, costs.nodesFor(most)));
  }

  private int ef() {
    return (int) Math.clamp(2L * limit, query.options.ef(), SearchOptions.MAX_EF);
  }

  private int scoredRows() {
    return (int)
        Math.clamp((long) limit * query.options.oversampling(), FEWEST_SCORED, Integer.MAX_VALUE);
  }

  /// Walks and scores what was found, and farther if that were too few rows: of a few rows many
  /// vectors each may be the nearest.
  ///
  /// @return whether there were as many as are wanted
  private boolean walkUntilFull(MultiVectorWalk walk, int indexed, Plan plan) {
    for (long width = ef(); width <= SearchOptions.MAX_EF; width *= WIDENING) {
      nearest.clear();
      walk.begin(indexed, gate, plan.share);
      boolean complete = walk(walk, (int) width, plan.budget - visited);
      visited += walk.visitedNodes();
      if (!complete) {
        return false;
      }
      if (scoreFound(walk)) {
        return true;
      }
    }
    return false;
  }

  /// Walks for each vector of the query.
  ///
  /// @return whether the budget has sufficed
  private boolean walk(MultiVectorWalk walk, int width, long budget) {
    boolean complete = budget > 0;
    for (int i = 0; i < query.vectors.length && complete; i++) {
      checkpoint.pass();
      complete = walk.scorer().isUndefined(i) || walk.find(query.vectors[i], width, budget);
    }
    return complete;
  }

  /// Scores the best of the rows that were found.
  ///
  /// @return whether there were as many as are wanted
  private boolean scoreFound(MultiVectorWalk walk) {
    int found = Math.min(walk.rank(), scoredRows());
    for (int place = 0; place < found; place++) {
      if (nearest.isFull() && walk.bound(place) < nearest.least()) {
        break; // No other can be nearer.
      }
      offer(walk.scorer(), walk.row(place));
    }
    return nearest.isFull();
  }

  private void score(MultiVectorScorer scorer, int from, int end) {
    for (int ordinal = from; ordinal < end; ordinal++) {
      if (gate.test(ordinal)) {
        offer(scorer, ordinal);
      }
    }
  }

  private void scoreMatches(MultiVectorScorer scorer) {
    if (limit > 0) {
      FilteredScan matches = FilteredScan.open(segment, query.filter, checkpoint);
      while (matches.hasNext()) {
        offer(scorer, matches.nextInt());
      }
    }
  }

  private void offer(MultiVectorScorer scorer, int ordinal) {
    int count = rows.count(ordinal);
    if (count == 0) {
      return;
    }
    pairs += (long) count * query.vectors.length;
    if (pairs >= PAIRS_BETWEEN) {
      pairs = 0;
      checkpoint.pass();
    }
    scored++;
    nearest.offer(ordinal, scorer.score(ordinal));
  }
}
