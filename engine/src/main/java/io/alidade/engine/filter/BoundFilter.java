package io.alidade.engine.filter;

import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.SegmentColumns;
import io.alidade.engine.payload.ValueOrder;
import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/// A filter made ready for the rows of one segment: what does not depend on the row is looked up,
/// and how many rows match is estimated once. Kept by who searches the segment again and again with
/// the same filter. Used by one thread at a time.
///
/// Testing a row allocates nothing but what decoding its values takes: nothing for numbers, dates
/// and booleans that are compared, and for NULL tests.
public final class BoundFilter {
  /// Lets every row of any segment through; used by any number of threads.
  public static final BoundFilter EVERY =
      new BoundFilter(
          Filter.ALL, _ -> Truth.TRUE, Optional.empty(), new PossibleTruth(true, false));

  private final Filter filter;
  private final RowTest.Bound test;
  private final Optional<SegmentColumns> segment;
  private final PossibleTruth possible;
  private Optional<FilterEstimate> estimate = Optional.empty();

  private BoundFilter(
      Filter filter, RowTest.Bound test, Optional<SegmentColumns> segment, PossibleTruth possible) {
    this.filter = filter;
    this.test = test;
    this.segment = segment;
    this.possible = possible;
  }

  /// Looks up everything that does not depend on the row.
  public static BoundFilter bind(Filter filter, SegmentColumns segment) {
    if (filter instanceof Filter.Constant(Truth truth) && truth == Truth.TRUE) {
      return EVERY;
    }
    return new BoundFilter(
        filter, test(filter, segment), Optional.of(segment), PossibleTruth.of(filter, segment));
  }

  /// Whether it is known to let every row through.
  public boolean isEvery() {
    return this == EVERY;
  }

  /// Whether the bounds of the segment's columns say that no row matches.
  public boolean isNone() {
    return !possible.canBeTrue();
  }

  /// About how many rows of the segment match and how to list them, found out when first asked.
  ///
  /// @param liveCount how many rows are visible
  /// @param passes whether a row is visible and matches
  public FilterEstimate estimate(int liveCount, IntPredicate passes) {
    if (segment.isEmpty()) {
      return new FilterEstimate(isNone() ? 0 : liveCount, Optional.empty());
    }
    if (estimate.isEmpty()) {
      estimate = Optional.of(FilterEstimate.of(filter, segment.get(), liveCount, passes));
    }
    return estimate.get();
  }

  /// The filter's truth for a row.
  public Truth test(int ordinal) {
    return test.test(ordinal);
  }

  /// Whether the filter is true for a row.
  public boolean matches(int ordinal) {
    return test.test(ordinal) == Truth.TRUE;
  }

  private static RowTest.Bound test(Filter filter, SegmentColumns segment) {
    return switch (filter) {
      case Filter.Constant(Truth truth) -> _ -> truth;
      case Filter.Compare compare -> compare(compare, segment.column(compare.column()));
      case Filter.In in -> in(in.values(), segment.column(in.column()));
      case Filter.IsNull(int column) -> isNull(segment.column(column));
      case Filter.IsNotNull(int column) -> isNotNull(segment.column(column));
      case Filter.And(var operands) -> and(tests(operands, segment));
      case Filter.Or(var operands) -> or(tests(operands, segment));
      case Filter.Not(Filter operand) -> not(test(operand, segment));
      case Filter.Computed computed -> computed.test().bind(segment);
    };
  }

  private static RowTest.Bound[] tests(List<Filter> operands, SegmentColumns segment) {
    List<Filter> cheapFirst = new ArrayList<>(operands);
    cheapFirst.sort(Comparator.comparingInt(BoundFilter::cost));
    return cheapFirst.stream().map(operand -> test(operand, segment)).toArray(RowTest.Bound[]::new);
  }

  /// How dear a test is, roughly: what is computed outside may be anything.
  static int cost(Filter filter) {
    return switch (filter) {
      case Filter.Constant _ -> 0;
      case Filter.IsNull _, Filter.IsNotNull _, Filter.Compare _ -> 1;
      case Filter.In _ -> 2;
      case Filter.Not(Filter operand) -> cost(operand);
      case Filter.And(var operands) -> operands.stream().mapToInt(BoundFilter::cost).sum();
      case Filter.Or(var operands) -> operands.stream().mapToInt(BoundFilter::cost).sum();
      case Filter.Computed _ -> 10;
    };
  }

