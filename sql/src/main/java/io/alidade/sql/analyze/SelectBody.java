package io.alidade.sql.analyze;

import com.google.common.collect.ImmutableSet;
import io.alidade.model.ColumnType;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.Expression;
import io.alidade.storage.LockWait;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/// A SELECT whose clauses are resolved: builds grouping, select list, DISTINCT, order and limit.
final class SelectBody implements QueryBody {
  private final Analysis analysis;
  private final ExpressionPlace place;
  private final Parts parts;
  private final List<BodyColumn> columns;

  SelectBody(Analysis analysis, ExpressionPlace place, Parts parts) {
    this.analysis = analysis;
    this.place = place;
    this.parts = parts;
    this.columns = parts.targets().columns();
  }

  /// The clauses.
  ///
  /// @param input FROM and WHERE
  /// @param locked the tables of FROM whose rows are to be locked
  /// @param groupKeys empty where there is no GROUP BY
  record Parts(
      RelNode input,
      SelectTargets targets,
      Optional<List<RexNode>> groupKeys,
      Optional<RexNode> having,
      AggregateUses aggregates,
      RowFunctionUses rowFunctions,
      boolean distinct,
      List<Key> distinctOn,
      List<Sorting> sortings,
      QueryAnalyzer.Limits limits,
      List<ScopeRange.LockedTable> locked) {
    boolean isGrouped() {
      return groupKeys.isPresent() || having.isPresent() || !aggregates.uses().isEmpty();
    }
  }

  /// What is sorted by.
  sealed interface Key {
    int position();

    /// A column of the select list.
    record Target(int index, int position) implements Key {}

    /// An expression over the row of FROM.
    record Computed(RexNode rex, int position) implements Key {}
  }

  /// A key of ORDER BY.
  record Sorting(Key key, Expression.SortItem item) {}

  @Override
  public List<BodyColumn> columns() {
    return columns;
  }

