package io.alidade.sql.analyze;

import com.google.common.collect.ImmutableSet;
import io.alidade.model.ColumnType;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.Expression.SortItem;
import io.alidade.sql.parse.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// Resolves a SELECT clause by clause; [SelectBody] then builds it.
final class SelectAnalyzer {
  private final Analysis analysis;
  private final CommonTables tables;
  private final Scope.@Nullable OuterRow outer;

  SelectAnalyzer(Analysis analysis, CommonTables tables, Scope.@Nullable OuterRow outer) {
    this.analysis = analysis;
    this.tables = tables;
    this.outer = outer;
  }

  QueryBody analyze(
      Query.Select select,
      List<SortItem> orderBy,
      QueryAnalyzer.Limits limits,
      List<Query.Locking> clauses) {
    if (!select.windows().isEmpty()) {
      throw Errors.unsupported("window functions are", select.position());
    }
    RowLocking locking = RowLocking.of(clauses, select.from(), tables);
    FromClause from = new FromAnalyzer(analysis, tables, outer, locking).list(select.from());
    Scope scope = new Scope(from, outer);
    RelNode input = filtered(scope, select.where());
    AggregateUses aggregates = new AggregateUses();
    RowFunctionUses rowFunctions = new RowFunctionUses();
    ExpressionPlace place =
        new ExpressionPlace(
            scope, tables, "SELECT", Optional.of(aggregates), Optional.of(rowFunctions));
    ExpressionAnalyzer expressions = new ExpressionAnalyzer(analysis, place);
    SelectTargets targets = new SelectTargets(analysis);
    targets.addAll(select.items(), expressions);
    Query.GroupBy groupBy = select.groupBy();
    Optional<List<RexNode>> keys =
        groupBy == null ? Optional.empty() : Optional.of(groupKeys(groupBy, scope, targets));
    Optional<RexNode> having =
        Optional.ofNullable(select.having()).map(each -> expressions.condition(each, "HAVING"));
    List<SelectBody.Sorting> sortings = new ArrayList<>();
    for (SortItem item : orderBy) {
      sortings.add(
          new SelectBody.Sorting(sortKey(item.key(), targets, expressions, "ORDER BY"), item));
    }
    List<SelectBody.Key> distinctOn = new ArrayList<>();
    Query.Distinct distinct = select.distinct();
    if (distinct != null) {
      for (Expression each : distinct.on()) {
        distinctOn.add(sortKey(each, targets, expressions, "DISTINCT ON"));
      }
    }
    requireLockable(clauses, select, aggregates, rowFunctions);
    return new SelectBody(
        analysis,
        place,
        new SelectBody.Parts(
            input,
            targets,
            keys,
            having,
            aggregates,
            rowFunctions,
            distinct != null,
            distinctOn,
            sortings,
            limits,
            locked(from)));
  }

  /// Refuses to lock rows where a row of the result is not made of one row of each table.
  private static void requireLockable(
      List<Query.Locking> clauses,
      Query.Select select,
      AggregateUses aggregates,
      RowFunctionUses rowFunctions) {
    if (select.distinct() != null) {
      RowLocking.requireNone(clauses, "is not allowed with DISTINCT clause");
    }
    if (select.groupBy() != null) {
      RowLocking.requireNone(clauses, "is not allowed with GROUP BY clause");
    }
    if (select.having() != null) {
      RowLocking.requireNone(clauses, "is not allowed with HAVING clause");
    }
    if (!aggregates.uses().isEmpty()) {
      RowLocking.requireNone(clauses, "is not allowed with aggregate functions");
    }
    if (!rowFunctions.uses().isEmpty()) {
      RowLocking.requireNone(
          clauses, "is not allowed with set-returning functions in the target list");
    }
  }

  private List<ScopeRange.LockedTable> locked(FromClause from) {
    List<ScopeRange.LockedTable> locked =
        from.ranges().stream().flatMap(range -> range.locked().stream()).toList();
    for (ScopeRange.LockedTable table : locked) {
      if (table.side() == ScopeRange.JoinSide.NULLABLE) {
        RowLocking.requireNone(
            List.of(table.clause()), "cannot be applied to the nullable side of an outer join");
      }
      analysis.addLock(table.table().oid(), RowLocking.mode(table.clause().strength()));
    }
    return locked;
  }

