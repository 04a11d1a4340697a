package io.alidade.sql.rule;

import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rex.RexNode;

/// A filter on a table becomes the filter of its scan, whatever its expressions.
final class FilterIntoScanRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof Filter filter) || !(filter.getInput() instanceof TableRows rows)) {
      return Optional.empty();
    }
    List<RexNode> conditions = new ArrayList<>();
    rows.filter().ifPresent(condition -> conditions.addAll(Expressions.conjuncts(condition)));
    conditions.addAll(Expressions.conjuncts(filter.getCondition()));
    return Optional.of(
        rows.withFilter(
            Expressions.conjunction(node.getCluster().getRexBuilder(), conditions),
            Sets.union(rows.getVariablesSet(), filter.getVariablesSet())));
  }
}
