package io.alidade.engine;

import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchWorkers;
import io.alidade.engine.search.SegmentSearch;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.VectorQuery;
import java.util.List;

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
    SearchResult result = new SearchResult();
    search(segments, query, checkpoint, result);
    return result;
  }

  /// The same, with the answer in a result that is used again. On one thread an unfiltered search
  /// allocates nothing once result and scratch memory have grown.
  public void search(
      List<SegmentView> segments, VectorQuery query, Checkpoint checkpoint, SearchResult result) {
    search(segments, List.of(), query, checkpoint, result);
  }

  /// The same under a filter that was bound beforehand, for many searches under one filter. On one
  /// thread such a search allocates nothing either, except the iterators of an ordered index where
  /// that lists the rows, and what decoding values for the filter takes (see [BoundFilter]).
  ///
  /// @param filters the query's filter, bound to each of the segments; if empty it is bound here
  public void search(
      List<SegmentView> segments,
      List<BoundFilter> filters,
      VectorQuery query,
      Checkpoint checkpoint,
      SearchResult result) {
    if (!filters.isEmpty() && filters.size() != segments.size()) {
      throw new IllegalArgumentException(filters.size() + " filters for " + segments.size());
    }
    result.begin(segments.size());
    workers.enter();
    try {
      if (workers.idle() > 0 && areLarge(segments) && query.isShareable()) {
        workers.each(
            segments.size(),
            checkpoint,
            (i, common) -> search(i, segments, filters, query, common, result));
      } else {
        for (int i = 0; i < segments.size(); i++) {
          search(i, segments, filters, query, checkpoint, result);
        }
      }
    } finally {
      workers.leave();
    }
    result.merge(query.limit());
  }

  private void search(
      int number,
      List<SegmentView> segments,
      List<BoundFilter> filters,
      VectorQuery query,
      Checkpoint checkpoint,
      SearchResult result) {
    SegmentView segment = segments.get(number);
    BoundFilter filter =
        filters.isEmpty() ? BoundFilter.bind(query.filter(), segment) : filters.get(number);
    SegmentSearch.search(segment, filter, query, checkpoint, workers, result.hits(number));
  }

  /// Whether there are two segments at least that are worth a thread each.
  private static boolean areLarge(List<SegmentView> segments) {
    int large = 0;
    for (int i = 0; i < segments.size(); i++) {
      large += segments.get(i).size() >= LARGE_SEGMENT ? 1 : 0;
    }
    return large > 1;
  }
}
