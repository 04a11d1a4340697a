package io.alidade.sql.rule;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/// Conditions on grouping columns above a grouping go below it.
///
/// Not those on aggregates, and none where there are no grouping columns: such a grouping gives a
/// row even of no rows.
final class FilterThroughAggregateRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof Filter filter)
        || !(filter.getInput() instanceof Aggregate aggregate)
        || aggregate.getGroupType() != Aggregate.Group.SIMPLE
        || aggregate.getGroupCount() == 0) {
      return Optional.empty();
    }
    List<RexNode> below = new ArrayList<>();
    List<RexNode> above = new ArrayList<>();
    for (RexNode condition : Expressions.conjuncts(filter.getCondition())) {
      boolean onGroups =
          Expressions.columns(condition).nextSetBit(aggregate.getGroupCount()) < 0
              && !Expressions.columns(condition).isEmpty();
      if (onGroups && Expressions.isMovable(condition, filter.getVariablesSet())) {
        below.add(onInput(condition, aggregate));
      } else {
        above.add(condition);
      }
    }
    if (below.isEmpty()) {
      return Optional.empty();
    }
    RexBuilder builder = node.getCluster().getRexBuilder();
    RelNode input =
        LogicalFilter.create(
            aggregate.getInput(), Expressions.conjunction(builder, below).orElseThrow());
    RelNode grouped = aggregate.copy(aggregate.getTraitSet(), List.of(input));
    return Optional.of(
        Expressions.conjunction(builder, above)
            .<RelNode>map(condition ->
                LogicalFilter.create(
                    grouped, condition, ImmutableSet.copyOf(filter.getVariablesSet())))
            .orElse(grouped));
  }

  private static RexNode onInput(RexNode condition, Aggregate aggregate) {
    RexBuilder builder = aggregate.getCluster().getRexBuilder();
    return condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return builder.makeInputRef(
                aggregate.getInput(), aggregate.getGroupSet().nth(reference.getIndex()));
          }
        });
  }
}
