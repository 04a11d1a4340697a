package io.alidade.engine.search;

import io.alidade.engine.filter.BoundFilter;
import java.util.function.IntPredicate;

/// Lets through the rows of a segment that a query wants: published, visible, matching. Counts them
/// and passes the checkpoint. Used by one thread.
final class RowGate implements IntPredicate {
  private SegmentView segment = NoRows.INSTANCE;
  private BoundFilter filter = BoundFilter.EVERY;
  private Checkpoint checkpoint = Checkpoint.NONE;
  private int size;
  private long tested;

  /// A gate that lets nothing through until it is set.
  RowGate() {}

  /// A gate for the rows of one segment.
  RowGate(SegmentView segment, BoundFilter filter, Checkpoint checkpoint) {
    set(segment, filter, checkpoint);
  }

  /// Lets through the rows of this segment from now on and counts anew.
  void set(SegmentView newSegment, BoundFilter newFilter, Checkpoint newCheckpoint) {
    segment = newSegment;
    filter = newFilter;
    checkpoint = newCheckpoint;
    size = segment.size();
    tested = 0;
  }

  /// Lets go of the segment.
  void clear() {
    set(NoRows.INSTANCE, BoundFilter.EVERY, Checkpoint.NONE);
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

  /// Where a scan goes on that has come to an ordinal.
  int next(int ordinal) {
    return segment.next(ordinal);
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