  private static RowTest.Bound isNull(ColumnReader column) {
    return ordinal -> Truth.of(column.isNull(ordinal));
  }

  private static RowTest.Bound isNotNull(ColumnReader column) {
    return ordinal -> Truth.of(!column.isNull(ordinal));
  }

  private static RowTest.Bound not(RowTest.Bound operand) {
    return ordinal -> operand.test(ordinal).negate();
  }

  private static RowTest.Bound and(RowTest.Bound[] operands) {
    return ordinal -> {
      Truth result = Truth.TRUE;
      for (RowTest.Bound operand : operands) {
        Truth truth = operand.test(ordinal);
        if (truth == Truth.FALSE) {
          return Truth.FALSE;
        }
        if (truth == Truth.UNKNOWN) {
          result = Truth.UNKNOWN;
        }
      }
      return result;
    };
  }

  private static RowTest.Bound or(RowTest.Bound[] operands) {
    return ordinal -> {
      Truth result = Truth.FALSE;
      for (RowTest.Bound operand : operands) {
        Truth truth = operand.test(ordinal);
        if (truth == Truth.TRUE) {
          return Truth.TRUE;
        }
        if (truth == Truth.UNKNOWN) {
          result = Truth.UNKNOWN;
        }
      }
      return result;
    };
  }

  private static RowTest.Bound compare(Filter.Compare compare, ColumnReader column) {
    if (compare.comparison() == Filter.Comparison.EQUAL
        || compare.comparison() == Filter.Comparison.NOT_EQUAL) {
      Optional<IntPredicate> coded = column.equalTo(compare.value());
      if (coded.isPresent()) {
        IntPredicate equal = coded.get();
        boolean wanted = compare.comparison() == Filter.Comparison.EQUAL;
        return known(column, ordinal -> Truth.of(equal.test(ordinal) == wanted));
      }
    }
    IntUnaryOperator order = ValueOrder.against(column, compare.value());
    return switch (compare.comparison()) {
      case EQUAL -> known(column, ordinal -> Truth.of(order.applyAsInt(ordinal) == 0));
      case NOT_EQUAL -> known(column, ordinal -> Truth.of(order.applyAsInt(ordinal) != 0));
      case LESS -> known(column, ordinal -> Truth.of(order.applyAsInt(ordinal) < 0));
      case LESS_OR_EQUAL -> known(column, ordinal -> Truth.of(order.applyAsInt(ordinal) <= 0));
      case GREATER -> known(column, ordinal -> Truth.of(order.applyAsInt(ordinal) > 0));
      case GREATER_OR_EQUAL -> known(column, ordinal -> Truth.of(order.applyAsInt(ordinal) >= 0));
    };
  }

  private static RowTest.Bound known(ColumnReader column, RowTest.Bound test) {
    return ordinal -> column.isNull(ordinal) ? Truth.UNKNOWN : test.test(ordinal);
  }

  /// Whether the values are such integers as can be read without making an object of each.
  private static boolean isInteger(ColumnReader column) {
    ColumnType.Kind kind = column.type().kind();
    return kind == ColumnType.Kind.INT2
        || kind == ColumnType.Kind.INT4
        || kind == ColumnType.Kind.INT8;
  }

  private static RowTest.Bound in(List<Object> values, ColumnReader column) {
    if (values.isEmpty()) {
      return _ -> Truth.FALSE; // Even for NULL, as PostgreSQL's `= ANY('{}')`.
    }
    if (isInteger(column)) {
      long[] numbers = values.stream().mapToLong(value -> ((Number) value).longValue()).toArray();
      Arrays.sort(numbers);
      return known(
          column, ordinal -> Truth.of(Arrays.binarySearch(numbers, column.getLong(ordinal)) >= 0));
    }
    Comparator<Object> order = ValueOrder.of(column.type());
    Object[] sorted = values.toArray();
    Arrays.sort(sorted, order);
    return ordinal -> {
      Object value = column.get(ordinal);
      if (value == null) {
        return Truth.UNKNOWN;
      }
      return Truth.of(Arrays.binarySearch(sorted, value, order) >= 0);
    };
  }
}
