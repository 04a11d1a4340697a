package io.alidade.sql.plan;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.rule.Correlations;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlQuantifyOperator;

/// Plans the sub-queries in expressions and puts calls of [SubPlan]s in their places.
final class SubPlans {
  private final UnaryOperator<RelNode> rules;
  private final PlanBuilder builder;
  private int count;

  SubPlans(UnaryOperator<RelNode> rules, PlanBuilder builder) {
    this.rules = rules;
    this.builder = builder;
  }

  /// The expression with its sub-queries planned.
  ///
  /// @param here the correlation variables that stand for the row it is computed in
  RexNode in(RexNode expression, Set<CorrelationId> here) {
    return expression.accept(
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery subQuery) {
            RexSubQuery planned = (RexSubQuery) super.visitSubQuery(subQuery);
            return planned(planned, here);
          }
        });
  }

  private RexNode planned(RexSubQuery subQuery, Set<CorrelationId> here) {
    Set<CorrelationId> outer = Correlations.of(subQuery.rel);
    Set<CorrelationId> bound = new HashSet<>(outer);
    bound.retainAll(here);
    int number = ++count;
    SubPlan plan =
        new SubPlan(
            number,
            kind(subQuery),
            comparison(subQuery),
            builder.all(rules.apply(subQuery.rel)),
            bound.stream().map(CorrelationId::getId).sorted().toList(),
            Correlations.columns(subQuery, bound),
            outer.isEmpty() ? SubPlan.Dependence.NONE : SubPlan.Dependence.OUTER_ROWS);
    return subQuery
        .rel
        .getCluster()
        .getRexBuilder()
        .makeCall(subQuery.getType(), plan, List.copyOf(subQuery.getOperands()));
  }

  private static SubPlan.Kind kind(RexSubQuery subQuery) {
    return switch (subQuery.getKind()) {
      case SCALAR_QUERY -> SubPlan.Kind.SCALAR;
      case EXISTS -> SubPlan.Kind.EXISTS;
      case IN, SOME -> SubPlan.Kind.SOME;
      case ARRAY_QUERY_CONSTRUCTOR -> SubPlan.Kind.ARRAY;
      default ->
          throw new DatabaseException(
              SqlState.FEATURE_NOT_SUPPORTED, subQuery.getKind() + " is not supported");
    };
  }

  private static SqlKind comparison(RexSubQuery subQuery) {
    return switch (subQuery.getKind()) {
      case IN -> SqlKind.EQUALS;
      case SOME -> ((SqlQuantifyOperator) subQuery.getOperator()).comparisonKind;
      default -> SqlKind.OTHER;
    };
  }
}
