package io.alidade.sql.rule;

import io.alidade.engine.search.DistanceBound;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.catalog.VectorTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlKind;

/// `ORDER BY column <-> query LIMIT k` over one table becomes a search for the k nearest rows.
///
/// Projections and filters between the sort and the table are taken into it: filters say which rows
/// count, one of the form `column <-> query < x` how far they may be, and projections come after
/// the search, where the distance is a column and not computed again.
///
/// It must not fire for descending orders, further sort keys, NULLs first, a distance between two
/// columns, or vectors that may differ in length: a search gives none of these.
final class VectorTopKRule implements RewriteRule {
  @Override
  public Optional<RelNode> apply(RelNode node) {
    if (!(node instanceof Sort sort)
        || sort.fetch == null
        || sort.getCollation().getFieldCollations().size() != 1) {
      return Optional.empty();
    }
    RelFieldCollation key = sort.getCollation().getFieldCollations().getFirst();
    if (key.getDirection().isDescending()
        || key.nullDirection == RelFieldCollation.NullDirection.FIRST) {
      return Optional.empty();
    }
    return Chain.below(sort)
        .flatMap(chain ->
            DistanceCall.of(chain.expressions().get(key.getFieldIndex()), chain.variables())
                .filter(call -> isSearchable(call, chain.rows().table()))
                .map(call -> search(sort, sort.fetch, chain, call)));
  }

  /// Whether the engine keeps the column as vectors of one length that the distance compares.
  private static boolean isSearchable(DistanceCall call, TableDefinition table) {
    return call.column() < table.columns().size()
        && VectorTypes.element(table.columns().get(call.column()).type())
            .filter(element -> call.distance().suits(element))
            .isPresent();
  }

  /// The projections and filters between a sort and its table, as one of each.
  ///
  /// @param expressions the sort's columns over the table's
  /// @param conditions of the filters, over the table's columns
  private record Chain(
      TableRows rows,
      List<RexNode> expressions,
      List<RexNode> conditions,
      Set<CorrelationId> variables) {

    static Optional<Chain> below(Sort sort) {
      List<RexNode> expressions = new ArrayList<>();
      RexBuilder builder = sort.getCluster().getRexBuilder();
      for (int i = 0; i < sort.getRowType().getFieldCount(); i++) {
        expressions.add(builder.makeInputRef(sort.getInput(), i));
      }
      List<RexNode> conditions = new ArrayList<>();
      RelNode node = sort.getInput();
      while (true) {
        switch (node) {
          case Project project when isMovable(project.getProjects(), project) -> {
            expressions.replaceAll(e -> Expressions.below(e, project.getProjects()));
            conditions.replaceAll(e -> Expressions.below(e, project.getProjects()));
            node = project.getInput();
          }
          case Filter filter when isMovable(List.of(filter.getCondition()), filter) -> {
            conditions.addAll(0, Expressions.conjuncts(filter.getCondition()));
            node = filter.getInput();
          }
          case TableRows rows -> {
            rows.filter().ifPresent(f -> conditions.addAll(0, Expressions.conjuncts(f)));
            Set<CorrelationId> variables = new HashSet<>(rows.getVariablesSet());
            return Optional.of(new Chain(rows, expressions, conditions, variables));
          }
          default -> {
            return Optional.empty();
          }
        }
      }
    }

    private static boolean isMovable(List<RexNode> expressions, RelNode node) {
      return expressions.stream().allMatch(e -> Expressions.isMovable(e, node.getVariablesSet()));
    }
  }

  private static RelNode search(Sort sort, RexNode limit, Chain chain, DistanceCall call) {
    RexBuilder builder = sort.getCluster().getRexBuilder();
    List<RexNode> filters = new ArrayList<>();
    Optional<NearestRows.Bound> bound = Optional.empty();
    for (RexNode condition : chain.conditions()) {
      Optional<NearestRows.Bound> found =
          bound.isEmpty() ? boundOf(condition, call, chain.variables()) : Optional.empty();
      if (found.isPresent()) {
        bound = found;
      } else {
        filters.add(condition);
      }
    }
    TableRows rows =
        chain
            .rows()
            .withFilter(Expressions.conjunction(builder, filters), chain.rows().getVariablesSet());
    RelDataType type =
        sort.getCluster()
            .getTypeFactory()
            .builder()
            .addAll(rows.getRowType().getFieldList())
            .add("distance", call.call().getType())
            .build();
    NearestRows nearest =
        new NearestRows(
            rows,
            type,
            new NearestRows.Search(
                call.column(),
                call.distance(),
                call.query(),
                limit,
                Optional.ofNullable(sort.offset),
                bound));
    RexNode distance = builder.makeInputRef(nearest, type.getFieldCount() - 1);
    List<RexNode> projects =
        chain.expressions().stream().map(e -> replaced(e, call.call(), distance)).toList();
    return LogicalProject.create(
        nearest, sort.getHints(), projects, sort.getRowType().getFieldNames(), Set.of());
  }

  /// A condition as a bound of the distance, if it is one: `d < x`, `d <= x`, or turned round.
  private static Optional<NearestRows.Bound> boundOf(
      RexNode condition, DistanceCall call, Set<CorrelationId> variables) {
    if (!(condition instanceof RexCall comparison) || comparison.getOperands().size() != 2) {
      return Optional.empty();
    }
    RexNode left = comparison.getOperands().get(0);
    RexNode right = comparison.getOperands().get(1);
    SqlKind kind = comparison.getKind();
    if (right.equals(call.call())) {
      RexNode swap = left;
      left = right;
      right = swap;
      kind = kind.reverse();
    }
    if (!left.equals(call.call()) || !Expressions.isConstant(right, variables)) {
      return Optional.empty();
    }
    return switch (kind) {
      case LESS_THAN ->
          Optional.of(new NearestRows.Bound(right, DistanceBound.Inclusion.EXCLUSIVE));
      case LESS_THAN_OR_EQUAL ->
          Optional.of(new NearestRows.Bound(right, DistanceBound.Inclusion.INCLUSIVE));
      default -> Optional.empty();
    };
  }

  private static RexNode replaced(RexNode expression, RexNode call, RexNode distance) {
    return expression.accept(
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall candidate) {
            return candidate.equals(call) ? distance : super.visitCall(candidate);
          }

          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return reference; // The table's columns keep their places in front of the distance.
          }
        });
  }
}