  private RelNode filtered(Scope scope, @Nullable Expression where) {
    RelNode rel = scope.from().rel();
    if (where == null) {
      return rel;
    }
    ExpressionPlace place = ExpressionPlace.plain(scope, tables, "WHERE");
    RexNode condition = new ExpressionAnalyzer(analysis, place).condition(where, "WHERE");
    return LogicalFilter.create(rel, condition, ImmutableSet.copyOf(place.variables()));
  }

  private List<RexNode> groupKeys(Query.GroupBy groupBy, Scope scope, SelectTargets targets) {
    ExpressionPlace place = ExpressionPlace.plain(scope, tables, "GROUP BY");
    ExpressionAnalyzer expressions = new ExpressionAnalyzer(analysis, place);
    List<RexNode> keys = new ArrayList<>();
    for (Query.GroupingElement element : groupBy.elements()) {
      switch (element) {
        case Query.GroupingElement.Key(var key) -> addKeys(key, scope, targets, expressions, keys);
        case Query.GroupingElement.Empty _ -> {}
        case Query.GroupingElement.Rollup rollup ->
            throw Errors.unsupported("ROLLUP is", rollup.position());
        case Query.GroupingElement.Cube cube ->
            throw Errors.unsupported("CUBE is", cube.position());
        case Query.GroupingElement.Sets sets ->
            throw Errors.unsupported("GROUPING SETS is", sets.position());
      }
    }
    if (!place.variables().isEmpty()) {
      throw Errors.unsupported("a correlated sub-query in GROUP BY is", 0);
    }
    return keys;
  }

  private void addKeys(
      Expression key,
      Scope scope,
      SelectTargets targets,
      ExpressionAnalyzer expressions,
      List<RexNode> keys) {
    if (key instanceof Expression.Row row) {
      row.fields().forEach(field -> addKeys(field, scope, targets, expressions, keys));
      return;
    }
    RexNode rex = groupKey(key, scope, targets, expressions);
    if (!keys.contains(rex)) {
      keys.add(rex);
    }
  }

  private RexNode groupKey(
      Expression key, Scope scope, SelectTargets targets, ExpressionAnalyzer expressions) {
    if (key instanceof Expression.NumberLiteral number) {
      return targetKey(
          targets, QueryAnalyzer.ordinal(number, targets.size(), "GROUP BY"), number.position());
    }
    if (key instanceof Expression.ColumnReference reference && reference.path().size() == 1) {
      boolean column =
          scope.from().columns().stream().anyMatch(one -> one.name().equals(reference.name()));
      Optional<Integer> target = column ? Optional.empty() : targets.named(reference);
      if (target.isPresent()) {
        return targetKey(targets, target.get(), reference.position());
      }
    }
    return analysis.coercion.settle(expressions.analyze(key)).rex();
  }

  private static RexNode targetKey(SelectTargets targets, int index, int position) {
    RexNode rex = targets.settled(index, ColumnType.TEXT).rex();
    if (targets.holdsAggregate(index)) {
      throw Errors.of(
          SqlState.GROUPING_ERROR, "aggregate functions are not allowed in GROUP BY", position);
    }
    return rex;
  }

  private SelectBody.Key sortKey(
      Expression key, SelectTargets targets, ExpressionAnalyzer expressions, String clause) {
    if (key instanceof Expression.NumberLiteral number) {
      return new SelectBody.Key.Target(
          QueryAnalyzer.ordinal(number, targets.size(), clause), key.position());
    }
    if (key instanceof Expression.ColumnReference reference && reference.path().size() == 1) {
      Optional<Integer> target = targets.named(reference);
      if (target.isPresent()) {
        return new SelectBody.Key.Target(target.get(), key.position());
      }
    }
    return new SelectBody.Key.Computed(
        analysis.coercion.settle(expressions.analyze(key)).rex(), key.position());
  }
}
