package io.alidade.sql.rule;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;

/// Conditions on a join's columns, parted by the side that they are about.
final class JoinSides {
  private final int leftWidth;
  private final ImmutableBitSet leftColumns;
  private final ImmutableBitSet rightColumns;

  JoinSides(Join join) {
    leftWidth = join.getLeft().getRowType().getFieldCount();
    leftColumns = ImmutableBitSet.range(leftWidth);
    rightColumns =
        ImmutableBitSet.range(leftWidth, leftWidth + join.getRight().getRowType().getFieldCount());
  }

  /// Whether a condition is about columns of the left side only. One about no columns is.
  boolean isLeft(RexNode condition) {
    return leftColumns.contains(Expressions.columns(condition));
  }

  /// Whether a condition is about columns of the right side only.
  boolean isRight(RexNode condition) {
    return rightColumns.contains(Expressions.columns(condition));
  }

  ImmutableBitSet rightColumns() {
    return rightColumns;
  }

  ImmutableBitSet leftColumns() {
    return leftColumns;
  }

  /// The left input, filtered.
  static RelNode left(Join join, List<RexNode> conditions) {
    return filtered(join.getLeft(), conditions);
  }

  /// The right input, filtered by conditions on the join's columns.
  RelNode right(Join join, List<RexNode> conditions) {
    List<RexNode> shifted = new ArrayList<>();
    conditions.forEach(condition -> shifted.add(RexUtil.shift(condition, -leftWidth)));
    return filtered(join.getRight(), shifted);
  }

  private static RelNode filtered(RelNode input, List<RexNode> conditions) {
    return Expressions.conjunction(input.getCluster().getRexBuilder(), conditions)
        .<RelNode>map(condition -> LogicalFilter.create(input, condition))
        .orElse(input);
  }
}
