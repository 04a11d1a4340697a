package io.alidade.sql.execute;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.execute.row.Accumulator;
import io.alidade.sql.execute.row.DistinctAccumulator;
import io.alidade.sql.execute.row.MemoryBudget;
import io.alidade.sql.execute.row.OrderedAccumulator;
import io.alidade.sql.execute.row.RowKeys;
import io.alidade.sql.execute.row.RowOrder;
import io.alidade.sql.function.AggregateOperator;
import io.alidade.sql.function.AggregateOperator.NullInput;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.core.AggregateCall;
import org.jspecify.annotations.Nullable;

/// Makes the accumulators of aggregate calls.
final class Aggregates {
  private Aggregates() {}

  /// A call's accumulator with all that is asked of it: FILTER, DISTINCT, ORDER BY.
  ///
  /// @param order of the call's own ORDER BY
  static Accumulator accumulator(
      AggregateCall call,
      Optional<Comparator<@Nullable Object[]>> order,
      ExecutionContext context) {
    Accumulator accumulator = plain(call, context.budget());
    if (call.isDistinct()) {
      accumulator =
          new DistinctAccumulator(
              accumulator,
              RowKeys.of(call.getArgList().stream().mapToInt(Integer::intValue).toArray()),
              context.budget());
    }
    if (order.isPresent()) {
      accumulator = new OrderedAccumulator(accumulator, order.get(), context.budget());
    }
    return call.hasFilter() ? filtered(accumulator, call.filterArg) : accumulator;
  }

  private static Accumulator plain(AggregateCall call, MemoryBudget budget) {
    int[] arguments = call.getArgList().stream().mapToInt(Integer::intValue).toArray();
    if (call.getAggregation() instanceof AggregateOperator operator) {
      return ofOperator(operator, arguments, budget);
    }
    return switch (call.getAggregation().getKind()) {
      case COUNT -> new Count(arguments);
      case SINGLE_VALUE -> new SingleValue(arguments[0]);
      default ->
          throw new DatabaseException(
              SqlState.FEATURE_NOT_SUPPORTED, call.getAggregation() + " is not supported");
    };
  }

  /// The order of a call's own ORDER BY, if it has one.
  static Optional<Comparator<@Nullable Object[]>> order(
      AggregateCall call, List<RowOrder.Key> keys) {
    return call.hasCollation() ? Optional.of(new RowOrder(keys)) : Optional.empty();
  }

  private static Accumulator filtered(Accumulator accumulator, int condition) {
    return new Accumulator() {
      @Override
      public void add(@Nullable Object[] row) {
        if (Boolean.TRUE.equals(row[condition])) {
          accumulator.add(row);
        }
      }

      @Override
      public @Nullable Object result() {
        return accumulator.result();
      }
    };
  }

  private static Accumulator ofOperator(
      AggregateOperator operator, int[] arguments, MemoryBudget budget) {
    AggregateOperator.Accumulator state = operator.accumulator();
    boolean skipsNulls = operator.nullInput() == NullInput.SKIPPED;
    boolean keepsArguments = state.keepsArguments();
    @Nullable Object[] values = new @Nullable Object[arguments.length];
    return new Accumulator() {
      @Override
      public void add(@Nullable Object[] row) {
        for (int i = 0; i < values.length; i++) {
          Object value = row[arguments[i]];
          if (value == null && skipsNulls) {
            return;
          }
          values[i] = value;
        }
        if (keepsArguments) {
          budget.reserve(values); // Given back with the whole statement's budget.
        }
        state.add(values);
      }

      @Override
      public @Nullable Object result() {
        return state.result();
      }
    };
  }

  private static final class Count implements Accumulator {
    private final int[] arguments;
    private long count;

    Count(int[] arguments) {
      this.arguments = arguments;
    }

    @Override
    public void add(@Nullable Object[] row) {
      for (int argument : arguments) {
        if (row[argument] == null) {
          return;
        }
      }
      count++;
    }

    @Override
    public Object result() {
      return count;
    }
  }

  private static final class SingleValue implements Accumulator {
    private final int argument;
    private boolean hasRow;
    private @Nullable Object value;

    SingleValue(int argument) {
      this.argument = argument;
    }

    @Override
    public void add(@Nullable Object[] row) {
      if (hasRow) {
        throw SubPlanExpression.moreThanOneRow();
      }
      hasRow = true;
      value = row[argument];
    }

    @Override
    public @Nullable Object result() {
      return value;
    }
  }
}
