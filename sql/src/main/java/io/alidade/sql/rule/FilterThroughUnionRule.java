package io.alidade.sql.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.logical.LogicalFilter;

/// A filter on a union goes to each of its inputs.
final class FilterThroughUnionRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof Filter filter)
        || !(filter.getInput() instanceof Union union)
        || !Expressions.isMovable(filter.getCondition(), filter.getVariablesSet())
        || Expressions.hasSubQuery(filter.getCondition())) {
      return Optional.empty();
    }
    List<RelNode> inputs = new ArrayList<>();
    for (RelNode input : union.getInputs()) {
      inputs.add(LogicalFilter.create(input, filter.getCondition()));
    }
    return Optional.of(union.copy(union.getTraitSet(), inputs));
  }
}
