package io.alidade.model.codec;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.Arrays;

/// pgvector's text form of `vector`: `[1,2.5,-3]`.
final class VectorText {

  private VectorText() {}

  static float[] parse(String text) {
    FloatScanner in = new FloatScanner(text);
    in.skipSpace();
    if (in.peek() != '[') {
      throw ValueErrors.syntax(ColumnType.VECTOR, text)
          .withDetail("Vector contents must start with \"[\".");
    }
    in.skip();
    in.skipSpace();
    if (in.peek() == ']') {
      throw new DatabaseException(SqlState.DATA_EXCEPTION, "vector must have at least 1 dimension");
    }
    // A component takes four characters at the least in most texts; the array grows if not.
    float[] values = new float[Math.min(ColumnType.MAX_VECTOR_DIMENSIONS, 4 + text.length() / 8)];
    int size = 0;
    while (true) {
      if (size == ColumnType.MAX_VECTOR_DIMENSIONS) {
        throw tooManyDimensions();
      }
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = element(in, text);
      char next = in.peek();
      if (next != ',' && next != ']') {
        throw ValueErrors.syntax(ColumnType.VECTOR, text);
      }
      in.skip();
      if (next == ']') {
        break;
      }
    }
    in.skipSpace();
    if (!in.atEnd()) {
      throw ValueErrors.syntax(ColumnType.VECTOR, text)
          .withDetail("Junk after closing right brace.");
    }
    return Arrays.copyOf(values, size);
  }

  private static float element(FloatScanner in, String text) {
    in.skipSpace();
    float value = in.nextFloat();
    if (!in.found()) {
      throw ValueErrors.syntax(ColumnType.VECTOR, text);
    }
    if (Float.isInfinite(value) && in.sawNonZero()) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
          "\"" + ValueErrors.quoted(in.lastNumber()) + "\" is out of range for type vector");
    }
    checkElement(value);
    in.skipSpace();
    return value;
  }

  static void checkElement(float value) {
    if (Float.isNaN(value)) {
      throw new DatabaseException(SqlState.DATA_EXCEPTION, "NaN not allowed in vector");
    }
    if (Float.isInfinite(value)) {
      throw new DatabaseException(SqlState.DATA_EXCEPTION, "infinite value not allowed in vector");
    }
  }

  static DatabaseException tooManyDimensions() {
    return new DatabaseException(
        SqlState.PROGRAM_LIMIT_EXCEEDED,
        "vector cannot have more than " + ColumnType.MAX_VECTOR_DIMENSIONS + " dimensions");
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
