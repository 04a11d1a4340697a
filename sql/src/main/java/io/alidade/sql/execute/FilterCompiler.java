package io.alidade.sql.execute;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.filter.Filter.Comparison;
import io.alidade.engine.filter.Truth;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.SegmentColumns;
import io.alidade.model.ColumnType;
import io.alidade.sql.plan.SubPlan;
import io.alidade.sql.rule.Expressions;
import io.alidade.sql.type.SqlType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/// Says a condition on a table's rows in the engine's terms: comparisons of columns as such, so
/// that indexes and column scans can serve them, and anything else as a computed test.
final class FilterCompiler {
  private final ExpressionCompiler expressions;
  private final int width;

  /// @param width of the table's rows
  FilterCompiler(ExpressionCompiler expressions, int width) {
    this.expressions = expressions;
    this.width = width;
  }

  ScanFilter compile(RexNode condition) {
    return switch (condition.getKind()) {
      case AND -> {
        List<ScanFilter> operands = all(Expressions.flattened(condition, SqlKind.AND));
        yield context -> new Filter.And(bound(operands, context));
      }
      case OR -> disjunction(Expressions.flattened(condition, SqlKind.OR));
      case NOT -> {
        ScanFilter operand = compile(operand(condition, 0));
        yield context -> new Filter.Not(operand.bind(context));
      }
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          comparison(condition);
      case IS_NULL -> nullTest(condition);
      case IS_NOT_NULL -> nullTest(condition);
      default -> other(condition);
    };
  }

  private List<ScanFilter> all(List<RexNode> conditions) {
    return conditions.stream().map(this::compile).toList();
  }

  private static List<Filter> bound(List<ScanFilter> filters, ExecutionContext context) {
    List<Filter> bound = new ArrayList<>(filters.size());
    for (ScanFilter filter : filters) {
      bound.add(filter.bind(context));
    }
    return bound;
  }

  private static RexNode operand(RexNode call, int index) {
    return ((RexCall) call).getOperands().get(index);
  }

  private ScanFilter nullTest(RexNode condition) {
    if (!(operand(condition, 0) instanceof RexInputRef reference)) {
      return other(condition);
    }
    Filter test =
        condition.getKind() == SqlKind.IS_NULL
            ? new Filter.IsNull(reference.getIndex())
            : new Filter.IsNotNull(reference.getIndex());
    return _ -> test;
  }

  /// ORed equalities of one column become one list of values, as IN is written.
  private ScanFilter disjunction(List<RexNode> conditions) {
    Map<Integer, List<CompiledExpression>> lists = new LinkedHashMap<>();
    List<ScanFilter> others = new ArrayList<>();
    for (RexNode condition : conditions) {
      Optional<ColumnComparison> equality =
          condition.getKind() == SqlKind.EQUALS
              ? columnComparison(condition).filter(c -> c.widened().isEmpty())
              : Optional.empty();
      equality.ifPresentOrElse(
          found -> lists.computeIfAbsent(found.column(), _ -> new ArrayList<>()).add(found.value()),
          () -> others.add(compile(condition)));
    }
    lists.forEach((column, values) -> others.add(context -> in(column, values, context)));
    return others.size() == 1
        ? others.getFirst()
        : context -> new Filter.Or(bound(others, context));
  }

  private static Filter in(
      int column, List<CompiledExpression> expressions, ExecutionContext context) {
    List<Object> values = new ArrayList<>(expressions.size());
    boolean hasNull = false;
    for (CompiledExpression expression : expressions) {
      Object value = expression.evaluate(context, NO_ROW);
      if (value == null) {
        hasNull = true;
      } else {
        values.add(value);
      }
    }
    Filter in = new Filter.In(column, values);
    return hasNull ? new Filter.Or(List.of(in, new Filter.Constant(Truth.UNKNOWN))) : in;
  }

  private static final @Nullable Object[] NO_ROW = {};

  /// @param widened the column's own type where the comparison is in a wider integer type
  private record ColumnComparison(
      int column, SqlKind kind, CompiledExpression value, Optional<ColumnType> widened) {}

  private Optional<ColumnComparison> columnComparison(RexNode condition) {
    RexNode left = operand(condition, 0);
    RexNode right = operand(condition, 1);
    Optional<ColumnComparison> found = columnComparison(left, condition.getKind(), right);
    return found.isPresent() ? found : columnComparison(right, condition.getKind().reverse(), left);
  }

  private Optional<ColumnComparison> columnComparison(RexNode side, SqlKind kind, RexNode other) {
    if (!isConstant(other)) {
      return Optional.empty();
    }
    return Expressions.comparedColumn(side)
        .filter(column -> column.getIndex() < width)
        .map(column ->
            new ColumnComparison(
                column.getIndex(),
                kind,
                expressions.compile(other),
                column == side
                    ? Optional.empty()
                    : Optional.of(SqlType.columnTypeOf(column.getType()))));
  }

