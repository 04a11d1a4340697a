package io.alidade.sql.function;

import static io.alidade.model.ColumnType.FLOAT8;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.INT8;
import static io.alidade.model.ColumnType.NUMERIC;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// Rounding, powers, logarithms and trigonometry.
final class MathFunctions {
  /// The digits that roots, powers and logarithms of `numeric` have at least.
  private static final int SIGNIFICANT_DIGITS = 16;

  private MathFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    rounding(builder);
    roots(builder);
    one(builder, "degrees", Math::toDegrees);
    one(builder, "radians", Math::toRadians);
    one(builder, "sin", Math::sin);
    one(builder, "cos", Math::cos);
    one(builder, "tan", Math::tan);
    one(builder, "asin", Math::asin);
    one(builder, "acos", Math::acos);
    one(builder, "atan", Math::atan);
    builder.two("atan2", FLOAT8, FLOAT8, FLOAT8, (_, y, x) -> Math.atan2((Double) y, (Double) x));
    builder.none("pi", FLOAT8, ScalarOperator.Volatility.IMMUTABLE, _ -> Math.PI);
    one(builder, "sign", Math::signum);
    builder.one("sign", NUMERIC, NUMERIC, (_, v) -> BigDecimal.valueOf(((BigDecimal) v).signum()));
    builder.one("scale", NUMERIC, INT4, (_, v) -> ((BigDecimal) v).scale());
    builder.two("gcd", INT4, INT4, INT4, (_, a, b) -> (int) gcd((Integer) a, (Integer) b));
    builder.two("gcd", INT8, INT8, INT8, (_, a, b) -> gcd((Long) a, (Long) b));
  }

  private static long gcd(long left, long right) {
    return right == 0 ? Math.abs(left) : gcd(right, left % right);
  }

  private static void one(FunctionRegistry.Builder builder, String name, DoubleUnaryOperator body) {
    builder.one(name, FLOAT8, FLOAT8, (_, v) -> body.applyAsDouble((Double) v));
  }

  private static void rounding(FunctionRegistry.Builder builder) {
    one(builder, "round", Math::rint);
    one(builder, "ceil", Math::ceil);
    one(builder, "ceiling", Math::ceil);
    one(builder, "floor", Math::floor);
    one(builder, "trunc", v -> v < 0 ? Math.ceil(v) : Math.floor(v));
    numeric(builder, "round", RoundingMode.HALF_UP);
    numeric(builder, "trunc", RoundingMode.DOWN);
    for (String name : List.of("ceil", "ceiling")) {
      builder.one(
          name, NUMERIC, NUMERIC, (_, v) -> ((BigDecimal) v).setScale(0, RoundingMode.CEILING));
    }
    builder.one(
        "floor", NUMERIC, NUMERIC, (_, v) -> ((BigDecimal) v).setScale(0, RoundingMode.FLOOR));
  }

  private static void numeric(FunctionRegistry.Builder builder, String name, RoundingMode mode) {
    builder.one(name, NUMERIC, NUMERIC, (_, v) -> ((BigDecimal) v).setScale(0, mode));
    builder.two(
        name,
        NUMERIC,
        INT4,
        NUMERIC,
        (_, v, digits) -> {
          int scale =
              Math.clamp(
                  (Integer) digits, -NumericArithmetic.MAX_SCALE, NumericArithmetic.MAX_SCALE);
          BigDecimal rounded = ((BigDecimal) v).setScale(scale, mode);
          return scale < 0 ? rounded.setScale(0) : rounded;
        });
  }

  private static void roots(FunctionRegistry.Builder builder) {
    for (String name : List.of("sqrt", "|/")) {
      one(builder, name, MathFunctions::root);
    }
    builder.one("sqrt", NUMERIC, NUMERIC, (_, v) -> squareRoot((BigDecimal) v));
    one(builder, "cbrt", Math::cbrt);
    one(builder, "||/", Math::cbrt);
    one(builder, "exp", v -> finite(Math.exp(v), v));
    one(builder, "ln", v -> Math.log(positive(v)));
    one(builder, "log", v -> Math.log10(positive(v)));
    one(builder, "log10", v -> Math.log10(positive(v)));
    builder.one("ln", NUMERIC, NUMERIC, (_, v) -> fromDouble(Math.log(positive(number(v)))));
    for (String name : List.of("log", "log10")) {
      builder.one(name, NUMERIC, NUMERIC, (_, v) -> fromDouble(Math.log10(positive(number(v)))));
    }
    builder.two(
        "log",
        NUMERIC,
        NUMERIC,
        NUMERIC,
        (_, base, v) ->
            fromDouble(Math.log(positive(number(v))) / Math.log(positive(number(base)))));
    builder.one("exp", NUMERIC, NUMERIC, (_, v) -> fromDouble(finite(Math.exp(number(v)), 0)));
    for (String name : List.of("power", "pow", "^")) {
      builder.two(name, FLOAT8, FLOAT8, FLOAT8, (_, b, e) -> power((Double) b, (Double) e));
      builder.two(
          name, NUMERIC, NUMERIC, NUMERIC, (_, b, e) -> power((BigDecimal) b, (BigDecimal) e));
    }
  }

  private static double number(Object value) {
    return NumberConversions.numericToFloat8((BigDecimal) value);
  }

  private static double root(double value) {
    if (value < 0) {
      throw negativeRoot();
    }
    return Math.sqrt(value);
  }

  private static DatabaseException negativeRoot() {
    return new DatabaseException(
        SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
        "cannot take square root of a negative number");
  }

  /// The root, with the scale that PostgreSQL gives it.
  static BigDecimal squareRoot(BigDecimal value) {
    if (value.signum() < 0) {
      throw negativeRoot();
    }
    int integerDigits = value.precision() - value.scale();
    int weight = value.signum() == 0 ? 0 : Math.floorDiv(integerDigits - 1, 4);
    int resultDigits = weight >= 0 ? (weight + 1) * 4 / 2 : 1 - (-weight - 1) * 4 / 2;
    int scale = Math.clamp(SIGNIFICANT_DIGITS - resultDigits, 0, NumericArithmetic.MAX_SCALE);
    scale = Math.max(scale, value.scale());
    int digits = Math.max(integerDigits / 2 + 1, 1) + scale + 2;
    return value
        .sqrt(new MathContext(digits, RoundingMode.HALF_UP))
        .setScale(scale, RoundingMode.HALF_UP);
  }

  private static double positive(double value) {
    if (value <= 0) {
      throw new DatabaseException(
          SqlState.INVALID_ARGUMENT_FOR_LOGARITHM,
          value == 0
              ? "cannot take logarithm of zero"
              : "cannot take logarithm of a negative number");
    }
    return value;
  }

  private static double finite(double result, double argument) {
    if (Double.isInfinite(result) && !Double.isInfinite(argument)) {
      throw FloatArithmetic.overflow();
    }
    return result;
  }

  private static double power(double base, double exponent) {
    requirePower(base == 0 && exponent < 0, base < 0 && exponent != Math.rint(exponent));
    double result = Math.pow(base, exponent);
    if (Double.isInfinite(result) && !Double.isInfinite(base) && !Double.isInfinite(exponent)) {
      throw FloatArithmetic.overflow();
    }
    return result;
  }

  private static void requirePower(boolean zeroToNegative, boolean negativeToFraction) {
    if (zeroToNegative) {
      throw new DatabaseException(
          SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "zero raised to a negative power is undefined");
    }
    if (negativeToFraction) {
      throw new DatabaseException(
          SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "a negative number raised to a non-integer power yields a complex result");
    }
  }

  private static BigDecimal power(BigDecimal base, BigDecimal exponent) {
    boolean whole = exponent.stripTrailingZeros().scale() <= 0;
    requirePower(base.signum() == 0 && exponent.signum() < 0, base.signum() < 0 && !whole);
    double estimate = Math.pow(base.doubleValue(), exponent.doubleValue());
    if (Double.isInfinite(estimate)) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    }
    int weight = estimate == 0 ? 0 : (int) Math.floor(Math.log10(Math.abs(estimate)));
    int scale = Math.clamp(SIGNIFICANT_DIGITS - weight, 0, NumericArithmetic.MAX_SCALE);
    scale = Math.max(scale, Math.max(base.scale(), exponent.scale()));
    if (whole && exponent.abs().compareTo(BigDecimal.valueOf(10_000)) <= 0) {
      MathContext digits = new MathContext(Math.max(weight, 0) + scale + 10, RoundingMode.HALF_UP);
      return base.pow(exponent.intValueExact(), digits).setScale(scale, RoundingMode.HALF_UP);
    }
    return new BigDecimal(estimate, new MathContext(17)).setScale(scale, RoundingMode.HALF_UP);
  }

  /// Computed as a double, so with its precision; PostgreSQL gives the same number of digits.
  private static BigDecimal fromDouble(double value) {
    int weight = value == 0 ? 0 : (int) Math.floor(Math.log10(Math.abs(value)));
    int scale =
        Math.clamp(SIGNIFICANT_DIGITS - Math.max(weight, 0), 0, NumericArithmetic.MAX_SCALE);
    return new BigDecimal(value).setScale(scale, RoundingMode.HALF_UP);
  }
}
