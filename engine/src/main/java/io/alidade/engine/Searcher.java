package io.alidade.engine;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.VectorQuery;
import java.util.List;

/// Finds the nearest rows of a table over all its segments. Thread-safe.
public final class Searcher {
  /// Runs the query on the calling thread. The segments' memory must stay valid meanwhile.
  ///
  /// Returns the full limit whenever that many visible rows match (promise P1).
  public SearchResult search(
      List<SegmentView> segments, VectorQuery query, Checkpoint checkpoint) {
    throw new UnsupportedOperationException();
  }
}
