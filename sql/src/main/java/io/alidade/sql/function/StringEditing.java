package io.alidade.sql.function;

import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.INT8;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.function.ScalarOperator.Volatility;
import java.util.List;
import java.util.Set;

/// Functions that change text: trimming, replacing, padding, quoting.
final class StringEditing {
  /// The longest text a function may make, in UTF-16 units: PostgreSQL's limit is 1 GB.
  private static final int MAX_LENGTH = 256 << 20;

  /// The key words that are no name everywhere, which names in SQL text must be told from.
  private static final Set<String> KEY_WORDS =
      Set.of(
          """
          all analyse analyze and any array as asc asymmetric authorization between bigint binary
          bit boolean both case cast char character check coalesce collate collation column
          concurrently constraint create cross current_catalog current_date current_role
          current_schema current_time current_timestamp current_user dec decimal default
          deferrable desc distinct do else end except exists extract false fetch float for foreign
          freeze from full grant greatest group grouping having ilike in initially inner inout int
          integer intersect interval into is isnull join lateral leading least left like limit
          localtime localtimestamp national natural nchar none normalize not notnull null nullif
          numeric offset on only or order out outer overlaps overlay placing position precision
          primary real references returning right row select session_user setof similar smallint
          some substring symmetric table tablesample then time timestamp to trailing treat trim
          true union unique user using values varchar variadic verbose when where window with
          xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi
          xmlroot xmlserialize xmltable
          """
              .strip()
              .split("\\s+"));

  private enum Side {
    LEFT,
    RIGHT
  }

  private StringEditing() {}

  static void register(FunctionRegistry.Builder builder) {
    trimming(builder);
    builder.many(
        signature("replace", TEXT, TEXT, TEXT, TEXT),
        (_, a) -> replace((String) a[0], (String) a[1], (String) a[2]));
    builder.many(
        signature("overlay", TEXT, TEXT, TEXT, INT4),
        (_, a) ->
            overlay(
                (String) a[0],
                (String) a[1],
                (Integer) a[2],
                StringFunctions.length((String) a[1])));
    builder.many(
        signature("overlay", TEXT, TEXT, TEXT, INT4, INT4),
        (_, a) -> overlay((String) a[0], (String) a[1], (Integer) a[2], (Integer) a[3]));
    builder.many(
        signature("translate", TEXT, TEXT, TEXT, TEXT),
        (_, a) -> translate((String) a[0], (String) a[1], (String) a[2]));
    builder.two("repeat", TEXT, INT4, TEXT, (_, v, n) -> repeat((String) v, (Integer) n));
    builder.one(
        "reverse", TEXT, TEXT, (_, v) -> new StringBuilder((String) v).reverse().toString());
    builder.one("initcap", TEXT, TEXT, (_, v) -> initcap((String) v));
    builder.many(
        signature("lpad", TEXT, TEXT, INT4, TEXT),
        (_, a) -> pad((String) a[0], (Integer) a[1], (String) a[2], Side.LEFT));
    builder.two(
        "lpad", TEXT, INT4, TEXT, (_, v, n) -> pad((String) v, (Integer) n, " ", Side.LEFT));
    builder.many(
        signature("rpad", TEXT, TEXT, INT4, TEXT),
        (_, a) -> pad((String) a[0], (Integer) a[1], (String) a[2], Side.RIGHT));
    builder.two(
        "rpad", TEXT, INT4, TEXT, (_, v, n) -> pad((String) v, (Integer) n, " ", Side.RIGHT));
    builder.scalar(
        signature("quote_nullable", TEXT, TEXT),
        Volatility.IMMUTABLE,
        (Implementation.OfRow) (_, a) -> a[0] == null ? "NULL" : literal((String) a[0]));
    builder.one("quote_ident", TEXT, TEXT, (_, v) -> identifier((String) v));
    builder.one("to_hex", INT4, TEXT, (_, v) -> Integer.toHexString((Integer) v));
    builder.one("to_hex", INT8, TEXT, (_, v) -> Long.toHexString((Long) v));
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
    if (from.isEmpty() || !text.contains(from)) {
      return text;
    }
    requireLength((long) text.length() / from.length() * Math.max(to.length() - from.length(), 0));
    return text.replace(from, to);
  }

  private static String overlay(String text, String by, int start, int count) {
    if (start <= 0) {
      throw new DatabaseException(
          SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    if ((long) start + count > Integer.MAX_VALUE) {
      throw NumberConversions.outOfRange("integer");
    }
    int length = StringFunctions.length(text);
    int from = Math.min(start - 1, length);
    int to = Math.clamp((long) start - 1 + count, 0, length);
    return StringFunctions.slice(text, 0, from) + by + StringFunctions.slice(text, to, length);
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

  private static String pad(String text, int length, String fill, Side side) {
    int present = StringFunctions.length(text);
    int wanted = Math.max(length, 0);
    requireLength(wanted);
    if (present >= wanted) {
      return StringFunctions.slice(text, 0, wanted);
    }
    if (fill.isEmpty()) {
      return text;
    }
    int missing = wanted - present;
    int fillLength = StringFunctions.length(fill);
    String padding = fill.repeat(missing / fillLength + 1);
    String cut = StringFunctions.slice(padding, 0, missing);
    return side == Side.LEFT ? cut + text : text + cut;
  }

  private static String initcap(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int character : text.codePoints().toArray()) {
      out.appendCodePoint(
          inWord ? Character.toLowerCase(character) : Character.toUpperCase(character));
      inWord = Character.isLetterOrDigit(character);
    }
    return out.toString();
  }

  /// A name as SQL text, in quotes where it must be.
  static String identifier(String name) {
    boolean plain =
        !name.isEmpty()
            && !KEY_WORDS.contains(name)
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
