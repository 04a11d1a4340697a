package io.alidade.sql.execute;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.execute.row.RowCursor;
import io.alidade.sql.execute.row.RowKeys;
import io.alidade.sql.execute.row.RowReader;
import io.alidade.sql.plan.SubPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/// The value of a sub-query in an expression.
final class SubPlanExpression {
  private static final int KEPT_ROW_BYTES = 64;

  private SubPlanExpression() {}

  /// @param operands what the sub-query's rows are compared with
  /// @param types the same operands, for their types
  static CompiledExpression compile(
      SubPlan plan, ExecutableNode node, List<CompiledExpression> operands, List<RexNode> types) {
    return switch (plan.valueKind()) {
      case SCALAR -> once(plan, correlated(plan, context -> scalar(node, context)));
      case EXISTS -> once(plan, correlated(plan, context -> exists(node, context)));
      case ARRAY -> once(plan, correlated(plan, context -> array(node, context)));
      case SOME -> some(plan, node, operands, types);
    };
  }

  /// What a run of the plan comes to.
  private interface Outcome {
    @Nullable Object of(ExecutionContext context);
  }

  private static final Object NULL = new Object();

  private static CompiledExpression once(SubPlan plan, CompiledExpression each) {
    if (plan.dependence() == SubPlan.Dependence.OUTER_ROWS) {
      return each;
    }
    return (context, row) -> {
      Object kept = context.subPlanResult(plan);
      if (kept == null) {
        Object value = each.evaluate(context, row);
        kept = value == null ? NULL : value;
        context.keepSubPlanResult(plan, kept);
      }
      return kept == NULL ? null : kept;
    };
  }

  private static CompiledExpression correlated(SubPlan plan, Outcome outcome) {
    int[] bound = plan.boundHere().stream().mapToInt(Integer::intValue).toArray();
    return (context, row) -> {
      for (int correlation : bound) {
        context.correlate(correlation, row);
      }
      return outcome.of(context);
    };
  }

  private static @Nullable Object scalar(ExecutableNode node, ExecutionContext context) {
    try (RowCursor cursor = node.open(context)) {
      RowReader reader = new RowReader(cursor);
      @Nullable Object @Nullable [] row = reader.next();
      if (row == null) {
        return null;
      }
      if (reader.next() != null) {
        throw moreThanOneRow();
      }
      return row[0];
    }
  }

  static DatabaseException moreThanOneRow() {
    return new DatabaseException(
        SqlState.CARDINALITY_VIOLATION,
        "more than one row returned by a subquery used as an expression");
  }

  private static Object exists(ExecutableNode node, ExecutionContext context) {
    try (RowCursor cursor = node.open(context)) {
      return !cursor.next().isEmpty();
    }
  }

  private static Object array(ExecutableNode node, ExecutionContext context) {
    List<@Nullable Object> values = new ArrayList<>();
    try (RowCursor cursor = node.open(context)) {
      for (List<@Nullable Object[]> batch = cursor.next();
          !batch.isEmpty();
          batch = cursor.next()) {
        for (@Nullable Object[] row : batch) {
          context.budget().reserve(KEPT_ROW_BYTES);
          values.add(row[0]);
        }
      }
    }
    return Collections.unmodifiableList(values);
  }

  private static CompiledExpression some(
      SubPlan plan, ExecutableNode node, List<CompiledExpression> operands, List<RexNode> types) {
    if (plan.dependence() == SubPlan.Dependence.NONE && plan.comparison() == SqlKind.EQUALS) {
      return hashed(plan, node, operands);
    }
    List<Comparator<Object>> orders = types.stream().map(ExpressionCompiler::order).toList();
    IntPredicate accepted = ExpressionCompiler.accepted(plan.comparison());
    CompiledExpression[] left = operands.toArray(CompiledExpression[]::new);
    int[] bound = plan.boundHere().stream().mapToInt(Integer::intValue).toArray();
    return (context, row) -> {
      @Nullable Object[] values = evaluated(left, context, row);
      for (int correlation : bound) {
        context.correlate(correlation, row);
      }
      Boolean result = false;
      try (RowCursor cursor = node.open(context)) {
        RowReader reader = new RowReader(cursor);
        for (@Nullable Object @Nullable [] other = reader.next();
            other != null;
            other = reader.next()) {
          Boolean matches = matches(values, other, orders, accepted);
          if (matches == null) {
            result = null;
          } else if (matches) {
            return true;
          }
        }
      }
      return result;
    };
  }

