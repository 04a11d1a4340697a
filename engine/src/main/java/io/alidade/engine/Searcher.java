package io.alidade.engine;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchScratch;
import io.alidade.engine.search.SearchStatistics;
import io.alidade.engine.search.SegmentHits;
import io.alidade.engine.search.SegmentSearch;
import io.alidade.engine.search.SegmentStatistics;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.VectorQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Finds the nearest rows of a table over all its segments. Thread-safe.
public final class Searcher {
  /// Scratch memory kept for the next queries; more at once is made as needed and then dropped.
  private static final int POOLED_SCRATCH = 2 * Runtime.getRuntime().availableProcessors();

  private final BlockingQueue<SearchScratch> pool = new ArrayBlockingQueue<>(POOLED_SCRATCH);

  /// Runs the query on the calling thread. The segments' memory must stay valid meanwhile.
  ///
  /// Returns the full limit whenever that many visible rows match (promise P1).
  public SearchResult search(List<SegmentView> segments, VectorQuery query, Checkpoint checkpoint) {
    List<SegmentHits> found = new ArrayList<>(segments.size());
    List<SegmentStatistics> statistics = new ArrayList<>(segments.size());
    SearchScratch pooled = pool.poll();
    SearchScratch scratch = pooled != null ? pooled : new SearchScratch();
    try {
      for (SegmentView segment : segments) {
        SegmentHits hits = SegmentSearch.search(segment, query, checkpoint, scratch);
        found.add(hits);
        statistics.add(hits.statistics());
      }
    } finally {
      pool.offer(scratch);
    }
    return merge(found, query.limit(), new SearchStatistics(statistics));
  }

  private static SearchResult merge(
      List<SegmentHits> found, int limit, SearchStatistics statistics) {
    long available = found.stream().mapToLong(SegmentHits::size).sum();
    int size = (int) Math.min(limit, available);
    int[] segments = new int[size];
    int[] ordinals = new int[size];
    double[] distances = new double[size];
    int[] heads = new int[found.size()];
    int withDistance = 0;
    for (int i = 0; i < size; i++) {
      int nearest = nearestHead(found, heads);
      SegmentHits hits = found.get(nearest);
      int hit = heads[nearest]++;
      segments[i] = nearest;
      ordinals[i] = hits.ordinal(hit);
      distances[i] = hits.distance(hit);
      if (hit < hits.withDistance()) {
        withDistance++;
      }
    }
    return new SearchResult(segments, ordinals, distances, withDistance, statistics);
  }

  /// The segment whose next hit comes first; the first of them on a tie.
  private static int nearestHead(List<SegmentHits> found, int[] heads) {
    int nearest = -1;
    for (int segment = 0; segment < heads.length; segment++) {
      if (heads[segment] < found.get(segment).size()
          && (nearest < 0 || comesBefore(found, heads, segment, nearest))) {
        nearest = segment;
      }
    }
    return nearest;
  }

  private static boolean comesBefore(List<SegmentHits> found, int[] heads, int left, int right) {
    SegmentHits leftHits = found.get(left);
    SegmentHits rightHits = found.get(right);
    boolean leftAbsent = heads[left] >= leftHits.withDistance();
    boolean rightAbsent = heads[right] >= rightHits.withDistance();
    if (leftAbsent || rightAbsent) {
      return !leftAbsent; // NULL comes after every distance, NaN included.
    }
    return Double.compare(leftHits.distance(heads[left]), rightHits.distance(heads[right])) < 0;
  }
}
