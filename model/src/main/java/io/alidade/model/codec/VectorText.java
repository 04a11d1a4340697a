package io.alidade.model.codec;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.DatabaseException;
import io.alidade.model.Half;
import io.alidade.model.SqlState;
import java.util.Arrays;

/// pgvector's text form of `vector` and `halfvec`: `[1,2.5,-3]`.
final class VectorText {

  private VectorText() {}

  /// @param kind which of the two; the elements of a `halfvec` are rounded to 16 bits
  static float[] parse(String text, Kind kind) {
    FloatScanner in = new FloatScanner(text);
    in.skipSpace();
    if (in.peek() != '[') {
      throw ValueErrors.syntax(kind.sqlName(), text)
          .withDetail("Vector contents must start with \"[\".");
    }
    in.skip();
    in.skipSpace();
    if (in.peek() == ']') {
      throw tooFewDimensions(kind);
    }
    // A component takes four characters at the least in most texts; the array grows if not.
    float[] values = new float[Math.min(ColumnType.MAX_VECTOR_DIMENSIONS, 4 + text.length() / 8)];
    int size = 0;
    while (true) {
      if (size == ColumnType.MAX_VECTOR_DIMENSIONS) {
        throw tooManyDimensions(kind);
      }
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = element(in, text, kind);
      char next = in.peek();
      if (next != ',' && next != ']') {
        throw ValueErrors.syntax(kind.sqlName(), text);
      }
      in.skip();
      if (next == ']') {
        break;
      }
    }
    in.skipSpace();
    if (!in.atEnd()) {
      throw ValueErrors.syntax(kind.sqlName(), text).withDetail("Junk after closing right brace.");
    }
    return Arrays.copyOf(values, size);
  }

  private static float element(FloatScanner in, String text, Kind kind) {
    in.skipSpace();
    float number = in.nextFloat();
    float value = kind == Kind.HALFVEC ? Half.round(number) : number;
    if (!in.found()) {
      throw ValueErrors.syntax(kind.sqlName(), text);
    }
    boolean tooLarge = Float.isInfinite(number) ? in.sawNonZero() : Float.isInfinite(value);
    if (tooLarge) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
          "\""
              + ValueErrors.quoted(in.lastNumber())
              + "\" is out of range for type "
              + kind.sqlName());
    }
    checkElement(value, kind);
    in.skipSpace();
    return value;
  }

  static void checkElement(float value, Kind kind) {
    if (Float.isNaN(value)) {
      throw new DatabaseException(SqlState.DATA_EXCEPTION, "NaN not allowed in " + kind.sqlName());
    }
    if (Float.isInfinite(value)) {
      throw new DatabaseException(
          SqlState.DATA_EXCEPTION, "infinite value not allowed in " + kind.sqlName());
    }
  }

  static DatabaseException tooFewDimensions(Kind kind) {
    return new DatabaseException(
        SqlState.DATA_EXCEPTION, kind.sqlName() + " must have at least 1 dimension");
  }

  static DatabaseException tooManyDimensions(Kind kind) {
    return new DatabaseException(
        SqlState.PROGRAM_LIMIT_EXCEEDED,
        kind.sqlName()
            + " cannot have more than "
            + ColumnType.MAX_VECTOR_DIMENSIONS
            + " dimensions");
  }

  static String format(float[] vector) {
    StringBuilder out = new StringBuilder(2 + 12 * vector.length);
    char before = '[';
    for (float value : vector) {
      out.append(before);
      FloatText.append(out, value);
      before = ',';
    }
    return out.append(']').toString();
  }
}
