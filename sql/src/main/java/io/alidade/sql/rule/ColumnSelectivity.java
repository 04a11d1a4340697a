package io.alidade.sql.rule;

import io.alidade.engine.payload.ValueOrder;
import io.alidade.model.ColumnType;
import io.alidade.storage.statistics.ColumnStatistics;
import io.alidade.storage.statistics.ColumnStatistics.CommonValue;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which share of a table's rows has a value of a column that compares so with a constant, by the
/// column's statistics, as PostgreSQL computes it (`selfuncs.c`: `eqsel`, `scalarineqsel`).
///
/// @param column what is known of the column
/// @param type the type of its values
/// @param rows how many rows the table has
record ColumnSelectivity(ColumnStatistics column, ColumnType type, double rows) {
  /// PostgreSQL's shares where nothing is known.
  static final double EQUAL_UNKNOWN = 0.005;

  static final double RANGE_UNKNOWN = 1.0 / 3;

  /// Whether the values of an interval's end count.
  enum End {
    INCLUDED,
    EXCLUDED
  }

  double isNull() {
    return column.nullShare();
  }

  /// Equal to a constant.
  ///
  /// @param value empty if it is not known
  double equalTo(Optional<Object> value) {
    if (column.distinct() < 1) {
      return column.nullShare() >= 1 ? 0 : EQUAL_UNKNOWN;
    }
    if (value.isEmpty() || !isComparable(value.get())) {
      return Math.min(1, (1 - column.nullShare()) / column.distinct());
    }
    Comparator<Object> order = ValueOrder.of(type);
    for (CommonValue common : column.common()) {
      if (order.compare(common.value(), value.get()) == 0) {
        return common.share();
      }
    }
    double others = Math.max(0, 1 - column.nullShare() - column.commonShare());
    double different = column.distinct() - column.common().size();
    double share = different > 1 ? others / different : others;
    return column.common().isEmpty() ? share : Math.min(share, column.common().getLast().share());
  }

  /// Less than a constant.
  ///
  /// @param value empty if it is not known
  /// @param end whether the constant itself counts
  double below(Optional<Object> value, End end) {
    if (value.isEmpty() || !isComparable(value.get())) {
      return RANGE_UNKNOWN;
    }
    Comparator<Object> order = ValueOrder.of(type);
    double share = 0;
    for (CommonValue common : column.common()) {
      int place = order.compare(common.value(), value.get());
      share += place < 0 || (place == 0 && end == End.INCLUDED) ? common.share() : 0;
    }
    double others = Math.max(0, 1 - column.nullShare() - column.commonShare());
    if (column.histogram().size() < 2) {
      return column.common().isEmpty() && others > 0 ? RANGE_UNKNOWN : Math.min(1, share);
    }
    return Math.min(1, share + others * belowInHistogram(value.get(), order));
  }

  /// Greater than a constant.
  double above(Optional<Object> value, End end) {
    if (value.isEmpty() || !isComparable(value.get())) {
      return RANGE_UNKNOWN;
    }
    End other = end == End.INCLUDED ? End.EXCLUDED : End.INCLUDED;
    return Math.max(0, 1 - column.nullShare() - below(value, other));
  }

  private double belowInHistogram(Object value, Comparator<Object> order) {
    List<Object> bounds = column.histogram();
    if (order.compare(value, bounds.getFirst()) <= 0) {
      return 0;
    }
    if (order.compare(value, bounds.getLast()) >= 0) {
      return 1;
    }
    int low = 0;
    int high = bounds.size() - 1;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (order.compare(bounds.get(middle), value) <= 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + within(bounds.get(low), value, bounds.get(high))) / (bounds.size() - 1);
  }

  /// Where a value lies between two others; in the middle where they have no distances.
  private static double within(Object low, Object value, Object high) {
    if (low instanceof Number from && value instanceof Number at && high instanceof Number to) {
      double width = to.doubleValue() - from.doubleValue();
      double part = (at.doubleValue() - from.doubleValue()) / width;
      return width > 0 && part >= 0 && part <= 1 ? part : 0.5;
    }
    return 0.5;
  }

  /// Whether a constant is a value of the column's type, or an integer of another width.
  private boolean isComparable(Object value) {
    Object sample =
        column.histogram().isEmpty()
            ? column.common().isEmpty() ? value : column.common().getFirst().value()
            : column.histogram().getFirst();
    boolean bothNumbers =
        sample instanceof Number
            && value instanceof Number
            && !(sample instanceof BigDecimal)
            && !(value instanceof BigDecimal);
    return bothNumbers || sample.getClass() == value.getClass();
  }

  /// Beginning with some text.
  double startingWith(String prefix) {
    if (prefix.isEmpty()) {
      return 1 - column.nullShare();
    }
    int last = prefix.length() - 1;
    if (prefix.charAt(last) == Character.MAX_VALUE || Character.isSurrogate(prefix.charAt(last))) {
      return EQUAL_UNKNOWN;
    }
    String next = prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
    double range =
        below(Optional.of(next), End.EXCLUDED) - below(Optional.of(prefix), End.EXCLUDED);
    return Math.clamp(range, rows > 0 ? Math.min(1, 1 / rows) : 0, 1);
  }
}
