package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BOOL;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Functions that measure, cut and search text. Places count characters, not bytes or UTF-16 units.
final class StringFunctions {
  private StringFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    builder.two("||", TEXT, TEXT, TEXT, (_, l, r) -> (String) l + r);
    builder.one("lower", TEXT, TEXT, (_, v) -> lower((String) v));
    builder.one("upper", TEXT, TEXT, (_, v) -> upper((String) v));
    for (String name : List.of("length", "char_length", "character_length")) {
      builder.one(name, TEXT, INT4, (_, v) -> length((String) v));
    }
    builder.one("octet_length", TEXT, INT4, (_, v) -> bytes((String) v));
    builder.one("bit_length", TEXT, INT4, (_, v) -> bytes((String) v) * Byte.SIZE);
    for (String name : List.of("substr", "substring")) {
      builder.two(name, TEXT, INT4, TEXT, (_, v, from) -> tail((String) v, (Integer) from));
      builder.many(
          signature(name, TEXT, TEXT, INT4, INT4),
          (_, a) -> substring((String) a[0], (Integer) a[1], (Integer) a[2]));
    }
    for (String name : List.of("position", "strpos")) {
      builder.two(name, TEXT, TEXT, INT4, (_, v, part) -> position((String) v, (String) part));
    }
    builder.two("left", TEXT, INT4, TEXT, (_, v, n) -> left((String) v, (Integer) n));
    builder.two("right", TEXT, INT4, TEXT, (_, v, n) -> right((String) v, (Integer) n));
    builder.two(
        "starts_with", TEXT, TEXT, BOOL, (_, v, start) -> ((String) v).startsWith((String) start));
    builder.two("^@", TEXT, TEXT, BOOL, (_, v, start) -> ((String) v).startsWith((String) start));
    builder.many(
        signature("split_part", TEXT, TEXT, TEXT, INT4),
        (_, a) -> splitPart((String) a[0], (String) a[1], (Integer) a[2]));
    builder.one(
        "ascii", TEXT, INT4, (_, v) -> ((String) v).isEmpty() ? 0 : ((String) v).codePointAt(0));
    builder.one("chr", INT4, TEXT, (_, v) -> chr((Integer) v));
  }

  /// In lower case, character by character as PostgreSQL does it.
  static String lower(String text) {
    return mapped(text, Character::toLowerCase);
  }

  /// In upper case, character by character as PostgreSQL does it.
  static String upper(String text) {
    return mapped(text, Character::toUpperCase);
  }

  private static String mapped(String text, IntUnaryOperator mapping) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      out.appendCodePoint(mapping.applyAsInt(character));
      i += Character.charCount(character);
    }
    return out.toString();
  }

  private static int bytes(String text) {
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Each half of a surrogate pair counts for two of its four bytes.
      count += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return count;
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /// The characters from one place to before another, both 0-based and within the text.
  static String slice(String text, int from, int to) {
    int start = text.offsetByCodePoints(0, from);
    return text.substring(start, text.offsetByCodePoints(start, to - from));
  }

  private static String tail(String text, int from) {
    int length = length(text);
    int start = Math.max(from, 1) - 1;
    return start >= length ? "" : slice(text, start, length);
  }

  private static String substring(String text, int from, int count) {
    if (count < 0) {
      throw new DatabaseException(
          SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    long end = Math.min((long) from + count - 1, length(text));
    int start = Math.max(from, 1) - 1;
    return start >= end ? "" : slice(text, start, (int) end);
  }

  private static int position(String text, String part) {
    int at = text.indexOf(part);
    return at < 0 ? 0 : text.codePointCount(0, at) + 1;
  }

  private static String left(String text, int count) {
    int length = length(text);
    int end = count >= 0 ? Math.min(count, length) : Math.max(length + count, 0);
    return slice(text, 0, end);
  }

  private static String right(String text, int count) {
    int length = length(text);
    int start = count >= 0 ? Math.max(length - count, 0) : (int) Math.min(-(long) count, length);
    return slice(text, start, length);
  }

  private static String splitPart(String text, String separator, int field) {
    if (field == 0) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE, "field position must not be zero");
    }
    if (text.isEmpty()) {
      return "";
    }
    if (separator.isEmpty()) {
      return field == 1 || field == -1 ? text : "";
    }
    return field > 0
        ? partFromStart(text, separator, field)
        : partFromEnd(text, separator, -(long) field);
  }

  private static String partFromStart(String text, String separator, int field) {
    int from = 0;
    for (int i = 1; i < field; i++) {
      int at = text.indexOf(separator, from);
      if (at < 0) {
        return "";
      }
      from = at + separator.length();
    }
    int end = text.indexOf(separator, from);
    return text.substring(from, end < 0 ? text.length() : end);
  }

  private static String partFromEnd(String text, String separator, long field) {
    // Separators are found from the left, for which "a" in "aaa" makes a difference of none but
    // "aa" in "aaa" does.
    int parts = 1;
    for (int at = text.indexOf(separator);
        at >= 0;
        at = text.indexOf(separator, at + separator.length())) {
      parts++;
    }
    return field > parts ? "" : partFromStart(text, separator, (int) (parts - field + 1));
  }

  private static String chr(int code) {
    if (code == 0) {
      throw new DatabaseException(SqlState.PROGRAM_LIMIT_EXCEEDED, "null character not permitted");
    }
    if (code < 0) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE, "character number must be positive");
    }
    if (!Character.isValidCodePoint(code)) {
      throw new DatabaseException(
          SqlState.PROGRAM_LIMIT_EXCEEDED, "requested character too large for encoding: " + code);
    }
    if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
      throw new DatabaseException(
          SqlState.PROGRAM_LIMIT_EXCEEDED, "requested character not valid for encoding: " + code);
    }
    return Character.toString(code);
  }
}
