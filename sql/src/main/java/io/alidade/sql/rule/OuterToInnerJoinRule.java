package io.alidade.sql.rule;

import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/// An outer join whose filled-up rows a filter throws away anyway keeps fewer rows: LEFT becomes
/// INNER when a condition cannot be true for a NULL on the right, and so on.
final class OuterToInnerJoinRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof Filter filter) || !(filter.getInput() instanceof Join join)) {
      return Optional.empty();
    }
    JoinRelType type = join.getJoinType();
    if (!type.generatesNullsOnLeft() && !type.generatesNullsOnRight()) {
      return Optional.empty();
    }
    JoinSides sides = new JoinSides(join);
    List<RexNode> conditions = Expressions.conjuncts(filter.getCondition());
    JoinRelType inner = type;
    if (type.generatesNullsOnRight() && rejectsNulls(conditions, sides.rightColumns())) {
      inner = inner.cancelNullsOnRight();
    }
    if (type.generatesNullsOnLeft() && rejectsNulls(conditions, sides.leftColumns())) {
      inner = inner.cancelNullsOnLeft();
    }
    if (inner == type) {
      return Optional.empty();
    }
    RelNode replaced =
        join.copy(
            join.getTraitSet(), join.getCondition(), join.getLeft(), join.getRight(), inner, false);
    return Optional.of(filter.copy(filter.getTraitSet(), List.of(replaced)));
  }

  private static boolean rejectsNulls(List<RexNode> conditions, ImmutableBitSet columns) {
    return conditions.stream().anyMatch(condition -> rejectsNull(condition, columns));
  }

  /// Comparisons and IS NOT NULL of a column itself; other expressions may turn NULL into a value.
  private static boolean rejectsNull(RexNode condition, ImmutableBitSet columns) {
    return switch (condition.getKind()) {
      case EQUALS,
          NOT_EQUALS,
          LESS_THAN,
          LESS_THAN_OR_EQUAL,
          GREATER_THAN,
          GREATER_THAN_OR_EQUAL,
          IS_NOT_NULL ->
          ((RexCall) condition)
              .getOperands().stream()
                  .anyMatch(operand ->
                      operand instanceof RexInputRef reference
                          && columns.get(reference.getIndex()));
      default -> false;
    };
  }
}
