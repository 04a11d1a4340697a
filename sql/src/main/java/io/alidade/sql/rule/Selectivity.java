package io.alidade.sql.rule;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.ScalarOperator;
import io.alidade.sql.rule.ColumnSelectivity.End;
import io.alidade.sql.type.SqlType;
import io.alidade.storage.statistics.TableProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/// Which share of a table's rows a condition lets through, about.
///
/// Conditions are taken to be independent of each other, but for the two ends of a range.
///
/// @param profile what is known of the table, whose columns the conditions refer to
/// @param values the values of dynamic parameters, as far as they are known
public record Selectivity(TableProfile profile, IntFunction<Optional<Object>> values) {
  /// PostgreSQL's shares for patterns and for conditions of which nothing is known.
  private static final double PATTERN_UNKNOWN = 0.005;

  private static final double ANYTHING = 1.0 / 3;

  /// The ends of a range of one column.
  private static final class Range {
    double below = 1;
    double above = 1;
    boolean hasBoth;
  }

  /// The share for a condition.
  public double of(RexNode condition) {
    return switch (condition.getKind()) {
      case AND -> all(Expressions.conjuncts(condition));
      case OR -> any(Expressions.flattened(condition, SqlKind.OR));
      case NOT -> 1 - of(operand(condition, 0));
      case IS_NULL -> nullShare(operand(condition, 0)).orElse(PATTERN_UNKNOWN);
      case IS_NOT_NULL -> 1 - nullShare(operand(condition, 0)).orElse(PATTERN_UNKNOWN);
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          comparison((RexCall) condition);
      case INPUT_REF ->
          column(condition).map(found -> found.equalTo(Optional.of(true))).orElse(0.5);
      default -> condition.isAlwaysTrue() ? 1 : other(condition);
    };
  }

  /// The share for several conditions together.
  public double all(List<RexNode> conditions) {
    double share = 1;
    Map<Integer, Range> ranges = new HashMap<>();
    for (RexNode condition : conditions) {
      if (!addTo(ranges, condition)) {
        share *= of(condition);
      }
    }
    for (Map.Entry<Integer, Range> entry : ranges.entrySet()) {
      Range range = entry.getValue();
      if (range.hasBoth) {
        double nulls = profile.column(entry.getKey()).map(it -> it.nullShare()).orElse(0.0);
        double both = range.below + range.above - 1 + nulls;
        // Two defaults would say less than nothing.
        share *= both > 0 ? both : PATTERN_UNKNOWN;
      } else {
        share *= Math.min(range.below, range.above);
      }
    }
    return Math.clamp(share, 0, 1);
  }

  private boolean addTo(Map<Integer, Range> ranges, RexNode condition) {
    SqlKind kind = condition.getKind();
    boolean isRange =
        kind == SqlKind.LESS_THAN
            || kind == SqlKind.LESS_THAN_OR_EQUAL
            || kind == SqlKind.GREATER_THAN
            || kind == SqlKind.GREATER_THAN_OR_EQUAL;
    if (!isRange) {
      return false;
    }
    boolean mirrored = Expressions.comparedColumn(operand(condition, 0)).isEmpty();
    Optional<RexInputRef> column = Expressions.comparedColumn(operand(condition, mirrored ? 1 : 0));
    if (column.isEmpty() || !Expressions.columns(operand(condition, mirrored ? 0 : 1)).isEmpty()) {
      return false;
    }
    SqlKind direction = mirrored ? kind.reverse() : kind;
    Range range = ranges.computeIfAbsent(column.get().getIndex(), _ -> new Range());
    double share = of(condition);
    if (direction == SqlKind.LESS_THAN || direction == SqlKind.LESS_THAN_OR_EQUAL) {
      range.hasBoth |= range.above < 1;
      range.below = Math.min(range.below, share);
    } else {
      range.hasBoth |= range.below < 1;
      range.above = Math.min(range.above, share);
    }
    return true;
  }

  private double any(List<RexNode> conditions) {
    double none = 1;
    double sum = 0;
    boolean disjoint = true;
    for (RexNode condition : conditions) {
      double share = of(condition);
      none *= 1 - share;
      sum += share;
      disjoint &= condition.getKind() == SqlKind.EQUALS;
    }
    return Math.clamp(disjoint ? sum : 1 - none, 0, 1); // `IN` is written so.
  }

