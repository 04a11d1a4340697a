package io.alidade.sql.function;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Conversions among the numeric types, with PostgreSQL's rounding and range errors.
final class NumberConversions {
  private static final MathContext FLOAT4_DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);
  private static final MathContext FLOAT8_DIGITS = new MathContext(15, RoundingMode.HALF_EVEN);
  private static final long MAX_OID = 0xFFFF_FFFFL;

  private NumberConversions() {}

  static Short toInt2(long value) {
    if (value != (short) value) {
      throw outOfRange("smallint");
    }
    return (short) value;
  }

  static Integer toInt4(long value) {
    if (value != (int) value) {
      throw outOfRange("integer");
    }
    return (int) value;
  }

  static Long toOid(long value) {
    if (value < 0 || value > MAX_OID) {
      throw new DatabaseException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "OID out of range");
    }
    return value;
  }

  static Short floatToInt2(double value) {
    return (short) inRange(value, Short.MIN_VALUE, Short.MAX_VALUE, "smallint");
  }

  static Integer floatToInt4(double value) {
    return (int) inRange(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
  }

  static Long floatToInt8(double value) {
    double rounded = Math.rint(value);
    if (Double.isNaN(value) || rounded < -0x1p63 || rounded >= 0x1p63) {
      throw outOfRange("bigint");
    }
    return (long) rounded;
  }

  private static long inRange(double value, long min, long max, String type) {
    double rounded = Math.rint(value);
    if (Double.isNaN(value) || rounded < min || rounded > max) {
      throw outOfRange(type);
    }
    return (long) rounded;
  }

  static Short numericToInt2(BigDecimal value) {
    return (short) exact(value, Short.MIN_VALUE, Short.MAX_VALUE, "smallint");
  }

  static Integer numericToInt4(BigDecimal value) {
    return (int) exact(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
  }

  static Long numericToInt8(BigDecimal value) {
    return exact(value, Long.MIN_VALUE, Long.MAX_VALUE, "bigint");
  }

  private static long exact(BigDecimal value, long min, long max, String type) {
    BigDecimal rounded = value.setScale(0, RoundingMode.HALF_UP);
    if (rounded.compareTo(BigDecimal.valueOf(min)) < 0
        || rounded.compareTo(BigDecimal.valueOf(max)) > 0) {
      throw outOfRange(type);
    }
    return rounded.longValueExact();
  }

  static BigDecimal float4ToNumeric(float value) {
    return toNumeric(value, FLOAT4_DIGITS);
  }

  static BigDecimal float8ToNumeric(double value) {
    return toNumeric(value, FLOAT8_DIGITS);
  }

  private static BigDecimal toNumeric(double value, MathContext digits) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, "numeric values of NaN and infinity are not supported");
    }
    BigDecimal rounded = new BigDecimal(value).round(digits).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }

  static Double numericToFloat8(BigDecimal value) {
    double result = value.doubleValue();
    if (Double.isInfinite(result)) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
          "\"" + value.toPlainString() + "\" is out of range for type double precision");
    }
    return result;
  }

  static Float numericToFloat4(BigDecimal value) {
    float result = value.floatValue();
    if (Float.isInfinite(result)) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
          "\"" + value.toPlainString() + "\" is out of range for type real");
    }
    return result;
  }

  static Float float8ToFloat4(double value) {
    float result = (float) value;
    if (Float.isInfinite(result) && !Double.isInfinite(value)) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
    }
    if (result == 0 && value != 0) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
    }
    return result;
  }

  static DatabaseException outOfRange(String type) {
    return new DatabaseException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, type + " out of range");
  }
}
