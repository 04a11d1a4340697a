package io.alidade.engine.search;

import io.alidade.engine.filter.Filter;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/// The visible rows of a segment that match a filter, by an ordered index where that is cheaper.
///
/// The order is that of the index if one is used, otherwise by ordinal. Used by one thread.
public final class FilteredScan implements PrimitiveIterator.OfInt {
  /// Starts a scan.
  public static FilteredScan open(SegmentView segment, Filter filter, Checkpoint checkpoint) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean hasNext() {
    throw new UnsupportedOperationException();
  }

  /// The next ordinal.
  @Override
  public int nextInt() {
    throw new NoSuchElementException();
  }

  /// The rows looked at so far.
  public long testedRows() {
    throw new UnsupportedOperationException();
  }
}