  private double comparison(RexCall comparison) {
    RexNode left = comparison.getOperands().get(0);
    RexNode right = comparison.getOperands().get(1);
    Optional<ColumnSelectivity> onLeft = Expressions.comparedColumn(left).flatMap(this::column);
    if (onLeft.isPresent() && Expressions.columns(right).isEmpty()) {
      return comparison(onLeft.get(), comparison.getKind(), value(right));
    }
    Optional<ColumnSelectivity> onRight = Expressions.comparedColumn(right).flatMap(this::column);
    if (onRight.isPresent() && Expressions.columns(left).isEmpty()) {
      return comparison(onRight.get(), comparison.getKind().reverse(), value(left));
    }
    return switch (comparison.getKind()) {
      case EQUALS -> ColumnSelectivity.EQUAL_UNKNOWN;
      case NOT_EQUALS -> 1 - ColumnSelectivity.EQUAL_UNKNOWN;
      default -> ColumnSelectivity.RANGE_UNKNOWN;
    };
  }

  private static double comparison(ColumnSelectivity column, SqlKind kind, Optional<Object> value) {
    return switch (kind) {
      case EQUALS -> column.equalTo(value);
      case NOT_EQUALS -> Math.max(0, 1 - column.isNull() - column.equalTo(value));
      case LESS_THAN -> column.below(value, End.EXCLUDED);
      case LESS_THAN_OR_EQUAL -> column.below(value, End.INCLUDED);
      case GREATER_THAN -> column.above(value, End.EXCLUDED);
      case GREATER_THAN_OR_EQUAL -> column.above(value, End.INCLUDED);
      default -> throw new IllegalStateException(kind + " does not compare");
    };
  }

  private double other(RexNode condition) {
    if (!(condition instanceof RexCall call)
        || !(call.getOperator() instanceof ScalarOperator operator)
        || call.getOperands().size() != 2) {
      return ANYTHING;
    }
    Optional<ColumnSelectivity> column = column(call.getOperands().get(0));
    Optional<Object> value = value(call.getOperands().get(1));
    return switch (operator.signature().name()) {
      case "~~" -> like(column, value);
      case "!~~" -> 1 - like(column, value);
      case "= ANY" -> in(column, value);
      default -> ANYTHING;
    };
  }

  private static double in(Optional<ColumnSelectivity> column, Optional<Object> values) {
    if (column.isEmpty() || !(values.orElse(null) instanceof List<?> list)) {
      return PATTERN_UNKNOWN;
    }
    double share = 0;
    for (Object value : list) {
      share += value == null ? 0 : column.get().equalTo(Optional.of(value));
    }
    return Math.min(1, share);
  }

  /// Of a pattern only what stands before its first wildcard is looked at, and what follows lets
  /// one in five pass, as in PostgreSQL.
  private static double like(Optional<ColumnSelectivity> column, Optional<Object> pattern) {
    if (column.isEmpty() || !(pattern.orElse(null) instanceof String text)) {
      return PATTERN_UNKNOWN;
    }
    int end = 0;
    while (end < text.length() && "%_\\".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    if (end == text.length()) {
      return column.get().equalTo(pattern);
    }
    if (end == 0) {
      return PATTERN_UNKNOWN;
    }
    boolean isPrefix = text.charAt(end) == '%' && end == text.length() - 1;
    double share = column.get().startingWith(text.substring(0, end));
    return isPrefix ? share : Math.max(share * 0.2, Math.min(share, PATTERN_UNKNOWN));
  }

  private Optional<Double> nullShare(RexNode operand) {
    return column(operand).map(ColumnSelectivity::isNull);
  }

  private Optional<ColumnSelectivity> column(RexNode expression) {
    if (!(expression instanceof RexInputRef reference)) {
      return Optional.empty();
    }
    ColumnType type = SqlType.columnTypeOf(reference.getType());
    return profile
        .column(reference.getIndex())
        .map(known -> new ColumnSelectivity(known, type, profile.rows()));
  }

  private Optional<Object> value(RexNode expression) {
    return expression instanceof RexDynamicParam slot
        ? values.apply(slot.getIndex())
        : Optional.empty();
  }

  private static RexNode operand(RexNode condition, int index) {
    return ((RexCall) condition).getOperands().get(index);
  }
}
