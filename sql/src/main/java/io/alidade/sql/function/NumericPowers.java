package io.alidade.sql.function;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/// Roots, powers, exponentials and logarithms of `numeric`, with as many digits after the point as
/// PostgreSQL's `numeric.c` gives them.
final class NumericPowers {
  private static final int MIN_SIGNIFICANT_DIGITS = 16;
  private static final int GUARD_DIGITS = 12;
  private static final int MAX_INTEGER_DIGITS = 131_072;

  /// PostgreSQL's limit of an exponent of e: three times its largest result scale, 2000.
  private static final int MAX_EXPONENT = 6000;

  private static final double LOG10_OF_E = 0.434294481903252;
  private static final double LN_OF_10 = 2.302585092994046;
  private static final BigDecimal TWO = BigDecimal.TWO;
  private static final BigDecimal NEAR_ONE_LOW = new BigDecimal("0.9");
  private static final BigDecimal NEAR_ONE_HIGH = new BigDecimal("1.1");

  private NumericPowers() {}

  static BigDecimal sqrt(BigDecimal value) {
    if (value.signum() < 0) {
      throw MathFunctions.negativeSquareRoot();
    }
    int groups = value.signum() == 0 ? 0 : Math.floorDiv(decimalWeight(value), 4);
    int scale = MIN_SIGNIFICANT_DIGITS - ((groups + 1) * 4 / 2 - 1);
    return squareRoot(value, limited(Math.max(scale, value.scale())));
  }

  /// A square root rounded to some digits after the point.
  static BigDecimal squareRoot(BigDecimal value, int scale) {
    int digits = scale + 1;
    BigInteger scaled =
        value.setScale(2 * digits, RoundingMode.DOWN).unscaledValue(); // A cut digit cannot round.
    return new BigDecimal(scaled.sqrt(), digits).setScale(scale, RoundingMode.HALF_UP);
  }

  static BigDecimal exp(BigDecimal value) {
    double weight = Math.clamp(value.doubleValue() * LOG10_OF_E, -2000, 2000);
    int scale = limited(Math.max(MIN_SIGNIFICANT_DIGITS - (int) weight, value.scale()));
    return exp(value, scale);
  }

  static BigDecimal ln(BigDecimal value) {
    MathFunctions.requireLogarithm(value.signum());
    int scale = limited(Math.max(MIN_SIGNIFICANT_DIGITS - logarithmWeight(value), value.scale()));
    return ln(value, context(scale + logarithmWeight(value))).setScale(scale, RoundingMode.HALF_UP);
  }

  static BigDecimal log(BigDecimal base, BigDecimal value) {
    MathFunctions.requireLogarithm(base.signum());
    MathFunctions.requireLogarithm(value.signum());
    int weight = logarithmWeight(value) - logarithmWeight(base);
    int scale = Math.max(MIN_SIGNIFICANT_DIGITS - weight, Math.max(base.scale(), value.scale()));
    scale = limited(scale);
    MathContext digits = context(scale + Math.max(weight, 0));
    BigDecimal divisor = ln(base, digits);
    IntegerArithmetic.requireNonZero(divisor.signum() == 0);
    return ln(value, digits).divide(divisor, scale, RoundingMode.HALF_UP);
  }

  static BigDecimal power(BigDecimal base, BigDecimal exponent) {
    boolean integer = exponent.signum() == 0 || exponent.stripTrailingZeros().scale() <= 0;
    MathFunctions.requirePower(base.signum(), exponent.signum(), integer);
    if (integer && exponent.toBigInteger().bitLength() < Integer.SIZE) {
      int scale = limited(Math.max(MIN_SIGNIFICANT_DIGITS, base.scale()));
      return NumericArithmetic.inRange(integerPower(base, exponent.intValue(), scale));
    }
    if (base.signum() == 0) {
      return BigDecimal.ZERO.setScale(MIN_SIGNIFICANT_DIGITS);
    }
    BigDecimal result = generalPower(base.abs(), exponent);
    boolean odd = integer && exponent.toBigInteger().testBit(0);
    return base.signum() < 0 && odd ? result.negate() : result;
  }

  private static BigDecimal generalPower(BigDecimal base, BigDecimal exponent) {
    double estimate = ln(base, new MathContext(20)).multiply(exponent).doubleValue();
    if (Math.abs(estimate) > 2000 * 3.01) {
      if (estimate > 0) {
        throw overflow();
      }
      return BigDecimal.ZERO.setScale(NumericArithmetic.MAX_SCALE);
    }
    int weight = (int) (estimate * LOG10_OF_E);
    int scale = MIN_SIGNIFICANT_DIGITS - weight;
    scale = limited(Math.max(scale, Math.max(base.scale(), exponent.scale())));
    // An error of the logarithm is one of as many digits of the result, but for its weight.
    BigDecimal logarithm = ln(base, context(scale + Math.max(weight, 0) + 8)).multiply(exponent);
    return exp(logarithm, scale);
  }

