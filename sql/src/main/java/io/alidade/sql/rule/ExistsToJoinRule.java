package io.alidade.sql.rule;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.sql.SqlKind;

/// `WHERE EXISTS (SELECT ... WHERE inner = outer)` becomes a semi-join, NOT EXISTS an anti-join, so
/// that the sub-query is read once instead of once a row.
///
/// Only where the outer row is used in the sub-query's outermost WHERE and in an equality: anything
/// else would gain nothing or, below a limit or an aggregate, mean something else.
final class ExistsToJoinRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    return switch (node) {
      case Filter filter ->
          joined(
              filter.getInput(),
              Expressions.conjuncts(filter.getCondition()),
              filter.getVariablesSet());
      case TableRows rows when rows.filter().isPresent() && !rows.getVariablesSet().isEmpty() ->
          joined(
              rows.withFilter(Optional.empty(), Set.of()),
              Expressions.conjuncts(rows.filter().get()),
              rows.getVariablesSet());
      default -> Optional.empty();
    };
  }

  private static Optional<RelNode> joined(
      RelNode input, List<RexNode> conditions, Set<CorrelationId> variables) {
    for (RexNode condition : conditions) {
      Optional<RelNode> join = join(input, condition, variables);
      if (join.isPresent()) {
        List<RexNode> rest = new ArrayList<>(conditions);
        rest.remove(condition);
        return Optional.of(
            Expressions.conjunction(input.getCluster().getRexBuilder(), rest)
                .<RelNode>map(
                    c -> LogicalFilter.create(join.get(), c, ImmutableSet.copyOf(variables)))
                .orElse(join.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<RelNode> join(
      RelNode input, RexNode condition, Set<CorrelationId> variables) {
    boolean negated = condition.getKind() == SqlKind.NOT;
    RexNode test = negated ? ((RexCall) condition).getOperands().getFirst() : condition;
    if (!(test instanceof RexSubQuery subQuery) || subQuery.getKind() != SqlKind.EXISTS) {
      return Optional.empty();
    }
    RelNode right = subQuery.rel;
    while (right instanceof Project project && !project.containsOver()) {
      right = project.getInput(); // What a row holds does not matter to EXISTS.
    }
    if (!(right instanceof Filter filter) || !filter.getVariablesSet().isEmpty()) {
      return Optional.empty();
    }
    return Decorrelation.of(input, filter, variables)
        .map(parts ->
            LogicalJoin.create(
                input,
                parts.right(),
                List.of(),
                parts.condition(),
                Set.of(),
                negated ? JoinRelType.ANTI : JoinRelType.SEMI));
  }

  /// A sub-query's filter parted into what is about the outer row and what is not.
  private record Decorrelation(RelNode right, RexNode condition) {

    static Optional<Decorrelation> of(RelNode input, Filter filter, Set<CorrelationId> variables) {
      if (Correlations.of(filter.getInput()).stream().anyMatch(variables::contains)) {
        return Optional.empty();
      }
      List<RexNode> own = new ArrayList<>();
      List<RexNode> both = new ArrayList<>();
      boolean hasEquality = false;
      for (RexNode condition : Expressions.conjuncts(filter.getCondition())) {
        if (Correlations.of(condition).stream().noneMatch(variables::contains)) {
          own.add(condition);
        } else if (Expressions.hasSubQuery(condition)) {
          return Optional.empty();
        } else {
          both.add(condition);
          hasEquality |= condition.getKind() == SqlKind.EQUALS;
        }
      }
      if (!hasEquality) {
        return Optional.empty();
      }
      RexBuilder builder = input.getCluster().getRexBuilder();
      RelNode right =
          Expressions.conjunction(builder, own)
              .<RelNode>map(condition -> LogicalFilter.create(filter.getInput(), condition))
              .orElse(filter.getInput());
      RexShuttle toJoin = new ToJoinColumns(builder, input, variables);
      List<RexNode> conditions = both.stream().map(c -> c.accept(toJoin)).toList();
      return Optional.of(
          new Decorrelation(right, Expressions.conjunction(builder, conditions).orElseThrow()));
    }
  }

  /// Makes columns of the outer row the left side's, and the sub-query's own the right side's.
  private static final class ToJoinColumns extends RexShuttle {
    private final RexBuilder builder;
    private final RelNode left;
    private final Set<CorrelationId> variables;

    ToJoinColumns(RexBuilder builder, RelNode left, Set<CorrelationId> variables) {
      this.builder = builder;
      this.left = left;
      this.variables = variables;
    }

    @Override
    public RexNode visitInputRef(RexInputRef reference) {
      return builder.makeInputRef(
          reference.getType(), left.getRowType().getFieldCount() + reference.getIndex());
    }

    @Override
    public RexNode visitFieldAccess(RexFieldAccess access) {
      return access.getReferenceExpr() instanceof RexCorrelVariable variable
              && variables.contains(variable.id)
          ? builder.makeInputRef(left, access.getField().getIndex())
          : access;
    }
  }
}
