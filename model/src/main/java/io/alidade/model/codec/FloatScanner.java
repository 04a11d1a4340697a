package io.alidade.model.codec;

/// Reads decimal floating-point numbers from a text, one after the other, with correct rounding.
///
/// Most numbers are read as in Clinger's "How to Read Floating Point Numbers Accurately": their
/// digits fit a `long` and one multiplication or division by an exact power of ten is enough. Where
/// that may round to the wrong side, the JDK's parser decides.
final class FloatScanner {

  /// Powers of ten that a `double` holds exactly.
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private static final int MAX_DIGITS = 18;
  private static final long EXACT_IN_DOUBLE = 1L << 53;
  private static final int MAX_EXPONENT = 1_000_000;

  /// The bits of a `double` that a `float` drops, and how near their middle a doubt begins.
  private static final int DROPPED_MASK = (1 << 29) - 1;

  private static final int DROPPED_HALF = 1 << 28;
  private static final int DOUBT = 4;

  private final String text;
  private int at;
  private boolean found;
  private boolean nonZero;

  // The last number: its digits as far as they fit, the power of ten, and where it stood.
  private long mantissa;
  private int exponent;
  private boolean truncated;
  private boolean negative;
  private int start;

  FloatScanner(String text) {
    this.text = text;
  }

  boolean atEnd() {
    return at == text.length();
  }

  /// The next character, or NUL at the end.
  char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  void skip() {
    at++;
  }

  void skipSpace() {
    while (at < text.length() && NumberText.isSpace(text.charAt(at))) {
      at++;
    }
  }

  /// Whether the last call found a number.
  boolean found() {
    return found;
  }

  /// Whether the last number had a digit other than zero: if its value is zero or infinite, it was
  /// out of range.
  boolean sawNonZero() {
    return nonZero;
  }

  /// The text of the last number.
  String lastNumber() {
    return text.substring(start, at);
  }

  float nextFloat() {
    if (!scan()) {
      return special();
    }
    if (mantissa == 0) {
      return negative ? -0f : 0f;
    }
    if (Math.abs(exponent) <= 22) {
      double value = exponent < 0 ? mantissa / POWERS[-exponent] : mantissa * POWERS[exponent];
      int dropped = (int) Double.doubleToRawLongBits(value) & DROPPED_MASK;
      if (value >= Float.MIN_NORMAL
          && value < Float.MAX_VALUE
          && Math.abs(dropped - DROPPED_HALF) > DOUBT) {
        return negative ? -(float) value : (float) value;
      }
    }
    return Float.parseFloat(lastNumber());
  }

  double nextDouble() {
    if (!scan()) {
      return special();
    }
    if (mantissa == 0) {
      return negative ? -0d : 0d;
    }
    if (Math.abs(exponent) <= 22 && mantissa <= EXACT_IN_DOUBLE && !truncated) {
      double value = exponent < 0 ? mantissa / POWERS[-exponent] : mantissa * POWERS[exponent];
      return negative ? -value : value;
    }
    return Double.parseDouble(lastNumber());
  }

  /// Moves over a number; false when there is none of digits.
  private boolean scan() {
    start = at;
    nonZero = false;
    negative = false;
    if (peek() == '-' || peek() == '+') {
      negative = peek() == '-';
      at++;
    }
    int firstDigit = at;
    scanDigits();
    if (found) {
      scanExponent();
    } else {
      at = firstDigit;
    }
    return found;
  }

  private void scanDigits() {
    String in = text;
    int length = in.length();
    int i = at;
    long value = 0;
    int taken = 0;
    int power = 0;
    boolean point = false;
    boolean any = false;
    boolean cut = false;
    for (; i < length; i++) {
      int digit = in.charAt(i) - '0';
      if (digit >= 0 && digit <= 9) {
        any = true;
        if (taken < MAX_DIGITS) {
          value = value * 10 + digit;
          taken += value == 0 ? 0 : 1;
          power -= point ? 1 : 0;
        } else {
          cut |= digit != 0;
          power += point ? 0 : 1;
        }
      } else if (digit == '.' - '0' && !point) {
        point = true;
      } else {
        break;
      }
    }
    at = i;
    mantissa = value;
    exponent = power;
    found = any;
    nonZero = value != 0;
    truncated = cut;
  }

  private void scanExponent() {
    int mark = at;
    if (peek() != 'e' && peek() != 'E') {
      return;
    }
    at++;
    boolean minus = peek() == '-';
    if (minus || peek() == '+') {
      at++;
    }
    int digits = at;
    int value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = Math.min(value * 10 + (peek() - '0'), MAX_EXPONENT);
      at++;
    }
    if (at == digits) {
      at = mark; // An "e" without digits is not part of the number.
      return;
    }
    exponent += minus ? -value : value;
  }

  private float special() {
    if (takeWord("nan")) {
      return Float.NaN;
    }
    if (takeWord("infinity") || takeWord("inf")) {
      return negative ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
    }
    at = start;
    return 0;
  }

  private boolean takeWord(String word) {
    if (!text.regionMatches(true, at, word, 0, word.length())) {
      return false;
    }
    at += word.length();
    found = true;
    return true;
  }
}
