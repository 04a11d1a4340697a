package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BOOL;
import static io.alidade.model.ColumnType.BYTEA;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Functions that measure, cut and search text. Places count characters, not bytes or UTF-16 units.
final class StringFunctions {
  private StringFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    builder.two("||", TEXT, TEXT, TEXT, (_, l, r) -> (String) l + r);
    builder.two("||", BYTEA, BYTEA, BYTEA, (_, l, r) -> joined((byte[]) l, (byte[]) r));
    builder.one("lower", TEXT, TEXT, (_, v) -> ((String) v).toLowerCase(Locale.ROOT));
    builder.one("upper", TEXT, TEXT, (_, v) -> ((String) v).toUpperCase(Locale.ROOT));
    for (String name : List.of("length", "char_length", "character_length")) {
      builder.one(name, TEXT, INT4, (_, v) -> length((String) v));
    }
    for (String name : List.of("length", "octet_length")) {
      builder.one(name, BYTEA, INT4, (_, v) -> ((byte[]) v).length);
    }
    builder.one(
        "octet_length", TEXT, INT4, (_, v) -> ((String) v).getBytes(StandardCharsets.UTF_8).length);
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

  private static byte[] joined(byte[] left, byte[] right) {
    byte[] both = java.util.Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
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
    if (separator.isEmpty()) {
      return field == 1 || field == -1 ? text : "";
    }
    String[] parts = text.split(java.util.regex.Pattern.quote(separator), -1);
    int index = field > 0 ? field - 1 : parts.length + field;
    return index >= 0 && index < parts.length ? parts[index] : "";
  }

  private static String chr(int code) {
    if (code == 0) {
      throw new DatabaseException(SqlState.PROGRAM_LIMIT_EXCEEDED, "null character not permitted");
    }
    if (code < 0 || !Character.isValidCodePoint(code) || code >= 0xD800 && code <= 0xDFFF) {
      throw new DatabaseException(
          SqlState.PROGRAM_LIMIT_EXCEEDED, "requested character too large for encoding: " + code);
    }
    return Character.toString(code);
  }
}
