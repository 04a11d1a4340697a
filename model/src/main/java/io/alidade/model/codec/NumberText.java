package io.alidade.model.codec;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;

/// The text forms of integers and of `numeric`.
final class NumberText {

  /// PostgreSQL's limits: digits before and after the decimal point.
  static final int MAX_NUMERIC_INTEGER_DIGITS = 131_072;

  static final int MAX_NUMERIC_SCALE = 16_383;

  private NumberText() {}

  /// What PostgreSQL's `isspace` takes for white space.
  static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  static long parseInteger(String text, ColumnType type, long min, long max) {
    int at = 0;
    int end = text.length();
    while (at < end && isSpace(text.charAt(at))) {
      at++;
    }
    while (end > at && isSpace(text.charAt(end - 1))) {
      end--;
    }
    boolean negative = false;
    if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      negative = text.charAt(at) == '-';
      at++;
    }
    if (at == end) {
      throw ValueErrors.syntax(type, text);
    }
    long value = 0; // Kept negative, as there is one more negative number.
    boolean overflow = false;
    for (; at < end; at++) {
      int digit = text.charAt(at) - '0';
      if (digit < 0 || digit > 9) {
        throw ValueErrors.syntax(type, text);
      }
      overflow |= value < (Long.MIN_VALUE + digit) / 10;
      value = value * 10 - digit;
    }
    overflow |= !negative && value == Long.MIN_VALUE;
    long signed = negative ? value : -value;
    if (overflow || signed < min || signed > max) {
      throw ValueErrors.outOfRange(type, text);
    }
    return signed;
  }

  static BigDecimal parseNumeric(String text) {
    String number = trim(text);
    int at = 0;
    int end = number.length();
    if (at < end && (number.charAt(at) == '-' || number.charAt(at) == '+')) {
      at++;
    }
    int digits = 0;
    boolean point = false;
    for (; at < end; at++) {
      char c = number.charAt(at);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (digits == 0) {
      throw notANumber(number, text);
    }
    if (at < end) {
      checkExponent(number, at, text);
    }
    return checked(new BigDecimal(number));
  }

  private static void checkExponent(String number, int from, String text) {
    int at = from;
    if (number.charAt(at) != 'e' && number.charAt(at) != 'E') {
      throw ValueErrors.syntax(ColumnType.NUMERIC, text);
    }
    at++;
    if (at < number.length() && (number.charAt(at) == '-' || number.charAt(at) == '+')) {
      at++;
    }
    if (at == number.length()) {
      throw ValueErrors.syntax(ColumnType.NUMERIC, text);
    }
    long exponent = 0;
    for (; at < number.length(); at++) {
      int digit = number.charAt(at) - '0';
      if (digit < 0 || digit > 9) {
        throw ValueErrors.syntax(ColumnType.NUMERIC, text);
      }
      exponent = Math.min(exponent * 10 + digit, Integer.MAX_VALUE);
    }
    if (exponent > MAX_NUMERIC_INTEGER_DIGITS + MAX_NUMERIC_SCALE) {
      throw overflow();
    }
  }

  private static DatabaseException notANumber(String number, String text) {
    String word = number.startsWith("-") || number.startsWith("+") ? number.substring(1) : number;
    if (word.equalsIgnoreCase("NaN")) {
      return ValueErrors.unsupported("NaN in numeric is");
    }
    if (word.equalsIgnoreCase("Infinity") || word.equalsIgnoreCase("inf")) {
      return ValueErrors.unsupported("infinity in numeric is");
    }
    return ValueErrors.syntax(ColumnType.NUMERIC, text);
  }

  /// A number as PostgreSQL keeps it: no negative scale, and within its limits.
  static BigDecimal checked(BigDecimal value) {
    if (value.signum() != 0
        && (long) value.precision() - value.scale() > MAX_NUMERIC_INTEGER_DIGITS) {
      throw overflow();
    }
    if (value.scale() < 0) {
      return value.setScale(0);
    }
    return value.scale() > MAX_NUMERIC_SCALE
        ? value.setScale(MAX_NUMERIC_SCALE, java.math.RoundingMode.HALF_UP)
        : value;
  }

  private static DatabaseException overflow() {
    return new DatabaseException(
        SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
  }
}
