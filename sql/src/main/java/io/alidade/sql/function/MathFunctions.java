package io.alidade.sql.function;

import static io.alidade.model.ColumnType.FLOAT8;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.INT8;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.function.ScalarOperator.Volatility;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// Mathematical functions of `double precision`, and number theory of integers.
final class MathFunctions {
  private MathFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    rounding(builder);
    powers(builder);
    angles(builder);
    builder.two(
        "gcd", INT4, INT4, INT4, (_, a, b) -> NumberConversions.toInt4(gcd(a, b, "integer")));
    builder.two("gcd", INT8, INT8, INT8, (_, a, b) -> gcd(a, b, "bigint"));
    builder.two(
        "lcm", INT4, INT4, INT4, (_, a, b) -> NumberConversions.toInt4(lcm(a, b, "integer")));
    builder.two("lcm", INT8, INT8, INT8, (_, a, b) -> lcm(a, b, "bigint"));
    builder.scalar(
        signature("setseed", TEXT, FLOAT8),
        Volatility.VOLATILE,
        (Implementation.OfOne)
            (_, _) -> {
              throw new DatabaseException(
                  SqlState.FEATURE_NOT_SUPPORTED, "setseed is not supported");
            });
    NumericFunctions.register(builder);
  }

  private static void rounding(FunctionRegistry.Builder builder) {
    one(builder, "ceil", Math::ceil);
    one(builder, "ceiling", Math::ceil);
    one(builder, "floor", Math::floor);
    one(builder, "round", Math::rint);
    one(builder, "trunc", v -> v < 0 ? Math.ceil(v) : Math.floor(v));
    one(builder, "sign", v -> v > 0 ? 1 : v < 0 ? -1 : 0);
  }

  private static void powers(FunctionRegistry.Builder builder) {
    for (String name : List.of("sqrt", "|/")) {
      one(builder, name, MathFunctions::sqrt);
    }
    for (String name : List.of("cbrt", "||/")) {
      one(builder, name, Math::cbrt);
    }
    for (String name : List.of("power", "pow", "^")) {
      two(builder, name, MathFunctions::power);
    }
    one(builder, "exp", v -> checked(Math.exp(v), v, v != Double.NEGATIVE_INFINITY));
    one(builder, "ln", v -> Math.log(logarithmic(v)));
    one(builder, "log", v -> Math.log10(logarithmic(v)));
    one(builder, "log10", v -> Math.log10(logarithmic(v)));
  }

  private static void angles(FunctionRegistry.Builder builder) {
    builder.none("pi", FLOAT8, Volatility.IMMUTABLE, _ -> Math.PI);
    one(builder, "degrees", v -> checked(v / RADIANS_PER_DEGREE, v, v != 0));
    one(builder, "radians", v -> checked(v * RADIANS_PER_DEGREE, v, v != 0));
    one(builder, "sin", v -> Math.sin(finite(v)));
    one(builder, "cos", v -> Math.cos(finite(v)));
    one(builder, "tan", v -> Math.tan(finite(v)));
    one(builder, "cot", v -> 1 / Math.tan(finite(v)));
    one(builder, "asin", v -> Math.asin(within(v, -1, 1)));
    one(builder, "acos", v -> Math.acos(within(v, -1, 1)));
    one(builder, "atan", Math::atan);
    two(builder, "atan2", Math::atan2);
    one(builder, "sinh", Math::sinh);
    one(builder, "cosh", Math::cosh);
    one(builder, "tanh", Math::tanh);
  }

  private static final double RADIANS_PER_DEGREE = 0.0174532925199432957692;

  private static void one(FunctionRegistry.Builder builder, String name, DoubleUnaryOperator body) {
    builder.one(name, FLOAT8, FLOAT8, (_, v) -> body.applyAsDouble((Double) v));
  }

  private static void two(
      FunctionRegistry.Builder builder, String name, DoubleBinaryOperator body) {
    builder.two(
        name, FLOAT8, FLOAT8, FLOAT8, (_, l, r) -> body.applyAsDouble((Double) l, (Double) r));
  }

  /// Refuses an infinite result of a finite argument, and a zero where none can be.
  private static double checked(double result, double argument, boolean notZero) {
    if (Double.isInfinite(result) && !Double.isInfinite(argument)) {
      throw FloatArithmetic.overflow();
    }
    if (result == 0 && notZero) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
    }
    return result;
  }

  private static double sqrt(double value) {
    if (value < 0) {
      throw negativeSquareRoot();
    }
    return Math.sqrt(value);
  }

  static DatabaseException negativeSquareRoot() {
    return new DatabaseException(
        SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
        "cannot take square root of a negative number");
  }

  private static double logarithmic(double value) {
    requireLogarithm(value < 0 ? -1 : value == 0 ? 0 : 1);
    return value;
  }

  static void requireLogarithm(int sign) {
    if (sign <= 0) {
      throw new DatabaseException(
          SqlState.INVALID_ARGUMENT_FOR_LOGARITHM,
          "cannot take logarithm of " + (sign == 0 ? "zero" : "a negative number"));
    }
  }

  private static double power(double base, double exponent) {
    if (base == 1 || exponent == 0) {
      return 1;
    }
    requirePower(
        (int) Math.signum(base), (int) Math.signum(exponent), exponent == Math.rint(exponent));
    if (base == -1 && Double.isInfinite(exponent)) {
      return 1;
    }
    double result = Math.pow(base, exponent);
    if (Double.isInfinite(base) || Double.isInfinite(exponent)) {
      return result;
    }
    return checked(result, base, base != 0);
  }

  static void requirePower(int baseSign, int exponentSign, boolean integer) {
    if (baseSign == 0 && exponentSign < 0) {
      throw new DatabaseException(
          SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "zero raised to a negative power is undefined");
    }
    if (baseSign < 0 && !integer) {
      throw new DatabaseException(
          SqlState.INVALID_ARGUMENT_FOR_POWER_FUNCTION,
          "a negative number raised to a non-integer power yields a complex result");
    }
  }

  private static double finite(double value) {
    if (Double.isInfinite(value)) {
      throw outOfRange();
    }
    return value;
  }

  private static double within(double value, double least, double most) {
    if (value < least || value > most) {
      throw outOfRange();
    }
    return value;
  }

  private static DatabaseException outOfRange() {
    return new DatabaseException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range");
  }

  private static long gcd(Object left, Object right, String type) {
    return fitting(big(left).gcd(big(right)), type);
  }

  private static long lcm(Object left, Object right, String type) {
    BigInteger a = big(left);
    BigInteger b = big(right);
    if (a.signum() == 0 || b.signum() == 0) {
      return 0;
    }
    return fitting(a.divide(a.gcd(b)).multiply(b).abs(), type);
  }

  private static BigInteger big(Object value) {
    return BigInteger.valueOf(((Number) value).longValue());
  }

  private static long fitting(BigInteger value, String type) {
    if (value.bitLength() >= Long.SIZE) {
      throw NumberConversions.outOfRange(type);
    }
    return value.longValue();
  }

  /// The square root of a value that is not negative, with as many digits after the point.
  static BigDecimal squareRoot(BigDecimal value) {
    return NumericPowers.squareRoot(value, value.scale());
  }
}
