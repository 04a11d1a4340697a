package io.alidade.engine.search;

import io.alidade.engine.filter.BoundFilter;
import java.util.function.IntPredicate;

/// Lets through the rows of a segment that a query wants: published, visible, matching. Counts them
/// and passes the checkpoint. Used by one thread.
final class RowGate implements IntPredicate {
  private final SegmentView segment;
  private final BoundFilter filter;
  private final Checkpoint checkpoint;
  private final int size;
  private long tested;

  RowGate(SegmentView segment, BoundFilter filter, Checkpoint checkpoint) {
    this.segment = segment;
    this.filter = filter;
    this.checkpoint = checkpoint;
    this.size = segment.size();
  }

  @Override
  public boolean test(int ordinal) {
    if (++tested % Checkpoint.ROWS_BETWEEN == 0) {
      checkpoint.pass();
    }
    return ordinal < size && segment.isVisible(ordinal) && filter.matches(ordinal);
  }

  /// Whether a row that is known to match is there for the query.
  boolean testVisible(int ordinal) {
    if (++tested % Checkpoint.ROWS_BETWEEN == 0) {
      checkpoint.pass();
    }
    return ordinal < size && segment.isVisible(ordinal);
  }

  /// Passes the checkpoint, for work that tests few rows.
  void checkpoint() {
    checkpoint.pass();
  }

  /// How many rows have been asked about.
  long tested() {
    return tested;
  }

  /// Counts what another thread's gate was asked, too.
  void add(RowGate other) {
    tested += other.tested;
  }
}
