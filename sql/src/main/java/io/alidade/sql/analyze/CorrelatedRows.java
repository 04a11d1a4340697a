package io.alidade.sql.analyze;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.jspecify.annotations.Nullable;

/// What sub-queries use of the rows around them.
final class CorrelatedRows {
  private CorrelatedRows() {}

  /// Those of some correlation variables that the sub-queries of some expressions use.
  static Set<CorrelationId> used(List<RexNode> expressions, Set<CorrelationId> variables) {
    if (variables.isEmpty()) {
      return variables;
    }
    Set<CorrelationId> used = new HashSet<>();
    for (RexNode expression : expressions) {
      expression.accept(
          new RexVisitorImpl<@Nullable Void>(true) {
            @Override
            public @Nullable Void visitSubQuery(RexSubQuery query) {
              used.addAll(RelOptUtil.getVariablesUsed(query.rel));
              return super.visitSubQuery(query);
            }
          });
    }
    used.retainAll(variables);
    return used;
  }

  /// A relation with the columns that it uses of some outer rows changed.
  static RelNode changed(
      RelNode rel, Set<CorrelationId> variables, Function<RexFieldAccess, RexNode> change) {
    RexShuttle fields =
        new RexShuttle() {
          @Override
          public RexNode visitFieldAccess(RexFieldAccess access) {
            return access.getReferenceExpr() instanceof RexCorrelVariable variable
                    && variables.contains(variable.id)
                ? change.apply(access)
                : super.visitFieldAccess(access);
          }

          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            RexSubQuery inner = (RexSubQuery) super.visitSubQuery(query);
            return inner.clone(changed(inner.rel, variables, change));
          }
        };
    return rel.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            return super.visit(other).accept(fields);
          }
        });
  }
}
