package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BYTEA;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Functions that change text: trimming, replacing, padding, quoting.
final class StringEditing {
  /// The longest text a function may make, in UTF-16 units: PostgreSQL's limit is 1 GB.
  private static final int MAX_LENGTH = 256 << 20;

  private static final Set<String> RESERVED =
      Set.of(
          "all",
          "and",
          "any",
          "array",
          "as",
          "asc",
          "between",
          "case",
          "cast",
          "check",
          "collate",
          "column",
          "constraint",
          "create",
          "default",
          "desc",
          "distinct",
          "do",
          "else",
          "end",
          "except",
          "false",
          "fetch",
          "for",
          "foreign",
          "from",
          "grant",
          "group",
          "having",
          "in",
          "into",
          "is",
          "join",
          "left",
          "like",
          "limit",
          "not",
          "null",
          "offset",
          "on",
          "only",
          "or",
          "order",
          "primary",
          "references",
          "right",
          "select",
          "some",
          "table",
          "then",
          "to",
          "true",
          "union",
          "unique",
          "user",
          "using",
          "values",
          "when",
          "where",
          "window",
          "with");

  private StringEditing() {}

  static void register(FunctionRegistry.Builder builder) {
    trimming(builder);
    builder.many(
        signature("replace", TEXT, TEXT, TEXT, TEXT),
        (_, a) -> replace((String) a[0], (String) a[1], (String) a[2]));
    builder.many(
        signature("translate", TEXT, TEXT, TEXT, TEXT),
        (_, a) -> translate((String) a[0], (String) a[1], (String) a[2]));
    builder.two("repeat", TEXT, INT4, TEXT, (_, v, n) -> repeat((String) v, (Integer) n));
    builder.one(
        "reverse", TEXT, TEXT, (_, v) -> new StringBuilder((String) v).reverse().toString());
    builder.one("initcap", TEXT, TEXT, (_, v) -> initcap((String) v));
    builder.many(
        signature("lpad", TEXT, TEXT, INT4, TEXT),
        (_, a) -> pad((String) a[0], (Integer) a[1], (String) a[2], true));
    builder.two("lpad", TEXT, INT4, TEXT, (_, v, n) -> pad((String) v, (Integer) n, " ", true));
    builder.many(
        signature("rpad", TEXT, TEXT, INT4, TEXT),
        (_, a) -> pad((String) a[0], (Integer) a[1], (String) a[2], false));
    builder.two("rpad", TEXT, INT4, TEXT, (_, v, n) -> pad((String) v, (Integer) n, " ", false));
    builder.one("md5", TEXT, TEXT, (_, v) -> md5(((String) v).getBytes(StandardCharsets.UTF_8)));
    builder.one("md5", BYTEA, TEXT, (_, v) -> md5((byte[]) v));
    builder.one("quote_ident", TEXT, TEXT, (_, v) -> identifier((String) v));
    builder.one("to_hex", INT4, TEXT, (_, v) -> Integer.toHexString((Integer) v));
    builder.one(
        "to_hex", io.alidade.model.ColumnType.INT8, TEXT, (_, v) -> Long.toHexString((Long) v));
  }

  private static void trimming(FunctionRegistry.Builder builder) {
    for (String name : List.of("btrim", "ltrim", "rtrim")) {
      boolean start = !name.equals("rtrim");
      boolean end = !name.equals("ltrim");
      builder.one(name, TEXT, TEXT, (_, v) -> trim((String) v, " ", start, end));
      builder.two(
          name, TEXT, TEXT, TEXT, (_, v, set) -> trim((String) v, (String) set, start, end));
    }
  }

  private static String trim(String text, String set, boolean start, boolean end) {
    int from = 0;
    int to = text.length();
    while (start && from < to && contains(set, text.codePointAt(from))) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (end && to > from && contains(set, text.codePointBefore(to))) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static boolean contains(String set, int character) {
    return set.indexOf(character) >= 0;
  }

  private static String replace(String text, String from, String to) {
    return from.isEmpty() ? text : text.replace(from, to);
  }

  private static String translate(String text, String from, String to) {
    int[] source = from.codePoints().toArray();
    int[] target = to.codePoints().toArray();
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(character -> {
          int at = 0;
          while (at < source.length && source[at] != character) {
            at++;
          }
          if (at == source.length) {
            out.appendCodePoint(character);
          } else if (at < target.length) {
            out.appendCodePoint(target[at]);
          }
        });
    return out.toString();
  }

  private static String repeat(String text, int count) {
    if (count <= 0 || text.isEmpty()) {
      return "";
    }
    requireLength((long) text.length() * count);
    return text.repeat(count);
  }

  private static void requireLength(long length) {
    if (length > MAX_LENGTH) {
      throw new DatabaseException(SqlState.PROGRAM_LIMIT_EXCEEDED, "requested length too large");
    }
  }

  private static String pad(String text, int length, String fill, boolean left) {
    int present = StringFunctions.length(text);
    int wanted = Math.max(length, 0);
    if (present >= wanted) {
      return StringFunctions.slice(text, 0, wanted);
    }
    if (fill.isEmpty()) {
      return text;
    }
    requireLength(wanted);
    int missing = wanted - present;
    int fillLength = StringFunctions.length(fill);
    String padding = fill.repeat(missing / fillLength + 1);
    String cut = StringFunctions.slice(padding, 0, missing);
    return left ? cut + text : text + cut;
  }

  private static String initcap(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int character : text.codePoints().toArray()) {
      String letter = Character.toString(character);
      out.append(inWord ? letter.toLowerCase(Locale.ROOT) : letter.toUpperCase(Locale.ROOT));
      inWord = Character.isLetterOrDigit(character);
    }
    return out.toString();
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  /// A name as SQL text, in quotes where it must be.
  static String identifier(String name) {
    boolean plain =
        !name.isEmpty()
            && !RESERVED.contains(name)
            && !Character.isDigit(name.charAt(0))
            && name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_');
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  /// A text as an SQL constant.
  static String literal(String text) {
    String doubled = text.replace("'", "''");
    return text.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : "E'" + doubled.replace("\\", "\\\\") + "'";
  }
}
