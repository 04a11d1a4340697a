package io.alidade.engine.payload;

import io.alidade.model.ColumnType;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/// An ordered index that takes writes: a concurrent sorted set of keys with their ordinals.
///
/// One writer, any number of readers. An ordinal must be added before the segment publishes it.
public final class MutableOrderedIndex implements OrderedIndex {
  /// About what an ordinal takes on the heap, with a key of one number or a short text.
  public static final long BYTES_PER_ROW = 128;

  /// A range of so many is large enough to be called larger than any limit.
  private static final int MOST_COUNTED = 20_000;

  private final List<Integer> columns;
  private final List<Comparator<@Nullable Object>> orders;
  private final NavigableSet<Entry> entries;

  /// A key with its ordinal, or a bound: the place before or after all keys that begin with it.
  private record Entry(@Nullable Object[] key, int ordinal, Place place) {}

  private enum Place {
    BEFORE,
    AT,
    AFTER;

    int side() {
      return compareTo(AT);
    }
  }

  /// An empty index over columns of these types, most significant first.
  public MutableOrderedIndex(List<Integer> columns, List<ColumnType> types) {
    if (columns.isEmpty() || columns.size() != types.size()) {
      throw new IllegalArgumentException(columns + " of types " + types);
    }
    this.columns = List.copyOf(columns);
    this.orders = types.stream().map(type -> ValueOrder.nullsLast(ValueOrder.of(type))).toList();
    this.entries = new ConcurrentSkipListSet<>(this::compare);
  }

  private int compare(Entry left, Entry right) {
    int shorter = Math.min(left.key.length, right.key.length);
    for (int i = 0; i < shorter; i++) {
      int order = orders.get(i).compare(left.key[i], right.key[i]);
      if (order != 0) {
        return order;
      }
    }
    if (left.key.length != right.key.length) {
      // The shorter is a bound: it lies before or after all that begin with it, bounds included.
      return left.key.length < right.key.length ? left.place.side() : -right.place.side();
    }
    int place = left.place.compareTo(right.place);
    return place != 0 ? place : Integer.compare(left.ordinal, right.ordinal);
  }

  /// Adds an ordinal under its key: one canonical value, or null, for each indexed column.
  public void add(@Nullable Object[] key, int ordinal) {
    if (key.length != columns.size()) {
      throw new IllegalArgumentException(Arrays.toString(key) + " for columns " + columns);
    }
    entries.add(new Entry(key.clone(), ordinal, Place.AT));
  }

  @Override
  public List<Integer> columns() {
    return columns;
  }

  @Override
  public PrimitiveIterator.OfInt range(KeyRange range, Direction direction) {
    NavigableSet<Entry> inRange = entriesIn(range);
    Iterator<Entry> iterator =
        switch (direction) {
          case ASCENDING -> inRange.iterator();
          case DESCENDING -> inRange.descendingIterator();
        };
    return new PrimitiveIterator.OfInt() {
      @Override
      public boolean hasNext() {
        return iterator.hasNext();
      }

      @Override
      public int nextInt() {
        return iterator.next().ordinal;
      }
    };
  }

  @Override
  public int count(KeyRange range, int limit) {
    int count = 0;
    Iterator<Entry> iterator = entriesIn(range).iterator();
    while (count < limit && iterator.hasNext()) {
      if (count == MOST_COUNTED) {
        return limit;
      }
      iterator.next();
      count++;
    }
    return count;
  }

  private NavigableSet<Entry> entriesIn(KeyRange range) {
    Optional<Entry> from = range.lower().map(bound -> edge(bound, Place.BEFORE, Place.AFTER));
    Optional<Entry> to = range.upper().map(bound -> edge(bound, Place.AFTER, Place.BEFORE));
    if (from.isPresent() && to.isPresent()) {
      return compare(from.get(), to.get()) < 0
          ? entries.subSet(from.get(), false, to.get(), false)
          : Collections.emptyNavigableSet();
    }
    if (from.isPresent()) {
      return entries.tailSet(from.get(), false);
    }
    return to.isPresent() ? entries.headSet(to.get(), false) : entries;
  }

  private Entry edge(KeyRange.Bound bound, Place inclusive, Place exclusive) {
    List<@Nullable Object> values = bound.values();
    if (values.size() > columns.size()) {
      throw new IllegalArgumentException(values + " for columns " + columns);
    }
    Place place =
        switch (bound.inclusion()) {
          case INCLUSIVE -> inclusive;
          case EXCLUSIVE -> exclusive;
        };
    return new Entry(values.toArray(), 0, place);
  }
}
