package io.alidade.sql.rule;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;

/// A filter on a filter becomes one filter; the lower condition comes first.
final class MergeFiltersRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof Filter upper) || !(upper.getInput() instanceof Filter lower)) {
      return Optional.empty();
    }
    List<RexNode> conditions = new ArrayList<>(Expressions.conjuncts(lower.getCondition()));
    conditions.addAll(Expressions.conjuncts(upper.getCondition()));
    Optional<RexNode> all = Expressions.conjunction(node.getCluster().getRexBuilder(), conditions);
    if (all.isEmpty()) {
      return Optional.of(lower.getInput());
    }
    return Optional.of(
        LogicalFilter.create(
            lower.getInput(),
            all.get(),
            ImmutableSet.copyOf(Sets.union(upper.getVariablesSet(), lower.getVariablesSet()))));
  }
}