  private static boolean isConstant(RexNode expression) {
    return Expressions.isConstant(expression, Set.of()) && columns(expression).isEmpty();
  }

  private ScanFilter comparison(RexNode condition) {
    Optional<ColumnComparison> found = columnComparison(condition);
    if (found.isEmpty()) {
      return other(condition);
    }
    ColumnComparison comparison = found.get();
    Comparison operator = operator(comparison.kind());
    if (comparison.widened().isEmpty()) {
      return context -> {
        Object value = comparison.value().evaluate(context, NO_ROW);
        return value == null
            ? new Filter.Constant(Truth.UNKNOWN)
            : new Filter.Compare(comparison.column(), operator, value);
      };
    }
    ScanFilter computed = computed(condition);
    return context -> {
      Object value = comparison.value().evaluate(context, NO_ROW);
      if (value == null) {
        return new Filter.Constant(Truth.UNKNOWN);
      }
      return narrowed(((Number) value).longValue(), comparison.widened().get())
          .<Filter>map(n -> new Filter.Compare(comparison.column(), operator, n))
          .orElseGet(() -> computed.bind(context));
    };
  }

  /// An integer as a value of a narrower type, if it is one.
  private static Optional<Object> narrowed(long value, ColumnType type) {
    return switch (type.kind()) {
      case INT2 -> value == (short) value ? Optional.of((short) value) : Optional.empty();
      case INT4 -> value == (int) value ? Optional.of((int) value) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Comparison operator(SqlKind kind) {
    return switch (kind) {
      case EQUALS -> Comparison.EQUAL;
      case NOT_EQUALS -> Comparison.NOT_EQUAL;
      case LESS_THAN -> Comparison.LESS;
      case LESS_THAN_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
      case GREATER_THAN -> Comparison.GREATER;
      case GREATER_THAN_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
      default -> throw new IllegalStateException(kind + " does not compare");
    };
  }

  private ScanFilter other(RexNode condition) {
    if (condition instanceof RexInputRef column && column.getIndex() < width) {
      Filter isTrue = new Filter.Compare(column.getIndex(), Comparison.EQUAL, true);
      return _ -> isTrue;
    }
    if (Expressions.isColumnInArray(condition) && isConstant(operand(condition, 1))) {
      return columnInArray((RexInputRef) operand(condition, 0), operand(condition, 1));
    }
    if (isConstant(condition)) {
      CompiledExpression value = expressions.compile(condition);
      return context -> new Filter.Constant(truth(value.evaluate(context, NO_ROW)));
    }
    return computed(condition);
  }

  private ScanFilter columnInArray(RexInputRef column, RexNode array) {
    CompiledExpression values = expressions.compile(array);
    return context -> {
      if (!(values.evaluate(context, NO_ROW) instanceof List<?> elements)) {
        return new Filter.Constant(Truth.UNKNOWN);
      }
      List<CompiledExpression> each = new ArrayList<>(elements.size());
      elements.forEach(element -> each.add((_, _) -> element));
      return in(column.getIndex(), each, context);
    };
  }

  private static Truth truth(@Nullable Object value) {
    return value == null ? Truth.UNKNOWN : Truth.of((Boolean) value);
  }

  private ScanFilter computed(RexNode condition) {
    CompiledExpression expression = expressions.compile(condition);
    Set<Integer> columns = columns(condition);
    return context ->
        new Filter.Computed(columns, segment -> test(expression, columns, segment, context));
  }

  private io.alidade.engine.filter.RowTest.Bound test(
      CompiledExpression expression,
      Set<Integer> columns,
      SegmentColumns segment,
      ExecutionContext context) {
    int[] positions = columns.stream().mapToInt(Integer::intValue).toArray();
    ColumnReader[] readers = new ColumnReader[positions.length];
    for (int i = 0; i < readers.length; i++) {
      readers[i] = segment.column(positions[i]);
    }
    @Nullable Object[] row = new @Nullable Object[width];
    return ordinal -> {
      for (int i = 0; i < positions.length; i++) {
        row[positions[i]] = readers[i].get(ordinal);
      }
      return truth(expression.evaluate(context, row));
    };
  }

  /// The columns that a condition reads, also in its sub-queries.
  static Set<Integer> columns(RexNode condition) {
    Set<Integer> columns = new TreeSet<>();
    condition.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitInputRef(RexInputRef reference) {
            columns.add(reference.getIndex());
            return super.visitInputRef(reference);
          }

          @Override
          public Void visitCall(RexCall call) {
            if (call.getOperator() instanceof SubPlan subPlan) {
              subPlan.columnsHere().forEach(columns::add);
            }
            return super.visitCall(call);
          }
        });
    return columns;
  }
}
