package io.alidade.sql.function;

import static io.alidade.model.ColumnType.NUMERIC;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// Arithmetic of `numeric`, exact but for division, whose scale is PostgreSQL's choice.
final class NumericArithmetic {
  /// The most digits after the point of a result.
  static final int MAX_SCALE = 1000;

  /// The most digits before the point of a value.
  private static final int MAX_INTEGER_DIGITS = 131_072;

  /// The digits that a quotient has at least.
  private static final int MIN_SIGNIFICANT_DIGITS = 16;

  /// PostgreSQL keeps numbers in groups of four decimal digits, and counts in groups here.
  private static final int GROUP_DIGITS = 4;

  private NumericArithmetic() {}

  static void register(FunctionRegistry.Builder builder) {
    two(builder, "+", (l, r) -> l.add(r));
    two(builder, "-", (l, r) -> l.subtract(r));
    two(builder, "*", (l, r) -> limited(l.multiply(r)));
    two(builder, "/", NumericArithmetic::divide);
    two(builder, "%", NumericArithmetic::remainder);
    two(builder, "mod", NumericArithmetic::remainder);
    two(builder, "div", NumericArithmetic::integerQuotient);
    builder.one("-", NUMERIC, NUMERIC, (_, v) -> ((BigDecimal) v).negate());
    builder.one("+", NUMERIC, NUMERIC, (_, v) -> v);
    builder.one("@", NUMERIC, NUMERIC, (_, v) -> ((BigDecimal) v).abs());
    builder.one("abs", NUMERIC, NUMERIC, (_, v) -> ((BigDecimal) v).abs());
  }

  private interface Body {
    BigDecimal compute(BigDecimal left, BigDecimal right);
  }

  private static void two(FunctionRegistry.Builder builder, String name, Body body) {
    builder.two(
        name,
        NUMERIC,
        NUMERIC,
        NUMERIC,
        (_, l, r) -> inRange(body.compute((BigDecimal) l, (BigDecimal) r)));
  }

  static BigDecimal inRange(BigDecimal value) {
    if (value.precision() - value.scale() > MAX_INTEGER_DIGITS) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    }
    return value;
  }

  private static BigDecimal limited(BigDecimal value) {
    return value.scale() > 16_383 ? value.setScale(16_383, RoundingMode.HALF_UP) : value;
  }

  static BigDecimal divide(BigDecimal left, BigDecimal right) {
    IntegerArithmetic.requireNonZero(right.signum() == 0);
    return left.divide(right, quotientScale(left, right), RoundingMode.HALF_UP);
  }

  /// The scale of a quotient: `select_div_scale` in PostgreSQL's `numeric.c`.
  static int quotientScale(BigDecimal left, BigDecimal right) {
    int weight = weight(left) - weight(right);
    if (firstGroup(left) <= firstGroup(right)) {
      weight--;
    }
    int scale = MIN_SIGNIFICANT_DIGITS - weight * GROUP_DIGITS;
    scale = Math.max(scale, Math.max(left.scale(), right.scale()));
    return Math.min(Math.max(scale, 0), MAX_SCALE);
  }

  private static int weight(BigDecimal value) {
    return value.signum() == 0
        ? 0
        : Math.floorDiv(value.precision() - value.scale() - 1, GROUP_DIGITS);
  }

  private static int firstGroup(BigDecimal value) {
    if (value.signum() == 0) {
      return 0;
    }
    return value
        .abs()
        .movePointLeft(weight(value) * GROUP_DIGITS)
        .setScale(0, RoundingMode.DOWN)
        .intValueExact();
  }

  private static BigDecimal remainder(BigDecimal left, BigDecimal right) {
    IntegerArithmetic.requireNonZero(right.signum() == 0);
    return left.remainder(right).setScale(Math.max(left.scale(), right.scale()));
  }

  private static BigDecimal integerQuotient(BigDecimal left, BigDecimal right) {
    IntegerArithmetic.requireNonZero(right.signum() == 0);
    return left.divideToIntegralValue(right).setScale(0, RoundingMode.DOWN);
  }
}
