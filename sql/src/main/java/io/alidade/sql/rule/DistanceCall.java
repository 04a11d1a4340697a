package io.alidade.sql.rule;

import io.alidade.engine.vector.Distance;
import io.alidade.sql.function.ScalarOperator;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// The distance between a vector column and a vector that is the same for all rows.
///
/// @param call the whole expression
/// @param column the vector column
/// @param query the vector
record DistanceCall(RexNode call, int column, Distance distance, RexNode query) {

  /// Reads an expression over a table's columns as such a distance; both ways round, as all
  /// distances are symmetric.
  ///
  /// @param variables the correlation variables that stand for the table's rows
  static Optional<DistanceCall> of(RexNode expression, Set<CorrelationId> variables) {
    if (!(expression instanceof RexCall call)
        || !(call.getOperator() instanceof ScalarOperator operator)
        || operator.distance().isEmpty()) {
      return Optional.empty();
    }
    Distance distance = Distance.valueOf(operator.distance().get().name());
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    if (left instanceof RexInputRef column && Expressions.isConstant(right, variables)) {
      return Optional.of(new DistanceCall(call, column.getIndex(), distance, right));
    }
    if (right instanceof RexInputRef column && Expressions.isConstant(left, variables)) {
      return Optional.of(new DistanceCall(call, column.getIndex(), distance, left));
    }
    return Optional.empty();
  }
}