  private static BigDecimal integerPower(BigDecimal base, int exponent, int scale) {
    switch (exponent) {
      case 0:
        return BigDecimal.ONE.setScale(scale);
      case 1:
        return base.setScale(scale, RoundingMode.HALF_UP);
      case -1:
        return BigDecimal.ONE.divide(base, scale, RoundingMode.HALF_UP);
      case 2:
        return base.multiply(base).setScale(scale, RoundingMode.HALF_UP);
      default:
    }
    if (base.signum() == 0) {
      return BigDecimal.ZERO.setScale(scale);
    }
    double weight = Math.log10(leading(base)) * exponent + (double) decimalWeight(base) * exponent;
    if (weight > MAX_INTEGER_DIGITS + 1) {
      throw overflow();
    }
    if (weight + 1 < -scale) {
      return BigDecimal.ZERO.setScale(scale);
    }
    int digits = scale + (int) Math.max(weight, 0) + GUARD_DIGITS + 12;
    MathContext context = new MathContext(digits, RoundingMode.HALF_UP);
    BigDecimal power = powerOf(base, Math.abs((long) exponent), context);
    return exponent < 0
        ? BigDecimal.ONE.divide(power, scale, RoundingMode.HALF_UP)
        : power.setScale(scale, RoundingMode.HALF_UP);
  }

  private static BigDecimal powerOf(BigDecimal base, long exponent, MathContext context) {
    BigDecimal result = BigDecimal.ONE;
    BigDecimal square = base;
    for (long left = exponent; left > 0; left >>= 1) {
      if ((left & 1) != 0) {
        result = result.multiply(square, context);
      }
      if (left > 1) {
        square = square.multiply(square, context);
      }
    }
    return result;
  }

  static DatabaseException overflow() {
    return new DatabaseException(
        SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
  }

  private static int limited(int scale) {
    return Math.clamp(scale, 0, NumericArithmetic.MAX_SCALE);
  }

  private static MathContext context(int digits) {
    return new MathContext(Math.max(digits, 1) + GUARD_DIGITS, RoundingMode.HALF_EVEN);
  }

  /// The power of ten of the first digit.
  private static int decimalWeight(BigDecimal value) {
    return value.precision() - value.scale() - 1;
  }

  /// A value's digits as a number from 1 to 10.
  private static double leading(BigDecimal value) {
    return value
        .abs()
        .round(new MathContext(17, RoundingMode.DOWN))
        .scaleByPowerOfTen(-decimalWeight(value))
        .doubleValue();
  }

  /// About the power of ten of a logarithm's first digit: `estimate_ln_dweight` in PostgreSQL.
  private static int logarithmWeight(BigDecimal value) {
    if (value.compareTo(NEAR_ONE_LOW) >= 0 && value.compareTo(NEAR_ONE_HIGH) <= 0) {
      BigDecimal distance = value.subtract(BigDecimal.ONE);
      return distance.signum() == 0 ? 0 : decimalWeight(distance);
    }
    double logarithm = Math.log(leading(value)) + decimalWeight(value) * LN_OF_10;
    return (int) Math.log10(Math.abs(logarithm));
  }

  private static BigDecimal exp(BigDecimal value, int scale) {
    double estimate = value.doubleValue();
    if (Math.abs(estimate) >= MAX_EXPONENT) {
      if (estimate > 0) {
        throw overflow();
      }
      return BigDecimal.ZERO.setScale(scale);
    }
    int weight = (int) (estimate * LOG10_OF_E);
    MathContext digits = context(scale + Math.max(weight, 0) + 8);
    // e^x is the square of e^(x/2): the series runs on what is small enough, squared again after.
    int halvings = 8 + Math.max(0, Math.getExponent(Math.max(Math.abs(estimate), 1)) + 1);
    BigDecimal small = value.divide(TWO.pow(halvings), digits);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int i = 1; term.signum() != 0 && decimalWeight(term) >= -digits.getPrecision(); i++) {
      term = term.multiply(small, digits).divide(BigDecimal.valueOf(i), digits);
      sum = sum.add(term, digits);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, digits);
    }
    return NumericArithmetic.inRange(sum.setScale(scale, RoundingMode.HALF_UP));
  }

  /// A logarithm with some significant digits, by the series of its inverse hyperbolic tangent.
  private static BigDecimal ln(BigDecimal value, MathContext digits) {
    BigDecimal root = value;
    BigDecimal factor = TWO;
    while (root.compareTo(NEAR_ONE_LOW) < 0 || root.compareTo(NEAR_ONE_HIGH) > 0) {
      root = root.sqrt(digits);
      factor = factor.multiply(TWO);
    }
    BigDecimal z = root.subtract(BigDecimal.ONE).divide(root.add(BigDecimal.ONE), digits);
    if (z.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal square = z.multiply(z, digits);
    BigDecimal power = z;
    BigDecimal sum = z;
    int least = decimalWeight(z) - digits.getPrecision();
    for (int i = 3; power.signum() != 0 && decimalWeight(power) >= least; i += 2) {
      power = power.multiply(square, digits);
      sum = sum.add(power.divide(BigDecimal.valueOf(i), digits), digits);
    }
    return sum.multiply(factor, digits);
  }
}
