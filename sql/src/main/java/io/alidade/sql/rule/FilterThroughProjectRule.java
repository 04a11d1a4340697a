package io.alidade.sql.rule;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;

/// A filter on a projection goes below it, with the projected expressions in place of the columns.
///
/// It stays where a condition would compute something anew that may come out differently (random, a
/// window function) or is a sub-query, which costs too much to be computed twice.
final class FilterThroughProjectRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof Filter filter) || !(filter.getInput() instanceof Project project)) {
      return Optional.empty();
    }
    List<RexNode> below = new ArrayList<>();
    List<RexNode> above = new ArrayList<>();
    for (RexNode condition : Expressions.conjuncts(filter.getCondition())) {
      if (canPass(condition, filter, project)) {
        below.add(Expressions.below(condition, project.getProjects()));
      } else {
        above.add(condition);
      }
    }
    if (below.isEmpty()) {
      return Optional.empty();
    }
    var builder = node.getCluster().getRexBuilder();
    RelNode input =
        LogicalFilter.create(
            project.getInput(), Expressions.conjunction(builder, below).orElseThrow());
    RelNode projected = project.copy(project.getTraitSet(), List.of(input));
    return Optional.of(
        Expressions.conjunction(builder, above)
            .<RelNode>map(condition ->
                LogicalFilter.create(
                    projected, condition, ImmutableSet.copyOf(filter.getVariablesSet())))
            .orElse(projected));
  }

  private static boolean canPass(RexNode condition, Filter filter, Project project) {
    if (!Expressions.isMovable(condition, filter.getVariablesSet())) {
      return false;
    }
    for (int column : Expressions.columns(condition)) {
      RexNode projected = project.getProjects().get(column);
      if (!Expressions.isMovable(projected, project.getVariablesSet())
          || Expressions.hasSubQuery(projected)) {
        return false;
      }
    }
    return true;
  }
}
