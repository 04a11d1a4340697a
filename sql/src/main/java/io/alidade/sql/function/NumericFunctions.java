package io.alidade.sql.function;

import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.INT8;
import static io.alidade.model.ColumnType.NUMERIC;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/// Mathematical functions of `numeric`: rounding, number theory and, by [NumericPowers], the rest.
final class NumericFunctions {
  /// The most digits on one side of the point that rounding goes to.
  private static final int MAX_ROUNDING_SCALE = 2000;

  /// The largest whose factorial is a `numeric`.
  private static final int MAX_FACTORIAL = 32_177;

  private NumericFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    one(builder, "round", v -> v.setScale(0, RoundingMode.HALF_UP));
    one(builder, "trunc", v -> v.setScale(0, RoundingMode.DOWN));
    one(builder, "ceil", v -> v.setScale(0, RoundingMode.CEILING));
    one(builder, "ceiling", v -> v.setScale(0, RoundingMode.CEILING));
    one(builder, "floor", v -> v.setScale(0, RoundingMode.FLOOR));
    one(builder, "sign", v -> BigDecimal.valueOf(v.signum()));
    rounding(builder, "round", RoundingMode.HALF_UP);
    rounding(builder, "trunc", RoundingMode.DOWN);
    two(builder, "gcd", NumericFunctions::gcd);
    two(builder, "lcm", NumericFunctions::lcm);
    one(builder, "sqrt", NumericPowers::sqrt);
    one(builder, "exp", NumericPowers::exp);
    one(builder, "ln", NumericPowers::ln);
    one(builder, "log", v -> NumericPowers.log(BigDecimal.TEN, v));
    one(builder, "log10", v -> NumericPowers.log(BigDecimal.TEN, v));
    two(builder, "log", NumericPowers::log);
    for (String name : List.of("power", "pow", "^")) {
      two(builder, name, NumericPowers::power);
    }
    builder.one("scale", NUMERIC, INT4, (_, v) -> ((BigDecimal) v).scale());
    builder.one("min_scale", NUMERIC, INT4, (_, v) -> trimmed((BigDecimal) v).scale());
    one(builder, "trim_scale", NumericFunctions::trimmed);
    builder.one("factorial", INT8, NUMERIC, (context, v) -> factorial((Long) v, context));
  }

  private static void one(
      FunctionRegistry.Builder builder, String name, UnaryOperator<BigDecimal> body) {
    builder.one(name, NUMERIC, NUMERIC, (_, v) -> body.apply((BigDecimal) v));
  }

  private static void two(
      FunctionRegistry.Builder builder, String name, BinaryOperator<BigDecimal> body) {
    builder.two(
        name, NUMERIC, NUMERIC, NUMERIC, (_, l, r) -> body.apply((BigDecimal) l, (BigDecimal) r));
  }

  private static void rounding(FunctionRegistry.Builder builder, String name, RoundingMode mode) {
    builder.two(
        name,
        NUMERIC,
        INT4,
        NUMERIC,
        (_, v, digits) -> {
          int scale = Math.clamp((Integer) digits, -MAX_ROUNDING_SCALE, MAX_ROUNDING_SCALE);
          BigDecimal rounded = ((BigDecimal) v).setScale(scale, mode);
          return NumericArithmetic.inRange(scale < 0 ? rounded.setScale(0) : rounded);
        });
  }

  private static BigDecimal gcd(BigDecimal left, BigDecimal right) {
    int scale = Math.max(left.scale(), right.scale());
    return new BigDecimal(units(left, scale).gcd(units(right, scale)), scale);
  }

  private static BigDecimal lcm(BigDecimal left, BigDecimal right) {
    int scale = Math.max(left.scale(), right.scale());
    BigInteger a = units(left, scale);
    BigInteger b = units(right, scale);
    if (a.signum() == 0 || b.signum() == 0) {
      return new BigDecimal(BigInteger.ZERO, scale);
    }
    BigInteger multiple = a.divide(a.gcd(b)).multiply(b).abs();
    return NumericArithmetic.inRange(new BigDecimal(multiple, scale));
  }

  private static BigInteger units(BigDecimal value, int scale) {
    return value.setScale(scale).unscaledValue();
  }

  private static BigDecimal trimmed(BigDecimal value) {
    BigDecimal trimmed = value.stripTrailingZeros();
    return trimmed.scale() < 0 ? trimmed.setScale(0) : trimmed;
  }

  private static BigDecimal factorial(long value, EvaluationContext context) {
    if (value < 0) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "factorial of a negative number is undefined");
    }
    if (value > MAX_FACTORIAL) {
      throw NumericPowers.overflow();
    }
    BigInteger product = BigInteger.ONE;
    for (int i = 2; i <= value; i++) {
      product = product.multiply(BigInteger.valueOf(i));
      if (i % 256 == 0) {
        context.checkpoint();
      }
    }
    return new BigDecimal(product);
  }
}
