package io.alidade.engine.filter;

import io.alidade.engine.payload.KeyRange;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.payload.SegmentColumns;
import io.alidade.engine.payload.ValueOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Ranges of an ordered index that hold every row a filter can be true for, and perhaps others.
///
/// @param ranges disjoint, in rising order
/// @param count the ordinals in them, visible or not
public record IndexPath(OrderedIndex index, List<KeyRange> ranges, int count, Content content) {
  /// What the ranges hold.
  public enum Content {
    /// The rows that match and no others: the filter need not be tested.
    MATCHES,
    /// Other rows, too: the filter is still to be tested on each.
    CANDIDATES
  }

  /// The longest IN list that is looked up value by value.
  private static final int MOST_VALUES = 1000;

  public IndexPath {
    ranges = List.copyOf(ranges);
  }

  /// The path with the fewest ordinals over a segment's indexes; empty if none narrows the filter
  /// to fewer than `limit`. Some indexes count by walking, so a high limit has its price.
  public static Optional<IndexPath> best(Filter filter, SegmentColumns segment, int limit) {
    List<OrderedIndex> indexes = segment.orderedIndexes();
    if (indexes.isEmpty()) {
      return Optional.empty();
    }
    List<Filter> conjuncts = new ArrayList<>();
    collect(filter, conjuncts);
    Optional<IndexPath> best = Optional.empty();
    int fewest = limit;
    for (OrderedIndex index : indexes) {
      Optional<IndexPath> path = path(index, conjuncts, segment, fewest);
      if (path.isPresent() && path.get().count < fewest) {
        best = path;
        fewest = path.get().count;
      }
    }
    return best;
  }

  /// What the ranges over an index hold, where they were made from these conjuncts.
  private static Content content(OrderedIndex index, List<Filter> conjuncts) {
    if (conjuncts.size() != 1) {
      return Content.CANDIDATES;
    }
    boolean whole =
        switch (conjuncts.getFirst()) {
          case Filter.Compare(int column, Filter.Comparison comparison, Object _) ->
              comparison != Filter.Comparison.NOT_EQUAL && isFirst(column, index);
          case Filter.In(int column, List<Object> _) -> isFirst(column, index);
          case Filter.IsNull(int column) -> isFirst(column, index);
          case Filter.IsNotNull(int column) -> isFirst(column, index);
          case Filter.Constant _, Filter.And _, Filter.Or _, Filter.Not _, Filter.Computed _ ->
              false;
        };
    return whole ? Content.MATCHES : Content.CANDIDATES;
  }

  private static boolean isFirst(int column, OrderedIndex index) {
    return index.columns().getFirst() == column;
  }

  /// The filters of which each must be true for the whole to be.
  private static void collect(Filter filter, List<Filter> conjuncts) {
    if (filter instanceof Filter.And(var operands)) {
      operands.forEach(operand -> collect(operand, conjuncts));
    } else if (filter instanceof Filter.Or(var operands)) {
      List<Filter> possible = operands.stream().filter(operand -> !isNeverTrue(operand)).toList();
      if (possible.size() == 1) { // `x IN (1, NULL)` is true where `x IN (1)` is.
        collect(possible.getFirst(), conjuncts);
      } else {
        conjuncts.add(filter);
      }
    } else {
      conjuncts.add(filter);
    }
  }

  private static boolean isNeverTrue(Filter filter) {
    return filter instanceof Filter.Constant(Truth truth) && truth != Truth.TRUE;
  }

  private static Optional<IndexPath> path(
      OrderedIndex index, List<Filter> conjuncts, SegmentColumns segment, int limit) {
    List<@Nullable Object> prefix = new ArrayList<>();
    for (int column : index.columns()) {
      Optional<List<@Nullable Object>> fixed = fixedValues(column, conjuncts, segment);
      if (fixed.isPresent() && fixed.get().size() == 1) {
        prefix.add(fixed.get().getFirst());
        continue;
      }
      List<KeyRange> ranges =
          fixed.isPresent()
              ? fixed.get().stream().map(value -> KeyRange.equalTo(with(prefix, value))).toList()
              : range(column, conjuncts, prefix, segment).stream().toList();
      return fixed.isEmpty() && ranges.isEmpty()
          ? wholePrefix(index, prefix, limit, content(index, conjuncts))
          : Optional.of(counted(index, ranges, limit, content(index, conjuncts)));
    }
    return wholePrefix(index, prefix, limit, content(index, conjuncts));
  }

  private static Optional<IndexPath> wholePrefix(
      OrderedIndex index, List<@Nullable Object> prefix, int limit, Content content) {
    return prefix.isEmpty()
        ? Optional.empty()
        : Optional.of(counted(index, List.of(KeyRange.equalTo(prefix)), limit, content));
  }

  private static IndexPath counted(
      OrderedIndex index, List<KeyRange> ranges, int limit, Content content) {
    int count = 0;
    for (KeyRange range : ranges) {
      if (count < limit) {
        count += index.count(range, limit - count);
      }
    }
    return new IndexPath(index, ranges, count, content);
  }

  private static List<@Nullable Object> with(
      List<@Nullable Object> prefix, @Nullable Object value) {
    List<@Nullable Object> longer = new ArrayList<>(prefix);
    longer.add(value);
    return longer;
  }

