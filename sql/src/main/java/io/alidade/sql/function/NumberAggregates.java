package io.alidade.sql.function;

import static io.alidade.model.ColumnType.FLOAT4;
import static io.alidade.model.ColumnType.FLOAT8;
import static io.alidade.model.ColumnType.INT2;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.INT8;
import static io.alidade.model.ColumnType.NUMERIC;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.AggregateOperator.Accumulator;
import io.alidade.sql.function.AggregateOperator.NullInput;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Aggregates of numbers: `sum`, `avg`, and the variances.
final class NumberAggregates {
  private NumberAggregates() {}

  static void register(FunctionRegistry.Builder builder) {
    add(builder, "sum", INT2, INT8, () -> new LongSum(sum -> Long.valueOf(sum)));
    add(builder, "sum", INT4, INT8, () -> new LongSum(sum -> Long.valueOf(sum)));
    add(builder, "sum", INT8, NUMERIC, () -> new DecimalSum((sum, count) -> sum));
    add(builder, "sum", NUMERIC, NUMERIC, () -> new DecimalSum((sum, count) -> sum));
    add(
        builder,
        "sum",
        FLOAT4,
        FLOAT4,
        () -> new DoubleSum((sum, count) -> (Object) (float) (double) sum));
    add(builder, "sum", FLOAT8, FLOAT8, () -> new DoubleSum((sum, count) -> (Object) sum));
    for (ColumnType type : List.of(INT2, INT4, INT8, NUMERIC)) {
      add(builder, "avg", type, NUMERIC, () -> new DecimalSum(NumberAggregates::average));
    }
    for (ColumnType type : List.of(FLOAT4, FLOAT8)) {
      add(
          builder,
          "avg",
          type,
          FLOAT8,
          () -> new DoubleSum((sum, count) -> (Object) (sum / count)));
    }
    variance(builder, "var_pop", false, false);
    variance(builder, "var_samp", true, false);
    variance(builder, "variance", true, false);
    variance(builder, "stddev_pop", false, true);
    variance(builder, "stddev_samp", true, true);
    variance(builder, "stddev", true, true);
  }

  private static void add(
      FunctionRegistry.Builder builder,
      String name,
      ColumnType argument,
      ColumnType result,
      java.util.function.Supplier<Accumulator> accumulators) {
    builder.aggregate(signature(name, result, argument), NullInput.SKIPPED, accumulators);
  }

  private static void variance(
      FunctionRegistry.Builder builder, String name, boolean sample, boolean root) {
    for (ColumnType type : List.of(INT2, INT4, INT8, NUMERIC)) {
      add(builder, name, type, NUMERIC, () -> new DecimalVariance(sample, root));
    }
    for (ColumnType type : List.of(FLOAT4, FLOAT8)) {
      add(builder, name, type, FLOAT8, () -> new DoubleVariance(sample, root));
    }
  }

  private static BigDecimal average(BigDecimal sum, long count) {
    return NumericArithmetic.divide(sum, BigDecimal.valueOf(count));
  }

  /// A sum that fits a long, or fails.
  private static final class LongSum implements Accumulator {
    private final Function<Long, Object> finish;
    private long sum;
    private boolean any;

    LongSum(Function<Long, Object> finish) {
      this.finish = finish;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      try {
        sum = Math.addExact(sum, number(arguments).longValue());
      } catch (ArithmeticException e) {
        throw NumberConversions.outOfRange("bigint");
      }
      any = true;
    }

    @Override
    public @Nullable Object result() {
      return any ? finish.apply(sum) : null;
    }
  }

  private static Number number(@Nullable Object[] arguments) {
    if (arguments[0] instanceof Number number) {
      return number;
    }
    throw new IllegalArgumentException("NULL is not skipped");
  }

  private static BigDecimal decimal(Number number) {
    return number instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(number.longValue());
  }

  /// An exact sum; whole numbers are added as longs while they fit.
  private static final class DecimalSum implements Accumulator {
    private final BiFunction<BigDecimal, Long, BigDecimal> finish;
    private BigDecimal sum = BigDecimal.ZERO;
    private long small;
    private long count;

    DecimalSum(BiFunction<BigDecimal, Long, BigDecimal> finish) {
      this.finish = finish;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      Number number = number(arguments);
      count++;
      if (number instanceof BigDecimal decimal) {
        sum = sum.add(decimal);
        return;
      }
      long value = number.longValue();
      long next = small + value;
      if (((small ^ next) & (value ^ next)) < 0) {
        sum = sum.add(new BigDecimal(BigInteger.valueOf(small)));
        next = value;
      }
      small = next;
    }

    @Override
    public @Nullable Object result() {
      return count == 0 ? null : finish.apply(sum.add(BigDecimal.valueOf(small)), count);
    }
  }

  /// A sum of floats.
  private static final class DoubleSum implements Accumulator {
    private final BiFunction<Double, Long, Object> finish;
    private double sum;
    private long count;

    DoubleSum(BiFunction<Double, Long, Object> finish) {
      this.finish = finish;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      double value = number(arguments).doubleValue();
      double next = sum + value;
      if (Double.isInfinite(next) && !Double.isInfinite(sum) && !Double.isInfinite(value)) {
        throw FloatArithmetic.overflow();
      }
      sum = next;
      count++;
    }

    @Override
    public @Nullable Object result() {
      return count == 0 ? null : finish.apply(sum, count);
    }
  }

  /// Variance or standard deviation of floats, by Youngs and Cramer's method as in PostgreSQL.
  private static final class DoubleVariance implements Accumulator {
    private final boolean sample;
    private final boolean root;
    private double count;
    private double sum;
    private double squares;

    DoubleVariance(boolean sample, boolean root) {
      this.sample = sample;
      this.root = root;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      double value = number(arguments).doubleValue();
      count++;
      sum += value;
      if (count > 1) {
        double difference = value * count - sum;
        squares += difference * difference / (count * (count - 1));
      }
    }

    @Override
    public @Nullable Object result() {
      if (count < (sample ? 2 : 1)) {
        return null;
      }
      double variance = squares / (sample ? count - 1 : count);
      return root ? Math.sqrt(variance) : variance;
    }
  }

  /// Variance or standard deviation of exact numbers.
  private static final class DecimalVariance implements Accumulator {
    private final boolean sample;
    private final boolean root;
    private BigDecimal sum = BigDecimal.ZERO;
    private BigDecimal squares = BigDecimal.ZERO;
    private long count;

    DecimalVariance(boolean sample, boolean root) {
      this.sample = sample;
      this.root = root;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      BigDecimal value = decimal(number(arguments));
      sum = sum.add(value);
      squares = squares.add(value.multiply(value));
      count++;
    }

    @Override
    public @Nullable Object result() {
      if (count < (sample ? 2 : 1)) {
        return null;
      }
      BigDecimal n = BigDecimal.valueOf(count);
      BigDecimal numerator = n.multiply(squares).subtract(sum.multiply(sum));
      BigDecimal denominator = n.multiply(sample ? BigDecimal.valueOf(count - 1) : n);
      if (numerator.signum() <= 0) {
        return BigDecimal.ZERO;
      }
      int scale = NumericArithmetic.quotientScale(numerator, denominator);
      BigDecimal variance = numerator.divide(denominator, scale, RoundingMode.HALF_UP);
      return root ? MathFunctions.squareRoot(variance) : variance;
    }
  }
}