  @Override
  public RelNode build(List<ColumnType> openTypes) {
    List<RexNode> outputs = new ArrayList<>();
    List<ColumnType> types = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Operand.Value value = parts.targets().settled(i, openTypes.get(i));
      outputs.add(analysis.coercion.exact(value));
      types.add(value.known());
    }
    int visible = outputs.size();
    List<Integer> distinctOn = new ArrayList<>();
    for (Key key : parts.distinctOn()) {
      distinctOn.add(outputOf(key, outputs));
    }
    List<RelFieldCollation> collations = new ArrayList<>();
    for (Sorting sorting : parts.sortings()) {
      int index = outputOf(sorting.key(), outputs);
      requireSelected(sorting, index, visible);
      collations.add(SortKeys.collation(index, sorting.item()));
    }
    List<LockedRows.Mark> marks = marks(outputs);
    RelNode rel = projected(outputs);
    if (!distinctOn.isEmpty()) {
      requireOrderedBy(distinctOn, collations);
      rel = new DistinctOn(analysis).apply(rel, distinctOn, collations);
    } else if (parts.distinct()) {
      rel =
          LogicalAggregate.create(rel, List.of(), ImmutableBitSet.range(visible), null, List.of());
    }
    RelNode sorted = marks.isEmpty() ? sorted(rel, collations) : locked(rel, collations, marks);
    return analysis.projections().first(sorted, visible);
  }

  private RelNode sorted(RelNode rel, List<RelFieldCollation> collations) {
    return QueryAnalyzer.sorted(rel, collations, parts.limits());
  }

  /// Adds where the rows are that are to be locked.
  private List<LockedRows.Mark> marks(List<RexNode> outputs) {
    List<LockedRows.Mark> marks = new ArrayList<>();
    for (ScopeRange.LockedTable table : parts.locked()) {
      marks.add(
          new LockedRows.Mark(
              outputs.size(),
              table.table(),
              RowLocking.mode(table.clause().strength()),
              RowLocking.wait(table.clause().waiting())));
      outputs.add(table.reference());
    }
    return marks;
  }

  /// Rows are locked in their order. Which of them a LIMIT leaves is known before, unless some are
  /// skipped; then as many are locked as it takes.
  private RelNode locked(
      RelNode rel, List<RelFieldCollation> collations, List<LockedRows.Mark> marks) {
    boolean skips = marks.stream().anyMatch(mark -> mark.patience() == LockWait.SKIP);
    QueryAnalyzer.Limits limits = parts.limits();
    if (!skips || limits.equals(QueryAnalyzer.Limits.NONE)) {
      return new LockedRows(sorted(rel, collations), marks);
    }
    // A limit that is NULL lets everything pass, and allows rules to use an index for the order.
    QueryAnalyzer.Limits all =
        new QueryAnalyzer.Limits(null, analysis.builder.nullOf(ColumnType.INT8));
    RelNode ordered = collations.isEmpty() ? rel : QueryAnalyzer.sorted(rel, collations, all);
    return QueryAnalyzer.sorted(new LockedRows(ordered, marks), List.of(), limits);
  }

  private int outputOf(Key key, List<RexNode> outputs) {
    return switch (key) {
      case Key.Target(var index, _) -> index;
      case Key.Computed(var rex, _) -> {
        int index = outputs.indexOf(rex);
        if (index < 0) {
          index = outputs.size();
          outputs.add(rex);
        }
        yield index;
      }
    };
  }

  private void requireSelected(Sorting sorting, int index, int visible) {
    if (parts.distinct() && parts.distinctOn().isEmpty() && index >= visible) {
      throw Errors.of(
          SqlState.INVALID_COLUMN_REFERENCE,
          "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
          sorting.key().position());
    }
  }

  private void requireOrderedBy(List<Integer> distinctOn, List<RelFieldCollation> collations) {
    int leading = Math.min(distinctOn.size(), collations.size());
    for (RelFieldCollation collation : collations.subList(0, leading)) {
      if (!distinctOn.contains(collation.getFieldIndex())) {
        throw Errors.of(
            SqlState.INVALID_COLUMN_REFERENCE,
            "SELECT DISTINCT ON expressions must match initial ORDER BY expressions",
            parts.distinctOn().getFirst().position());
      }
    }
  }

  private RelNode projected(List<RexNode> outputs) {
    RelNode rel = parts.input();
    List<RexNode> expressions = outputs;
    Set<CorrelationId> variables = place.variables();
    if (parts.isGrouped()) {
      List<RexNode> all = new ArrayList<>(outputs);
      parts.having().ifPresent(all::add);
      parts.rowFunctions().uses().forEach(use -> all.addAll(use.arguments()));
      Grouping grouping =
          Grouping.of(
              analysis, place, rel, parts.groupKeys().orElse(List.of()), parts.aggregates(), all);
      rel = grouping.rel();
      if (parts.having().isPresent()) {
        RexNode condition = grouping.rewrite(parts.having().get());
        rel =
            LogicalFilter.create(
                rel,
                condition,
                ImmutableSet.copyOf(CorrelatedRows.used(List.of(condition), variables)));
      }
      expressions = outputs.stream().map(grouping::rewrite).toList();
      if (!parts.rowFunctions().uses().isEmpty()) {
        RowFunctionJoin join =
            RowFunctionJoin.of(analysis, place, rel, parts.rowFunctions(), grouping::rewrite);
        rel = join.rel();
        expressions = expressions.stream().map(join::rewrite).toList();
      }
    } else if (!parts.rowFunctions().uses().isEmpty()) {
      RowFunctionJoin join =
          RowFunctionJoin.of(analysis, place, rel, parts.rowFunctions(), rex -> rex);
      rel = join.rel();
      expressions = expressions.stream().map(join::rewrite).toList();
    }
    List<String> names = new ArrayList<>();
    columns.forEach(column -> names.add(column.name()));
    for (int i = names.size(); i < expressions.size(); i++) {
      names.add("$sort" + i);
    }
    return analysis
        .projections()
        .project(rel, expressions, names, CorrelatedRows.used(expressions, variables));
  }
}
