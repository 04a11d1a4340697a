package io.alidade.sql.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;

/// Sub-queries in a SELECT list are computed after ORDER BY and LIMIT, for the rows that are left,
/// and no longer stand between the order and the table.
///
/// Not where a sort key is itself a sub-query.
final class SortBelowSubQueriesRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof Sort sort)
        || sort.fetch == null
        || !(sort.getInput() instanceof Project project)
        || project.containsOver()
        || project.getProjects().stream().noneMatch(Expressions::hasSubQuery)) {
      return Optional.empty();
    }
    RelNode input = project.getInput();
    RexBuilder builder = sort.getCluster().getRexBuilder();
    int width = input.getRowType().getFieldCount();
    List<RexNode> below = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      below.add(builder.makeInputRef(input, i));
    }
    List<String> names = new ArrayList<>(input.getRowType().getFieldNames());
    List<RexNode> above = new ArrayList<>(project.getProjects());
    List<RelFieldCollation> collations = new ArrayList<>();
    for (RelFieldCollation collation : sort.getCollation().getFieldCollations()) {
      RexNode key = project.getProjects().get(collation.getFieldIndex());
      if (Expressions.hasSubQuery(key) || !Expressions.isMovable(key, project.getVariablesSet())) {
        return Optional.empty();
      }
      int column = below.size();
      above.set(collation.getFieldIndex(), builder.makeInputRef(key.getType(), column));
      collations.add(collation.withFieldIndex(column));
      below.add(key);
      names.add("$key" + column);
    }
    RelNode keyed = LogicalProject.create(input, List.of(), below, names, java.util.Set.of());
    RelNode sorted =
        LogicalSort.create(keyed, RelCollations.of(collations), sort.offset, sort.fetch);
    RelDataType type = sort.getRowType();
    return Optional.of(
        LogicalProject.create(
            sorted, List.of(), above, type.getFieldNames(), project.getVariablesSet()));
  }
}