  /// The only values the column can have, in their order, if a conjunct says so.
  private static Optional<List<@Nullable Object>> fixedValues(
      int column, List<Filter> conjuncts, SegmentColumns segment) {
    Optional<List<@Nullable Object>> best = Optional.empty();
    for (Filter conjunct : conjuncts) {
      Optional<List<@Nullable Object>> values = fixedValues(column, conjunct, segment);
      if (values.isPresent() && (best.isEmpty() || values.get().size() < best.get().size())) {
        best = values;
      }
    }
    return best;
  }

  private static Optional<List<@Nullable Object>> fixedValues(
      int column, Filter conjunct, SegmentColumns segment) {
    List<@Nullable Object> values = new ArrayList<>();
    switch (conjunct) {
      case Filter.Compare(int c, Filter.Comparison comparison, Object value)
          when c == column && comparison == Filter.Comparison.EQUAL ->
          values.add(value);
      case Filter.IsNull(int c) when c == column -> values.add(null);
      case Filter.In(int c, List<Object> list) when c == column && list.size() <= MOST_VALUES ->
          values.addAll(distinct(list, ValueOrder.of(segment.column(column).type())));
      case Filter.Constant _,
          Filter.Compare _,
          Filter.In _,
          Filter.IsNull _,
          Filter.IsNotNull _,
          Filter.And _,
          Filter.Or _,
          Filter.Not _,
          Filter.Computed _ -> {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  private static List<Object> distinct(List<Object> values, Comparator<Object> order) {
    List<Object> sorted = new ArrayList<>(values);
    sorted.sort(order);
    List<Object> result = new ArrayList<>();
    for (Object value : sorted) {
      if (result.isEmpty() || order.compare(result.getLast(), value) != 0) {
        result.add(value);
      }
    }
    return result;
  }

  /// The range that the comparisons leave to the column behind a fixed prefix.
  private static Optional<KeyRange> range(
      int column, List<Filter> conjuncts, List<@Nullable Object> prefix, SegmentColumns segment) {
    Comparator<Object> order = ValueOrder.of(segment.column(column).type());
    Edge lower = new Edge(order);
    Edge upper = new Edge(order.reversed());
    boolean narrowed = false;
    for (Filter conjunct : conjuncts) {
      switch (conjunct) {
        case Filter.Compare(int c, Filter.Comparison comparison, Object value) when c == column -> {
          switch (comparison) {
            case LESS -> upper.narrow(value, KeyRange.Inclusion.EXCLUSIVE);
            case LESS_OR_EQUAL -> upper.narrow(value, KeyRange.Inclusion.INCLUSIVE);
            case GREATER -> lower.narrow(value, KeyRange.Inclusion.EXCLUSIVE);
            case GREATER_OR_EQUAL -> lower.narrow(value, KeyRange.Inclusion.INCLUSIVE);
            case EQUAL, NOT_EQUAL -> {} // Equality was looked for before; this only excludes NULL.
          }
          narrowed = true;
        }
        case Filter.IsNotNull(int c) when c == column -> narrowed = true;
        case Filter.Constant _,
            Filter.Compare _,
            Filter.In _,
            Filter.IsNull _,
            Filter.IsNotNull _,
            Filter.And _,
            Filter.Or _,
            Filter.Not _,
            Filter.Computed _ -> {}
      }
    }
    if (!narrowed) {
      return Optional.empty();
    }
    Optional<KeyRange.Bound> from =
        lower
            .bound(prefix)
            .or(() ->
                prefix.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new KeyRange.Bound(prefix, KeyRange.Inclusion.INCLUSIVE)));
    // All these conjuncts are unknown for NULL, which lies behind the values.
    Optional<KeyRange.Bound> to =
        upper
            .bound(prefix)
            .or(() ->
                Optional.of(new KeyRange.Bound(with(prefix, null), KeyRange.Inclusion.EXCLUSIVE)));
    return Optional.of(new KeyRange(from, to));
  }

  /// One end of a range while comparisons narrow it.
  private static final class Edge {
    private final Comparator<Object> order;
    private @Nullable Object value;
    private KeyRange.Inclusion inclusion = KeyRange.Inclusion.INCLUSIVE;

    Edge(Comparator<Object> order) {
      this.order = order;
    }

    void narrow(Object candidate, KeyRange.Inclusion candidateInclusion) {
      int comparison = value == null ? 1 : order.compare(candidate, value);
      if (comparison > 0
          || (comparison == 0 && candidateInclusion == KeyRange.Inclusion.EXCLUSIVE)) {
        value = candidate;
        inclusion = candidateInclusion;
      }
    }

    Optional<KeyRange.Bound> bound(List<@Nullable Object> prefix) {
      return value == null
          ? Optional.empty()
          : Optional.of(new KeyRange.Bound(with(prefix, value), inclusion));
    }
  }

  /// The ordinals in the ranges, in the index's order.
  public PrimitiveIterator.OfInt ordinals() {
    Iterator<KeyRange> rest = ranges.iterator();
    return new PrimitiveIterator.OfInt() {
      private PrimitiveIterator.OfInt current = advance();

      private PrimitiveIterator.OfInt advance() {
        return rest.hasNext()
            ? index.range(rest.next(), OrderedIndex.Direction.ASCENDING)
            : IntStream.empty().iterator();
      }

      @Override
      public boolean hasNext() {
        while (!current.hasNext() && rest.hasNext()) {
          current = advance();
        }
        return current.hasNext();
      }

      @Override
      public int nextInt() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return current.nextInt();
      }
    };
  }
}
