package io.alidade.engine.search;

import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.filter.IndexPath;
import io.alidade.engine.payload.OrderedIndex;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;

/// The visible rows of a segment that match a filter, by an ordered index where that is cheaper.
///
/// The order is that of the index if one is used, otherwise by ordinal. Used by one thread.
public final class FilteredScan implements PrimitiveIterator.OfInt {
  /// An index is used if it leaves fewer rows than one in so many: reading in its order is slower.
  private static final int INDEX_WORTH = 4;

  private static final int NO_ORDINAL = -1;

  private final PrimitiveIterator.OfInt candidates;
  private final RowGate gate;
  private final Optional<OrderedIndex> index;
  private int next = NO_ORDINAL;

  private FilteredScan(
      PrimitiveIterator.OfInt candidates, RowGate gate, Optional<OrderedIndex> index) {
    this.candidates = candidates;
    this.gate = gate;
    this.index = index;
  }

  /// Starts a scan.
  public static FilteredScan open(SegmentView segment, Filter filter, Checkpoint checkpoint) {
    BoundFilter bound = BoundFilter.bind(filter, segment);
    RowGate gate = new RowGate(segment, bound, checkpoint);
    if (bound.isNone()) {
      return new FilteredScan(IntStream.empty().iterator(), gate, Optional.empty());
    }
    int size = segment.size();
    Optional<IndexPath> path = IndexPath.best(filter, segment, size / INDEX_WORTH + 1);
    PrimitiveIterator.OfInt candidates =
        path.map(IndexPath::ordinals).orElseGet(() -> IntStream.range(0, size).iterator());
    return new FilteredScan(candidates, gate, path.map(IndexPath::index));
  }

  /// Starts a scan of ordinals that somebody else lists, such as an index in its order.
  public static FilteredScan of(
      PrimitiveIterator.OfInt candidates,
      SegmentView segment,
      Filter filter,
      Checkpoint checkpoint) {
    BoundFilter bound = BoundFilter.bind(filter, segment);
    return new FilteredScan(
        bound.isNone() ? IntStream.empty().iterator() : candidates,
        new RowGate(segment, bound, checkpoint),
        Optional.empty());
  }

  @Override
  public boolean hasNext() {
    while (next == NO_ORDINAL && candidates.hasNext()) {
      int candidate = candidates.nextInt();
      if (gate.test(candidate)) {
        next = candidate;
      }
    }
    return next != NO_ORDINAL;
  }

  /// The next ordinal.
  @Override
  public int nextInt() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int ordinal = next;
    next = NO_ORDINAL;
    return ordinal;
  }

  /// The rows looked at so far.
  public long testedRows() {
    return gate.tested();
  }

  /// The index that lists the rows, if one does.
  public Optional<OrderedIndex> index() {
    return index;
  }
}
