package io.alidade.sql.plan;

import io.alidade.sql.plan.PlanNode.HashJoin.KeyPair;
import io.alidade.sql.plan.PlanNode.HashJoin.Nulls;
import io.alidade.sql.rule.Expressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/// A join's condition, parted into what a hash table can answer and the rest.
///
/// @param pairs the equalities between an expression of each side
/// @param rest all other conditions
record JoinKeys(List<KeyPair> pairs, List<RexNode> rest) {

  /// @param leftWidth how many of the join's columns are the left side's
  static JoinKeys of(Join join, int leftWidth) {
    List<KeyPair> pairs = new ArrayList<>();
    List<RexNode> rest = new ArrayList<>();
    for (RexNode condition : Expressions.conjuncts(join.getCondition())) {
      Optional<KeyPair> pair =
          join.getVariablesSet().isEmpty() ? pair(condition, leftWidth) : Optional.empty();
      pair.ifPresentOrElse(pairs::add, () -> rest.add(condition));
    }
    return new JoinKeys(pairs, rest);
  }

  private static Optional<KeyPair> pair(RexNode condition, int leftWidth) {
    SqlKind kind = condition.getKind();
    if (kind != SqlKind.EQUALS && kind != SqlKind.IS_NOT_DISTINCT_FROM) {
      return Optional.empty();
    }
    Nulls nulls = kind == SqlKind.EQUALS ? Nulls.NEVER_MATCH : Nulls.MATCH;
    RexNode first = ((RexCall) condition).getOperands().get(0);
    RexNode second = ((RexCall) condition).getOperands().get(1);
    if (isLeft(first, leftWidth) && isRight(second, leftWidth)) {
      return Optional.of(new KeyPair(first, RexUtil.shift(second, -leftWidth), nulls));
    }
    if (isRight(first, leftWidth) && isLeft(second, leftWidth)) {
      return Optional.of(new KeyPair(second, RexUtil.shift(first, -leftWidth), nulls));
    }
    return Optional.empty();
  }

  private static boolean isLeft(RexNode expression, int leftWidth) {
    ImmutableBitSet columns = Expressions.columns(expression);
    return !columns.isEmpty() && columns.nextSetBit(leftWidth) < 0;
  }

  private static boolean isRight(RexNode expression, int leftWidth) {
    ImmutableBitSet columns = Expressions.columns(expression);
    return !columns.isEmpty() && columns.nth(0) >= leftWidth;
  }
}
