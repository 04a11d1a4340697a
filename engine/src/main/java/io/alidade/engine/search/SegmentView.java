package io.alidade.engine.search;

import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.payload.SegmentColumns;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.util.Optional;

/// One segment as one statement sees it: at an LSN, with the own transaction's changes.
///
/// [#size] does not change during the life of a view; memory reached through it stays valid until
/// the view that holds it is closed. Thread-safety: any number of readers.
public interface SegmentView extends SegmentColumns {
  /// Whether the row version is there at the view's LSN and not hidden by the own transaction.
  boolean isVisible(int ordinal);

  /// The least ordinal that is not below this one and may be visible, or [#size]: a scan goes on
  /// there.
  default int next(int ordinal) {
    return ordinal;
  }

  /// About how many ordinals are visible.
  int liveCount();

  /// The vectors of a vector column, one row an ordinal; `size()` of it is at least the view's.
  VectorStore vectors(int columnIndex);

  /// The graph over a vector column for a distance, if one is being kept.
  Optional<HnswIndex> vectorIndex(int columnIndex, Distance distance);
}
