package io.alidade.model.codec;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;

/// The text forms of `real` and `double precision`: read with correct rounding, written with the
/// fewest digits that read back as the same number, in PostgreSQL's spelling (`1e+15`, `NaN`).
final class FloatText {

  /// From which decimal exponents on PostgreSQL writes an exponent.
  private static final int FLOAT4_EXPONENT = 6;

  private static final int FLOAT8_EXPONENT = 15;
  private static final int LEAST_PLAIN_EXPONENT = -4;

  private FloatText() {}

  static Float parseFloat4(String text) {
    FloatScanner scanner = new FloatScanner(text);
    scanner.skipSpace();
    float value = scanner.nextFloat();
    finish(scanner, ColumnType.FLOAT4, text);
    boolean lost =
        value == 0 ? scanner.sawNonZero() : Float.isInfinite(value) && scanner.sawNonZero();
    if (lost) {
      throw outOfRange(ColumnType.FLOAT4, text);
    }
    return value;
  }

  static Double parseFloat8(String text) {
    FloatScanner scanner = new FloatScanner(text);
    scanner.skipSpace();
    double value = scanner.nextDouble();
    finish(scanner, ColumnType.FLOAT8, text);
    boolean lost =
        value == 0 ? scanner.sawNonZero() : Double.isInfinite(value) && scanner.sawNonZero();
    if (lost) {
      throw outOfRange(ColumnType.FLOAT8, text);
    }
    return value;
  }

  private static void finish(FloatScanner scanner, ColumnType type, String text) {
    if (!scanner.found()) {
      throw ValueErrors.syntax(type, text);
    }
    scanner.skipSpace();
    if (!scanner.atEnd()) {
      throw ValueErrors.syntax(type, text);
    }
  }

  private static DatabaseException outOfRange(ColumnType type, String text) {
    return new DatabaseException(
        SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
        "\""
            + NumberText.trim(ValueErrors.quoted(text))
            + "\" is out of range for type "
            + type.kind().sqlName());
  }

  static StringBuilder append(StringBuilder out, float value) {
    float size = Math.abs(value);
    if (size >= 1e-3f && size < 1e6f) { // Here Java and PostgreSQL agree but for a last ".0".
      out.append(value);
      return dropPointZero(out);
    }
    if (size == 0 || Float.isNaN(value) || Float.isInfinite(value)) {
      return appendSpecial(out, value);
    }
    return appendShortest(out, shortestFloat(size), value < 0, FLOAT4_EXPONENT);
  }

  static StringBuilder append(StringBuilder out, double value) {
    double size = Math.abs(value);
    if (size >= 1e-3 && size < 1e7) {
      out.append(value);
      return dropPointZero(out);
    }
    if (size == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return appendSpecial(out, value);
    }
    return appendShortest(out, shortestDouble(size), value < 0, FLOAT8_EXPONENT);
  }

  private static StringBuilder dropPointZero(StringBuilder out) {
    int length = out.length();
    if (out.charAt(length - 1) == '0' && out.charAt(length - 2) == '.') {
      out.setLength(length - 2);
    }
    return out;
  }

  private static StringBuilder appendSpecial(StringBuilder out, double value) {
    if (Double.isNaN(value)) {
      return out.append("NaN");
    }
    if (value == 0) {
      return out.append(1 / value < 0 ? "-0" : "0");
    }
    return out.append(value < 0 ? "-Infinity" : "Infinity");
  }

  /// Java's form, which has at least two digits: PostgreSQL writes one where one is enough.
  private static String shortestFloat(float size) {
    String two = Float.toString(size);
    if (size < Float.MIN_NORMAL) {
      String one = oneDigit(two);
      return Float.parseFloat(one) == size ? one : two;
    }
    return two;
  }

  private static String shortestDouble(double size) {
    String two = Double.toString(size);
    if (size < Double.MIN_NORMAL) {
      String one = oneDigit(two);
      return Double.parseDouble(one) == size ? one : two;
    }
    return two;
  }

  private static String oneDigit(String javaForm) {
    return new java.math.BigDecimal(javaForm)
            .round(new java.math.MathContext(1, java.math.RoundingMode.HALF_EVEN))
            .unscaledValue()
        + ".0E"
        + exponentOf(javaForm);
  }

  private static int exponentOf(String javaForm) {
    return Integer.parseInt(javaForm, javaForm.indexOf('E') + 1, javaForm.length(), 10);
  }

  /// Respells `d.dddE[-]x` or `ddd.d`.
  private static StringBuilder appendShortest(
      StringBuilder out, String javaForm, boolean negative, int firstExponent) {
    int e = javaForm.indexOf('E');
    String mantissa = e < 0 ? javaForm : javaForm.substring(0, e);
    int point = mantissa.indexOf('.');
    StringBuilder digits = new StringBuilder(mantissa).deleteCharAt(point);
    int exponent = point - 1 + (e < 0 ? 0 : exponentOf(javaForm));
    while (digits.length() > 1 && digits.charAt(digits.length() - 1) == '0') {
      digits.setLength(digits.length() - 1);
    }
    if (negative) {
      out.append('-');
    }
    if (exponent < LEAST_PLAIN_EXPONENT || exponent >= firstExponent) {
      return appendScientific(out, digits, exponent);
    }
    if (exponent < 0) {
      return out.append("0.").repeat('0', -exponent - 1).append(digits);
    }
    if (digits.length() <= exponent + 1) {
      return out.append(digits).repeat('0', exponent + 1 - digits.length());
    }
    return out.append(digits, 0, exponent + 1)
        .append('.')
        .append(digits, exponent + 1, digits.length());
  }

  private static StringBuilder appendScientific(
      StringBuilder out, CharSequence digits, int exponent) {
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    out.append(exponent < 0 ? "e-" : "e+");
    int size = Math.abs(exponent);
    if (size < 10) {
      out.append('0');
    }
    return out.append(size);
  }
}
