package io.alidade.sql.rule;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;

/// The conditions of a filter on a join go to the side they are about, or into an inner join's
/// condition.
///
/// They stay above where they would filter the rows that an outer join fills up with NULLs before
/// it has filled them up.
final class FilterIntoJoinRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof Filter filter) || !(filter.getInput() instanceof Join join)) {
      return Optional.empty();
    }
    JoinSides sides = new JoinSides(join);
    JoinRelType type = join.getJoinType();
    boolean toLeft = !type.generatesNullsOnLeft();
    boolean toRight = !type.generatesNullsOnRight() && type.projectsRight();
    List<RexNode> left = new ArrayList<>();
    List<RexNode> right = new ArrayList<>();
    List<RexNode> both = new ArrayList<>();
    List<RexNode> above = new ArrayList<>();
    for (RexNode condition : Expressions.conjuncts(filter.getCondition())) {
      if (!Expressions.isMovable(condition, filter.getVariablesSet())) {
        above.add(condition);
      } else if (toLeft && sides.isLeft(condition)) {
        left.add(condition);
      } else if (toRight && sides.isRight(condition)) {
        right.add(condition);
      } else if (type == JoinRelType.INNER) {
        both.add(condition);
      } else {
        above.add(condition);
      }
    }
    if (left.isEmpty() && right.isEmpty() && both.isEmpty()) {
      return Optional.empty();
    }
    RexBuilder builder = node.getCluster().getRexBuilder();
    both.addAll(0, Expressions.conjuncts(join.getCondition()));
    RelNode pushed =
        LogicalJoin.create(
            JoinSides.left(join, left),
            right.isEmpty() ? join.getRight() : sides.right(join, right),
            join.getHints(),
            Expressions.conjunction(builder, both).orElse(builder.makeLiteral(true)),
            join.getVariablesSet(),
            type);
    return Optional.of(
        Expressions.conjunction(builder, above)
            .<RelNode>map(condition ->
                LogicalFilter.create(
                    pushed, condition, ImmutableSet.copyOf(filter.getVariablesSet())))
            .orElse(pushed));
  }
}
