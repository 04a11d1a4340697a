package io.alidade.sql.execute;

import io.alidade.engine.payload.ValueOrder;
import io.alidade.model.ColumnType;
import io.alidade.sql.execute.row.Accumulator;
import io.alidade.sql.execute.row.ConcatenatedRows;
import io.alidade.sql.execute.row.DependentJoin;
import io.alidade.sql.execute.row.DistinctRows;
import io.alidade.sql.execute.row.FilteredRows;
import io.alidade.sql.execute.row.GeneratedRows;
import io.alidade.sql.execute.row.GroupedRows;
import io.alidade.sql.execute.row.HashJoin;
import io.alidade.sql.execute.row.JoinKind;
import io.alidade.sql.execute.row.LimitedRows;
import io.alidade.sql.execute.row.ListedRows;
import io.alidade.sql.execute.row.MatchedRows;
import io.alidade.sql.execute.row.NestedLoopJoin;
import io.alidade.sql.execute.row.ProjectedRows;
import io.alidade.sql.execute.row.RowFunction;
import io.alidade.sql.execute.row.RowGenerator;
import io.alidade.sql.execute.row.RowKeys;
import io.alidade.sql.execute.row.RowOrder;
import io.alidade.sql.execute.row.RowPredicate;
import io.alidade.sql.execute.row.RowSource;
import io.alidade.sql.execute.row.SortedRows;
import io.alidade.sql.execute.row.TopRows;
import io.alidade.sql.function.TableFunction;
import io.alidade.sql.plan.PlanNode;
import io.alidade.sql.rule.Expressions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// Turns plan nodes into what can be opened: compiles their expressions and wires the operators.
final class PlanCompiler {
  /// A heap beats sorting everything up to about this many rows.
  private static final long MAX_HEAP_ROWS = 100_000;

  private static final @Nullable Object[] NO_ROW = {};

  private final ExpressionCompiler expressions =
      new ExpressionCompiler(subPlan -> compile(subPlan.plan()));

  ExpressionCompiler expressions() {
    return expressions;
  }

  /// A node that measures itself when it is asked to.
  ExecutableNode compile(PlanNode node) {
    ExecutableNode plain = unmeasured(node);
    return context -> {
      if (!context.isMeasured()) {
        return plain.open(context);
      }
      Measurements.Measured measured = context.measure().of(node);
      measured.started();
      long start = System.nanoTime();
      var rows = plain.open(context);
      measured.worked(System.nanoTime() - start, 0);
      return new MeasuredRows(rows, measured);
    };
  }

  private ExecutableNode unmeasured(PlanNode node) {
    return switch (node) {
      case PlanNode.Values values -> values(values);
      case PlanNode.TableScan scan ->
          new TableScanNode(scan.table(), scanFilter(scan, scan.filter()), 0);
      case PlanNode.IndexScan scan -> indexScan(scan);
      case PlanNode.OrderedScan scan -> new OrderedScanNode(scan, scanFilter(scan, scan.filter()));
      case PlanNode.VectorScan scan -> vectorScan(scan);
      case PlanNode.SystemScan scan -> systemScan(scan);
      case PlanNode.FunctionScan scan -> functionScan(scan);
      case PlanNode.Filter filter -> filter(filter);
      case PlanNode.Project project -> project(project);
      case PlanNode.HashJoin join -> hashJoin(join);
      case PlanNode.NestedLoopJoin join -> nestedLoopJoin(join);
      case PlanNode.DependentJoin join -> dependentJoin(join);
      case PlanNode.Aggregate aggregate -> aggregate(aggregate);
      case PlanNode.Sort sort -> sort(sort);
      case PlanNode.Limit limit -> limit(limit);
      case PlanNode.LockRows locked -> lockRows(locked);
      case PlanNode.Append append -> append(append);
      case PlanNode.SetOperation operation -> setOperation(operation);
      case PlanNode.Distinct distinct -> distinct(distinct);
    };
  }

  private ExecutableNode values(PlanNode.Values values) {
    List<List<CompiledExpression>> rows =
        values.rows().stream().map(expressions::compileAll).toList();
    return context -> {
      List<@Nullable Object[]> evaluated = new ArrayList<>(rows.size());
      for (List<CompiledExpression> row : rows) {
        evaluated.add(evaluate(row, context));
      }
      return new ListedRows(evaluated);
    };
  }

