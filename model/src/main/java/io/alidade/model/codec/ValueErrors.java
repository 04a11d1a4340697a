package io.alidade.model.codec;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;

/// PostgreSQL's words for values that cannot be read.
final class ValueErrors {

  /// How much of a refused text an error repeats.
  private static final int MAX_QUOTED = 1000;

  private ValueErrors() {}

  static DatabaseException syntax(ColumnType type, String text) {
    return syntax(type.kind().sqlName(), text);
  }

  static DatabaseException syntax(String typeName, String text) {
    return new DatabaseException(
        SqlState.INVALID_TEXT_REPRESENTATION,
        "invalid input syntax for type " + typeName + ": \"" + quoted(text) + "\"");
  }

  static DatabaseException outOfRange(ColumnType type, String text) {
    return new DatabaseException(
        SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
        "value \"" + quoted(text) + "\" is out of range for type " + type.kind().sqlName());
  }

  static DatabaseException binary(String message) {
    return new DatabaseException(SqlState.INVALID_BINARY_REPRESENTATION, message);
  }

  static DatabaseException binaryFormat() {
    return binary("incorrect binary data format");
  }

  static DatabaseException tooShort() {
    return new DatabaseException(SqlState.PROTOCOL_VIOLATION, "insufficient data left in message");
  }

  static DatabaseException unsupported(String what) {
    return new DatabaseException(SqlState.FEATURE_NOT_SUPPORTED, what + " not supported");
  }

  /// A text as an error repeats it: cut when it is very long.
  static String quoted(String text) {
    return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "...";
  }
}
