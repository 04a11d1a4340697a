package io.alidade.engine;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchStatistics;
import io.alidade.engine.search.SearchWorkers;
import io.alidade.engine.search.SegmentHits;
import io.alidade.engine.search.SegmentSearch;
import io.alidade.engine.search.SegmentStatistics;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.VectorQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds the nearest rows of a table over all its segments. Thread-safe.
public final class Searcher {
  /// Segments of fewer rows are searched in less time than it takes to ask for help.
  private static final int LARGE_SEGMENT = 20_000;

  private final SearchWorkers workers;

  /// A searcher that may use all cores of the machine.
  public Searcher() {
    this(Runtime.getRuntime().availableProcessors());
  }

  /// @param cores how many threads may search at once, over all queries
  public Searcher(int cores) {
    workers = new SearchWorkers(cores);
  }

  /// Runs the query on the calling thread, and on others while cores are idle; the answer is the
  /// same. The segments' memory must stay valid meanwhile.
  ///
  /// Returns the full limit whenever that many visible rows match (promise P1).
  public SearchResult search(List<SegmentView> segments, VectorQuery query, Checkpoint checkpoint) {
    @Nullable SegmentHits[] hits = new SegmentHits[segments.size()];
    workers.enter();
    try {
      if (workers.idle() > 0 && areLarge(segments) && query.isShareable()) {
        workers.each(
            hits.length,
            checkpoint,
            (i, common) -> hits[i] = SegmentSearch.search(segments.get(i), query, common, workers));
      } else {
        for (int i = 0; i < hits.length; i++) {
          hits[i] = SegmentSearch.search(segments.get(i), query, checkpoint, workers);
        }
      }
    } finally {
      workers.leave();
    }
    List<SegmentHits> found = new ArrayList<>(hits.length);
    List<SegmentStatistics> statistics = new ArrayList<>(hits.length);
    for (SegmentHits each : hits) {
      found.add(Objects.requireNonNull(each));
      statistics.add(each.statistics());
    }
    return merge(found, query.limit(), new SearchStatistics(statistics));
  }

  /// Whether there are two segments at least that are worth a thread each.
  private static boolean areLarge(List<SegmentView> segments) {
    int large = 0;
    for (SegmentView segment : segments) {
      large += segment.size() >= LARGE_SEGMENT ? 1 : 0;
    }
    return large > 1;
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
