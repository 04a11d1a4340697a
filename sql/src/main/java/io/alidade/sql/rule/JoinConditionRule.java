package io.alidade.sql.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;

/// A join's conditions about one side only become a filter of that side.
///
/// Not on the side whose rows the join keeps without a match: there the condition decides about
/// matching, not about being there.
final class JoinConditionRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof Join join)) {
      return Optional.empty();
    }
    JoinRelType type = join.getJoinType();
    boolean toLeft =
        type == JoinRelType.INNER || type == JoinRelType.RIGHT || type == JoinRelType.SEMI;
    boolean toRight = type != JoinRelType.RIGHT && type != JoinRelType.FULL;
    JoinSides sides = new JoinSides(join);
    List<RexNode> left = new ArrayList<>();
    List<RexNode> right = new ArrayList<>();
    List<RexNode> stay = new ArrayList<>();
    for (RexNode condition : Expressions.conjuncts(join.getCondition())) {
      boolean constant = Expressions.columns(condition).isEmpty();
      if (constant || !Expressions.isMovable(condition, join.getVariablesSet())) {
        stay.add(condition);
      } else if (toLeft && sides.isLeft(condition)) {
        left.add(condition);
      } else if (toRight && sides.isRight(condition)) {
        right.add(condition);
      } else {
        stay.add(condition);
      }
    }
    if (left.isEmpty() && right.isEmpty()) {
      return Optional.empty();
    }
    RexBuilder builder = node.getCluster().getRexBuilder();
    return Optional.of(
        LogicalJoin.create(
            JoinSides.left(join, left),
            sides.right(join, right),
            join.getHints(),
            Expressions.conjunction(builder, stay).orElse(builder.makeLiteral(true)),
            join.getVariablesSet(),
            type));
  }
}
