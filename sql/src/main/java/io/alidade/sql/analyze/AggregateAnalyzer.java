package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.SqlState;
import io.alidade.sql.function.AggregateOperator;
import io.alidade.sql.function.OverloadChoice;
import io.alidade.sql.function.OverloadChoice.Outcome;
import io.alidade.sql.parse.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/// Resolves calls of aggregates.
final class AggregateAnalyzer {
  private final Analysis analysis;
  private final ExpressionPlace place;
  private final ExpressionAnalyzer expressions;
  private final CallAnalyzer calls;

  AggregateAnalyzer(
      Analysis analysis,
      ExpressionPlace place,
      ExpressionAnalyzer expressions,
      CallAnalyzer calls) {
    this.analysis = analysis;
    this.place = place;
    this.expressions = expressions;
    this.calls = calls;
  }

  Operand aggregate(Expression.FunctionCall call) {
    AggregateUses uses = place.aggregates().orElseThrow(() -> misplaced(call));
    if (!call.withinGroup().isEmpty()) {
      throw Errors.unsupported("WITHIN GROUP is", call.position());
    }
    ExpressionAnalyzer inside = expressions.insideAggregate();
    List<Operand> arguments = new ArrayList<>();
    for (Expression.Argument argument : call.arguments()) {
      arguments.add(inside.analyze(argument.value()));
    }
    Optional<RexNode> filter =
        Optional.ofNullable(call.filter()).map(condition -> inside.condition(condition, "FILTER"));
    List<AggregateUses.SortKey> order = new ArrayList<>();
    for (Expression.SortItem item : call.orderBy()) {
      Operand key = inside.analyze(item.key());
      order.add(SortKeys.key(analysis.coercion.settle(key).rex(), item));
    }
    boolean distinct = call.quantifier() == Expression.SetQuantifier.DISTINCT;
    return call.name().name().equals("count")
        ? count(call, uses, arguments, distinct, filter)
        : own(call, uses, arguments, distinct, filter, order);
  }

  private io.alidade.model.DatabaseException misplaced(Expression.FunctionCall call) {
    String message =
        place.name().equals(ExpressionPlace.INSIDE_AGGREGATE)
            ? "aggregate function calls cannot be nested"
            : "aggregate functions are not allowed in " + place.name();
    return Errors.of(SqlState.GROUPING_ERROR, message, call.position());
  }

  private Operand count(
      Expression.FunctionCall call,
      AggregateUses uses,
      List<Operand> arguments,
      boolean distinct,
      Optional<RexNode> filter) {
    boolean star = call.form() == Expression.ArgumentForm.STAR;
    if (!star && arguments.isEmpty()) {
      throw Errors.of(
          SqlState.WRONG_OBJECT_TYPE,
          "count(*) must be used to call a parameterless aggregate function",
          call.position());
    }
    if (arguments.size() > 1) {
      throw CallAnalyzer.missing("count", arguments, call.position());
    }
    List<RexNode> values =
        arguments.stream().map(each -> analysis.coercion.settle(each).rex()).toList();
    RelDataType type = analysis.types.notNull(ColumnType.INT8);
    AggregateUses.Use use =
        new AggregateUses.Use(
            SqlStdOperatorTable.COUNT, values, distinct, filter, List.of(), ColumnType.INT8);
    return new Operand.Value(uses.reference(use, type), ColumnType.INT8, call.position());
  }

  private Operand own(
      Expression.FunctionCall call,
      AggregateUses uses,
      List<Operand> arguments,
      boolean distinct,
      Optional<RexNode> filter,
      List<AggregateUses.SortKey> order) {
    String name = call.name().name();
    List<Optional<ColumnType>> types = arguments.stream().map(Operand::type).toList();
    AggregateOperator operator =
        switch (OverloadChoice.choose(analysis.functions.aggregates(name), types)) {
          case Outcome.Chosen<AggregateOperator>(var chosen) -> chosen;
          case Outcome.None<AggregateOperator> _ ->
              throw CallAnalyzer.missing(name, arguments, call.position());
          case Outcome.Ambiguous<AggregateOperator> _ ->
              throw CallAnalyzer.ambiguous(name, arguments, call.position());
        };
    CallAnalyzer.Bound bound = calls.bindArguments(operator, arguments, call.position());
    ColumnType result = operator.signature().resultFor(bound.types());
    SqlAggFunction function = operator;
    AggregateUses.Use use =
        new AggregateUses.Use(function, bound.values(), distinct, filter, order, result);
    RexNode reference = uses.reference(use, analysis.types.nullable(result));
    return new Operand.Value(reference, result, call.position());
  }
}