  private static @Nullable Object[] evaluate(
      List<CompiledExpression> row, ExecutionContext context) {
    @Nullable Object[] values = new @Nullable Object[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i).evaluate(context, NO_ROW);
    }
    return values;
  }

  private ScanFilter scanFilter(PlanNode scan, Optional<RexNode> filter) {
    return filter
        .map(new FilterCompiler(expressions, scan.width())::compile)
        .orElse(ScanFilter.ALL);
  }

  private ExecutableNode indexScan(PlanNode.IndexScan scan) {
    if (!scan.key().isEmpty()) {
      return new KeyLookupNode(
          scan.table(),
          scan.index(),
          expressions.compileAll(scan.key()),
          scan.filter().map(expressions::compile),
          scan.filter().map(FilterCompiler::columns).orElse(Set.of()));
    }
    List<ScanFilter> filters =
        Stream.concat(
                Expressions.conjuncts(scan.condition()).stream(),
                scan.filter().map(Expressions::conjuncts).stream().flatMap(List::stream))
            .map(condition -> scanFilter(scan, Optional.of(condition)))
            .toList();
    return new TableScanNode(
        scan.table(),
        context ->
            new io.alidade.engine.filter.Filter.And(
                filters.stream().map(filter -> filter.bind(context)).toList()),
        0);
  }

  private ExecutableNode vectorScan(PlanNode.VectorScan scan) {
    return new VectorScanNode(
        scan,
        expressions.compile(scan.query()),
        new RowLimits(
            scan.offset().map(expressions::compile),
            Optional.of(expressions.compile(scan.limit()))),
        scan.bound().map(bound -> expressions.compile(bound.distance())),
        scanFilter(scan, scan.filter()));
  }

  private static ExecutableNode systemScan(PlanNode.SystemScan scan) {
    return context -> {
      Stream<@Nullable Object[]> rows =
          scan.relation().rows(context.catalog(), context.evaluation());
      Iterator<@Nullable Object[]> iterator = rows.iterator();
      return new GeneratedRows(
          () -> iterator.hasNext() ? iterator.next() : null, context.checkpoint(), rows::close);
    };
  }

  private ExecutableNode functionScan(PlanNode.FunctionScan scan) {
    if (!(scan.call().getOperator() instanceof TableFunction function)) {
      throw new IllegalStateException(scan.call() + " does not return rows");
    }
    List<CompiledExpression> arguments = expressions.compileAll(scan.call().getOperands());
    return context -> {
      Iterator<@Nullable Object[]> iterator =
          function.rows(context.evaluation(), evaluate(arguments, context));
      RowGenerator rows = () -> iterator.hasNext() ? iterator.next() : null;
      return iterator instanceof TableFunction.LargeRows large
          ? GeneratedRows.oneByOne(rows, context.checkpoint(), large::close)
          : new GeneratedRows(rows, context.checkpoint(), () -> {});
    };
  }

  private static RowPredicate predicate(
      Optional<CompiledExpression> condition, ExecutionContext context) {
    return condition
        .<RowPredicate>map(c -> row -> Boolean.TRUE.equals(c.evaluate(context, row)))
        .orElse(RowPredicate.ALL);
  }

  private static RowFunction bound(CompiledExpression expression, ExecutionContext context) {
    return row -> expression.evaluate(context, row);
  }

  private ExecutableNode filter(PlanNode.Filter filter) {
    ExecutableNode input = compile(filter.input());
    Optional<CompiledExpression> condition = Optional.of(expressions.compile(filter.condition()));
    return context -> new FilteredRows(input.open(context), predicate(condition, context));
  }

  private ExecutableNode project(PlanNode.Project project) {
    ExecutableNode input = compile(project.input());
    List<CompiledExpression> columns = expressions.compileAll(project.expressions());
    return context ->
        new ProjectedRows(
            input.open(context), columns.stream().map(column -> bound(column, context)).toList());
  }

  private HashJoin.Shape shape(
      PlanNode left,
      PlanNode right,
      JoinKind kind,
      Optional<CompiledExpression> condition,
      ExecutionContext context) {
    return new HashJoin.Shape(kind, left.width(), right.width(), predicate(condition, context));
  }

  private ExecutableNode hashJoin(PlanNode.HashJoin join) {
    ExecutableNode left = compile(join.left());
    ExecutableNode right = compile(join.right());
    Optional<CompiledExpression> condition = join.condition().map(expressions::compile);
    List<CompiledExpression> leftKeys =
        join.keys().stream().map(key -> expressions.compile(key.left())).toList();
    List<CompiledExpression> rightKeys =
        join.keys().stream().map(key -> expressions.compile(key.right())).toList();
    List<Boolean> nullMatches =
        join.keys().stream().map(key -> key.nulls() == PlanNode.HashJoin.Nulls.MATCH).toList();
    return context ->
        HashJoin.open(
            left.open(context),
            () -> right.open(context),
            shape(join.left(), join.right(), join.kind(), condition, context),
            new HashJoin.Keys(
                leftKeys.stream().map(key -> bound(key, context)).toList(),
                rightKeys.stream().map(key -> bound(key, context)).toList(),
                nullMatches),
            context.budget(),
            context.checkpoint());
  }

  private ExecutableNode nestedLoopJoin(PlanNode.NestedLoopJoin join) {
    ExecutableNode left = compile(join.left());
    ExecutableNode right = compile(join.right());
    Optional<CompiledExpression> condition = join.condition().map(expressions::compile);
    return context ->
        NestedLoopJoin.open(
            left.open(context),
            () -> right.open(context),
            shape(join.left(), join.right(), join.kind(), condition, context),
            context.budget(),
            context.checkpoint());
  }

  private ExecutableNode dependentJoin(PlanNode.DependentJoin join) {
    ExecutableNode left = compile(join.left());
    ExecutableNode right = compile(join.right());
    Optional<CompiledExpression> condition = join.condition().map(expressions::compile);
    return context ->
        DependentJoin.open(
            left.open(context),
            row -> {
              context.correlate(join.correlation(), row);
              return right.open(context);
            },
            shape(join.left(), join.right(), join.kind(), condition, context),
            context.checkpoint());
  }

  private ExecutableNode aggregate(PlanNode.Aggregate aggregate) {
    ExecutableNode input = compile(aggregate.input());
    int[] groups = aggregate.groups().stream().mapToInt(Integer::intValue).toArray();
    List<AggregateCall> calls = aggregate.calls();
    List<Optional<Comparator<@Nullable Object[]>>> orders =
        calls.stream().map(call -> order(call, aggregate.inputTypes())).toList();
    return context ->
        new GroupedRows(
            input.open(context),
            groups,
            () -> {
              Accumulator[] accumulators = new Accumulator[calls.size()];
              for (int i = 0; i < accumulators.length; i++) {
                accumulators[i] = Aggregates.accumulator(calls.get(i), orders.get(i), context);
              }
              return accumulators;
            },
            context.budget());
  }

  private static Optional<Comparator<@Nullable Object[]>> order(
      AggregateCall call, List<ColumnType> types) {
    return Aggregates.order(
        call,
        call.getCollation().getFieldCollations().stream()
            .map(c -> key(c, ValueOrder.of(types.get(c.getFieldIndex()))))
            .toList());
  }

  private static RowOrder.Key key(RelFieldCollation collation, Comparator<Object> ascending) {
    boolean descending = collation.getDirection().isDescending();
    boolean nullsFirst =
        switch (collation.nullDirection) {
          case FIRST -> true;
          case LAST -> false;
          case UNSPECIFIED -> descending; // NULL counts as the greatest value.
        };
    return new RowOrder.Key(
        collation.getFieldIndex(),
        descending ? ascending.reversed() : ascending,
        nullsFirst ? RowOrder.Nulls.FIRST : RowOrder.Nulls.LAST);
  }

  private ExecutableNode sort(PlanNode.Sort sort) {
    ExecutableNode input = compile(sort.input());
    RowOrder order =
        new RowOrder(
            sort.keys().stream()
                .map(key -> key(key.collation(), ValueOrder.of(key.type())))
                .toList());
    Optional<RowLimits> limits = sort.limit().map(this::limits);
    return context -> {
      long end = limits.map(range -> range.endIn(context)).orElse(LimitedRows.UNLIMITED);
      if (end == 0) {
        return new ListedRows(List.of());
      }
      return end <= MAX_HEAP_ROWS
          ? new TopRows(input.open(context), order, (int) end, context.budget())
          : new SortedRows(input.open(context), order, context.budget(), context.checkpoint());
    };
  }

  private RowLimits limits(PlanNode.Range range) {
    return new RowLimits(
        range.offset().map(expressions::compile), range.limit().map(expressions::compile));
  }

  private ExecutableNode lockRows(PlanNode.LockRows locked) {
    ExecutableNode input = compile(locked.input());
    Optional<RowLimits> limits = locked.limit().map(this::limits);
    return context ->
        new LockRowsCursor(
            input.open(context),
            locked.marks(),
            limits.map(range -> range.endIn(context)).orElse(LimitedRows.UNLIMITED),
            context);
  }

  private ExecutableNode limit(PlanNode.Limit limit) {
    ExecutableNode input = compile(limit.input());
    RowLimits limits = limits(limit.range());
    return context ->
        new LimitedRows(input.open(context), limits.offsetIn(context), limits.limitIn(context));
  }

  private ExecutableNode append(PlanNode.Append append) {
    List<ExecutableNode> inputs = append.inputs().stream().map(this::compile).toList();
    return context ->
        new ConcatenatedRows(
            inputs.stream().<RowSource>map(input -> () -> input.open(context)).toList());
  }

  private ExecutableNode setOperation(PlanNode.SetOperation operation) {
    ExecutableNode left = compile(operation.left());
    ExecutableNode right = compile(operation.right());
    return context ->
        new MatchedRows(
            left.open(context),
            right.open(context),
            operation.operation(),
            operation.width(),
            context.budget());
  }

  private ExecutableNode distinct(PlanNode.Distinct distinct) {
    ExecutableNode input = compile(distinct.input());
    RowKeys keys = RowKeys.all(distinct.width());
    return context -> new DistinctRows(input.open(context), keys, context.budget());
  }
}