  private static @Nullable Object[] evaluated(
      CompiledExpression[] operands, ExecutionContext context, @Nullable Object[] row) {
    @Nullable Object[] values = new @Nullable Object[operands.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = operands[i].evaluate(context, row);
    }
    return values;
  }

  /// Column by column, ANDed; only equality is ever asked of more than one column.
  private static @Nullable Boolean matches(
      @Nullable Object[] values,
      @Nullable Object[] row,
      List<Comparator<Object>> orders,
      IntPredicate accepted) {
    Boolean result = true;
    for (int i = 0; i < values.length; i++) {
      Object left = values[i];
      Object right = row[i];
      if (left == null || right == null) {
        result = null;
      } else if (!accepted.test(orders.get(i).compare(left, right))) {
        return false;
      }
    }
    return result;
  }

  /// The rows of a sub-query that is run once, for looking values up.
  ///
  /// @param withNulls rows with a NULL, which may match anything as far as one knows
  private record Rows(Set<Object> keys, List<@Nullable Object[]> withNulls) {}

  private static CompiledExpression hashed(
      SubPlan plan, ExecutableNode node, List<CompiledExpression> operands) {
    RowKeys keys = RowKeys.all(operands.size());
    CompiledExpression[] left = operands.toArray(CompiledExpression[]::new);
    return (context, row) -> {
      Rows rows = (Rows) context.subPlanResult(plan);
      if (rows == null) {
        rows = read(node, keys, context);
        context.keepSubPlanResult(plan, rows);
      }
      return contains(rows, evaluated(left, context, row), keys, context, node);
    };
  }

  private static Rows read(ExecutableNode node, RowKeys keys, ExecutionContext context) {
    Set<Object> found = new HashSet<>();
    List<@Nullable Object[]> withNulls = new ArrayList<>();
    try (RowCursor cursor = node.open(context)) {
      for (List<@Nullable Object[]> batch = cursor.next();
          !batch.isEmpty();
          batch = cursor.next()) {
        for (@Nullable Object[] row : batch) {
          if (hasNull(row)) {
            if (withNulls.isEmpty() || row.length > 1) {
              withNulls.add(row);
              context.budget().reserve(row);
            }
          } else if (found.add(keys.groupKey(row))) {
            context.budget().reserve(row);
          }
        }
      }
    }
    return new Rows(found, withNulls);
  }

  private static boolean hasNull(@Nullable Object[] row) {
    for (@Nullable Object value : row) {
      if (value == null) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Object contains(
      Rows rows,
      @Nullable Object[] values,
      RowKeys keys,
      ExecutionContext context,
      ExecutableNode node) {
    if (!hasNull(values)) {
      if (rows.keys().contains(keys.groupKey(values))) {
        return true;
      }
      return couldMatch(rows.withNulls(), values) ? null : (Object) false;
    }
    if (couldMatch(rows.withNulls(), values)) {
      return null;
    }
    if (values.length == 1) {
      return rows.keys().isEmpty() ? (Object) false : null;
    }
    try (RowCursor cursor = node.open(context)) { // Rare: a row value with a NULL in it.
      RowReader reader = new RowReader(cursor);
      for (@Nullable Object @Nullable [] row = reader.next(); row != null; row = reader.next()) {
        if (couldMatch(List.<@Nullable Object[]>of(row), values)) {
          return null;
        }
      }
    }
    return false;
  }

  /// Whether some row equals the values wherever neither of the two is NULL.
  private static boolean couldMatch(List<@Nullable Object[]> rows, @Nullable Object[] values) {
    for (@Nullable Object[] row : rows) {
      boolean could = true;
      for (int i = 0; i < values.length && could; i++) {
        could =
            row[i] == null
                || values[i] == null
                || RowKeys.keyOf(row[i]).equals(RowKeys.keyOf(values[i]));
      }
      if (could) {
        return true;
      }
    }
    return false;
  }
}
