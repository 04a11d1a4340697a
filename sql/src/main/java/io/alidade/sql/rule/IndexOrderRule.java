package io.alidade.sql.rule;

import io.alidade.engine.payload.OrderedIndex.Direction;
import io.alidade.storage.catalog.IndexDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// `ORDER BY key LIMIT k` over one table reads an index in its order until there are k rows,
/// instead of sorting the table.
///
/// It does not fire where a filter is about columns that are not in the index: to find the few rows
/// that match, the filter's own index or a scan may be much better than walking this one.
final class IndexOrderRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof Sort sort)
        || sort.fetch == null
        || sort.getCollation().getFieldCollations().isEmpty()) {
      return Optional.empty();
    }
    List<RelFieldCollation> keys = sort.getCollation().getFieldCollations();
    Optional<Direction> direction = direction(keys);
    if (direction.isEmpty()) {
      return Optional.empty();
    }
    List<RexNode> expressions = new ArrayList<>();
    keys.forEach(key ->
        expressions.add(
            sort.getCluster().getRexBuilder().makeInputRef(sort.getInput(), key.getFieldIndex())));
    return ordered(sort.getInput(), expressions, direction.get())
        .map(input -> LogicalSort.create(input, RelCollations.EMPTY, sort.offset, sort.fetch));
  }

  /// The way an index is read to give an order: all keys ascending with NULLs last, or all
  /// descending with NULLs first.
  private static Optional<Direction> direction(List<RelFieldCollation> keys) {
    boolean descending = keys.getFirst().getDirection().isDescending();
    RelFieldCollation.NullDirection other =
        descending ? RelFieldCollation.NullDirection.LAST : RelFieldCollation.NullDirection.FIRST;
    boolean fits =
        keys.stream()
            .allMatch(key ->
                key.getDirection().isDescending() == descending && key.nullDirection != other);
    return fits
        ? Optional.of(descending ? Direction.DESCENDING : Direction.ASCENDING)
        : Optional.empty();
  }

  /// The input with its table read in the order of some expressions over its rows.
  private static Optional<RelNode> ordered(RelNode node, List<RexNode> keys, Direction direction) {
    return switch (node) {
      case Project project -> {
        List<RexNode> below =
            keys.stream().map(key -> Expressions.below(key, project.getProjects())).toList();
        yield ordered(project.getInput(), below, direction)
            .map(input -> project.copy(project.getTraitSet(), List.of(input)));
      }
      case TableRows rows ->
          rows.table().indexes().stream()
              .filter(index -> serves(index, keys) && coversFilter(index, rows))
              .findFirst()
              .map(index -> new OrderedRows(rows, index, direction));
      default -> Optional.empty();
    };
  }

  private static boolean serves(IndexDefinition index, List<RexNode> keys) {
    if (index.method() != IndexDefinition.Method.BTREE || keys.size() > index.columns().size()) {
      return false;
    }
    for (int i = 0; i < keys.size(); i++) {
      if (!(keys.get(i) instanceof RexInputRef column)
          || column.getIndex() != index.columns().get(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean coversFilter(IndexDefinition index, TableRows rows) {
    return rows.filter().isEmpty()
        || rows.getVariablesSet().isEmpty()
            && index.columns().containsAll(Expressions.columns(rows.filter().get()).asList());
  }
}
