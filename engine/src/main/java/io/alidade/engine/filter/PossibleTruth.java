package io.alidade.engine.filter;

import io.alidade.engine.payload.SegmentColumns;
import io.alidade.engine.payload.ValueBounds;
import io.alidade.engine.payload.ValueBounds.Extremes;
import io.alidade.engine.payload.ValueBounds.Nulls;
import io.alidade.engine.payload.ValueOrder;
import io.alidade.model.ColumnType;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which truth values a filter may have for the rows of a segment, as far as the bounds of its
/// columns tell ("zone maps", "min/max pruning"). It may say too much, never too little.
///
/// @param canBeTrue whether a row may match
/// @param canBeFalse whether the filter may be false of a row, which is what NOT asks for
record PossibleTruth(boolean canBeTrue, boolean canBeFalse) {
  private static final PossibleTruth ANY = new PossibleTruth(true, true);
  private static final PossibleTruth UNKNOWN_ONLY = new PossibleTruth(false, false);

  /// Looks at the bounds of every column that a filter names.
  static PossibleTruth of(Filter filter, SegmentColumns segment) {
    return switch (filter) {
      case Filter.Constant(Truth truth) ->
          new PossibleTruth(truth == Truth.TRUE, truth == Truth.FALSE);
      case Filter.Compare compare ->
          segment
              .bounds(compare.column())
              .map(bounds -> compare(compare, bounds, segment.column(compare.column()).type()))
              .orElse(ANY);
      case Filter.In in ->
          segment
              .bounds(in.column())
              .map(bounds -> in(in.values(), bounds, segment.column(in.column()).type()))
              .orElse(ANY);
      case Filter.IsNull(int column) -> isNull(segment.bounds(column));
      case Filter.IsNotNull(int column) -> isNull(segment.bounds(column)).negated();
      case Filter.And(var operands) -> all(operands, segment);
      case Filter.Or(var operands) -> any(operands, segment);
      case Filter.Not(Filter operand) -> of(operand, segment).negated();
      case Filter.Computed _ -> ANY;
    };
  }

  private PossibleTruth negated() {
    return new PossibleTruth(canBeFalse, canBeTrue);
  }

  private static PossibleTruth isNull(Optional<ValueBounds> bounds) {
    return bounds
        .map(known -> new PossibleTruth(known.nulls() != Nulls.NONE, known.nulls() != Nulls.ALL))
        .orElse(ANY);
  }

  private static PossibleTruth all(List<Filter> operands, SegmentColumns segment) {
    boolean canBeTrue = true;
    boolean canBeFalse = false;
    for (Filter operand : operands) {
      PossibleTruth possible = of(operand, segment);
      canBeTrue &= possible.canBeTrue;
      canBeFalse |= possible.canBeFalse;
    }
    return new PossibleTruth(canBeTrue, canBeFalse);
  }

  private static PossibleTruth any(List<Filter> operands, SegmentColumns segment) {
    boolean canBeTrue = false;
    boolean canBeFalse = true;
    for (Filter operand : operands) {
      PossibleTruth possible = of(operand, segment);
      canBeTrue |= possible.canBeTrue;
      canBeFalse &= possible.canBeFalse;
    }
    return new PossibleTruth(canBeTrue, canBeFalse);
  }

  private static PossibleTruth compare(
      Filter.Compare compare, ValueBounds bounds, ColumnType type) {
    if (bounds.extremes().isEmpty()) {
      return UNKNOWN_ONLY;
    }
    Comparator<Object> order = ValueOrder.of(type);
    Extremes extremes = bounds.extremes().get();
    int least = order.compare(extremes.least(), compare.value());
    int greatest = order.compare(extremes.greatest(), compare.value());
    return switch (compare.comparison()) {
      case EQUAL -> equal(least, greatest);
      case NOT_EQUAL -> equal(least, greatest).negated();
      case LESS -> new PossibleTruth(least < 0, greatest >= 0);
      case LESS_OR_EQUAL -> new PossibleTruth(least <= 0, greatest > 0);
      case GREATER -> new PossibleTruth(greatest > 0, least <= 0);
      case GREATER_OR_EQUAL -> new PossibleTruth(greatest >= 0, least < 0);
    };
  }

  /// @param least how the least value compares with the one asked for
  private static PossibleTruth equal(int least, int greatest) {
    return new PossibleTruth(least <= 0 && greatest >= 0, least != 0 || greatest != 0);
  }

  private static PossibleTruth in(List<Object> values, ValueBounds bounds, ColumnType type) {
    if (values.isEmpty()) {
      return new PossibleTruth(false, true);
    }
    if (bounds.extremes().isEmpty()) {
      return UNKNOWN_ONLY;
    }
    Comparator<Object> order = ValueOrder.of(type);
    Extremes extremes = bounds.extremes().get();
    for (Object value : values) {
      if (order.compare(extremes.least(), value) <= 0
          && order.compare(extremes.greatest(), value) >= 0) {
        return ANY;
      }
    }
    return new PossibleTruth(false, true);
  }
}
