package io.alidade.engine.payload;

import com.carrotsearch.hppc.sorting.IndirectSort;
import io.alidade.model.ColumnType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.PrimitiveIterator;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// An ordered index of a sealed segment: its ordinals, sorted by their keys, as plain integers (32
/// bits, little-endian); the keys are read from the columns.
public final class SealedOrderedIndex implements OrderedIndex {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int COMPARISONS_BETWEEN = 1 << 16;

  private final List<Integer> columns;
  private final List<ColumnReader> readers;
  private final MemorySegment permutation;
  private final int size;

  /// An index over the columns' readers, most significant first.
  ///
  /// @param permutation what [#sort] returned, as 32-bit integers at any alignment
  /// @throws IllegalArgumentException if the integers are not a permutation of all ordinals
  public SealedOrderedIndex(
      List<Integer> columns, List<ColumnReader> readers, MemorySegment permutation) {
    if (columns.isEmpty() || columns.size() != readers.size()) {
      throw new IllegalArgumentException(columns + " with " + readers.size() + " readers");
    }
    this.columns = List.copyOf(columns);
    this.readers = List.copyOf(readers);
    this.permutation = permutation;
    this.size = Math.toIntExact(permutation.byteSize() / Integer.BYTES);
    validate();
  }

  private void validate() {
    BitSet seen = new BitSet(size);
    for (int i = 0; i < size; i++) {
      int ordinal = ordinal(i);
      if (ordinal < 0 || ordinal >= size || seen.get(ordinal)) {
        throw new IllegalArgumentException(
            "ordinal " + ordinal + " at position " + i + " of " + size + " is out of place");
      }
      seen.set(ordinal);
    }
  }

  /// The ordinals 0 to `size - 1` in the order of the columns.
  public static int[] sort(List<ColumnReader> readers, int size) {
    IntBinaryOperator order = order(readers, size);
    // A stable sort, so that equal keys stay in the order of their ordinals.
    return IndirectSort.mergesort(0, size, order::applyAsInt);
  }

  /// The same, asking again and again whether to go on.
  ///
  /// @param pass called every so many comparisons; what it throws ends the sort
  public static int[] sort(List<ColumnReader> readers, int size, Runnable pass) {
    IntBinaryOperator order = order(readers, size);
    int[] comparisons = {0};
    return IndirectSort.mergesort(
        0,
        size,
        (left, right) -> {
          if (++comparisons[0] % COMPARISONS_BETWEEN == 0) {
            pass.run();
          }
          return order.applyAsInt(left, right);
        });
  }

  /// The first position whose ordinal belongs before the one at the position before; empty if all
  /// are in order, as [#sort] has them. Reads every key, which opening does not.
  public OptionalInt firstOutOfOrder() {
    IntBinaryOperator order = order(readers, size);
    for (int i = 1; i < size; i++) {
      int result = order.applyAsInt(ordinal(i - 1), ordinal(i));
      if (result > 0 || (result == 0 && ordinal(i - 1) > ordinal(i))) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private static IntBinaryOperator order(List<ColumnReader> readers, int size) {
    List<IntBinaryOperator> orders = new ArrayList<>();
    for (ColumnReader reader : readers) {
      orders.add(order(reader, size));
    }
    return (left, right) -> {
      for (IntBinaryOperator order : orders) {
        int result = order.applyAsInt(left, right);
        if (result != 0) {
          return result;
        }
      }
      return 0;
    };
  }

  private static IntBinaryOperator order(ColumnReader reader, int size) {
    if (isLong(reader.type())) {
      return (left, right) -> {
        boolean leftNull = reader.isNull(left);
        boolean rightNull = reader.isNull(right);
        return leftNull || rightNull
            ? Boolean.compare(leftNull, rightNull)
            : Long.compare(reader.getLong(left), reader.getLong(right));
      };
    }
    // Read once each: a sort compares every value many times.
    @Nullable Object[] values = new Object[size];
    for (int ordinal = 0; ordinal < size; ordinal++) {
      values[ordinal] = reader.get(ordinal);
    }
    Comparator<@Nullable Object> order = ValueOrder.nullsLast(ValueOrder.of(reader.type()));
    return (left, right) -> order.compare(values[left], values[right]);
  }

  private static boolean isLong(ColumnType type) {
    return switch (type.kind()) {
      case BOOL, INT2, INT4, INT8, OID, REGPROC, REGCLASS, REGTYPE, DATE, TIMESTAMP, TIMESTAMPTZ ->
          true;
      case FLOAT4, FLOAT8, NUMERIC, TEXT, VARCHAR, NAME, CHAR, BYTEA, UUID, JSONB -> false;
      case VECTOR, HALFVEC, BIT, VARBIT, ARRAY -> false;
    };
  }

  @Override
  public List<Integer> columns() {
    return columns;
  }

  @Override
  public PrimitiveIterator.OfInt range(KeyRange range, Direction direction) {
    int from = firstOf(range);
    int to = Math.max(from, endOf(range));
    return switch (direction) {
      case ASCENDING -> new Positions(from, to, 1);
      case DESCENDING -> new Positions(to - 1, from - 1, -1);
    };
  }

  @Override
  public int count(KeyRange range, int limit) {
    return Math.min(limit, Math.max(0, endOf(range) - firstOf(range)));
  }

  private int firstOf(KeyRange range) {
    return range.lower().map(bound -> search(bound, KeyRange.Inclusion.EXCLUSIVE)).orElse(0);
  }

  private int endOf(KeyRange range) {
    return range.upper().map(bound -> search(bound, KeyRange.Inclusion.INCLUSIVE)).orElse(size);
  }

  /// The first position behind the keys less than the bound; behind those equal to it, too, if its
  /// inclusion is `past`.
  private int search(KeyRange.Bound bound, KeyRange.Inclusion past) {
    IntUnaryOperator order = against(bound.values());
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int result = order.applyAsInt(ordinal(middle));
      if (result < 0 || (result == 0 && bound.inclusion() == past)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private IntUnaryOperator against(List<@Nullable Object> values) {
    if (values.size() > readers.size()) {
      throw new IllegalArgumentException(values + " for columns " + columns);
    }
    List<IntUnaryOperator> orders = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      orders.add(againstNullable(readers.get(i), values.get(i)));
    }
    return ordinal -> {
      for (IntUnaryOperator order : orders) {
        int result = order.applyAsInt(ordinal);
        if (result != 0) {
          return result;
        }
      }
      return 0;
    };
  }

  private static IntUnaryOperator againstNullable(ColumnReader reader, @Nullable Object value) {
    if (value == null) {
      return ordinal -> reader.isNull(ordinal) ? 0 : -1;
    }
    IntUnaryOperator order = ValueOrder.against(reader, value);
    return ordinal -> reader.isNull(ordinal) ? 1 : order.applyAsInt(ordinal);
  }

  private int ordinal(int position) {
    return permutation.get(INT, (long) position * Integer.BYTES);
  }

  /// The ordinals at a row of positions.
  private final class Positions implements PrimitiveIterator.OfInt {
    private int next;
    private final int end;
    private final int step;

    Positions(int first, int end, int step) {
      this.next = first;
      this.end = end;
      this.step = step;
    }

    @Override
    public boolean hasNext() {
      return next != end;
    }

    @Override
    public int nextInt() {
      if (next == end) {
        throw new NoSuchElementException();
      }
      int ordinal = ordinal(next);
      next += step;
      return ordinal;
    }
  }
}
