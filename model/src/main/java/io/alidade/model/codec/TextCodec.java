package io.alidade.model.codec;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.Jsonb;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's text forms: what may be written in a literal, and what a client is shown.
///
/// Values are those that [ColumnType] describes; SQL NULL has no text form outside arrays. Dates
/// and times are read and written in the `ISO, MDY` style.
public final class TextCodec {

  private static final int MAX_NAME_BYTES = 63;
  private static final long MAX_OID = 0xFFFF_FFFFL;
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private TextCodec() {}

  /// Reads a value.
  ///
  /// @param zone the session's time zone, for a `timestamptz` that names none
  /// @throws DatabaseException with PostgreSQL's code and message when the text is no value of the
  ///   type, or breaks its modifier
  public static Object parse(String text, ColumnType type, ZoneId zone) {
    return switch (type.kind()) {
      case BOOL -> parseBool(text);
      case INT2 -> (short) NumberText.parseInteger(text, type, Short.MIN_VALUE, Short.MAX_VALUE);
      case INT4 -> (int) NumberText.parseInteger(text, type, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT8 -> NumberText.parseInteger(text, type, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT4 -> FloatText.parseFloat4(text);
      case FLOAT8 -> FloatText.parseFloat8(text);
      case NUMERIC -> Modifiers.numeric(NumberText.parseNumeric(text), type);
      case TEXT -> text;
      case VARCHAR -> Modifiers.varchar(text, type, Modifiers.Coercion.ASSIGNMENT);
      case NAME -> truncateName(text);
      case CHAR -> parseChar(text);
      case BYTEA -> parseBytea(text);
      case UUID -> parseUuid(text);
      case DATE -> DateTimeText.parseDate(text);
      case TIMESTAMP -> DateTimeText.parseTimestamp(text);
      case TIMESTAMPTZ -> DateTimeText.parseTimestampTz(text, zone);
      case JSONB -> Jsonb.parse(text);
      case OID, REGPROC, REGCLASS, REGTYPE -> parseOid(text, type);
      case VECTOR, HALFVEC -> Modifiers.vector(VectorText.parse(text, type.kind()), type);
      case BIT, VARBIT -> Modifiers.bits(BitText.parse(text), type, Modifiers.Coercion.ASSIGNMENT);
      case ARRAY -> ArrayText.parse(text, type.elementType(), zone);
    };
  }

  /// Writes a value as clients see it.
  ///
  /// @param zone the session's time zone, in which a `timestamptz` is shown
  public static String format(Object value, ColumnType type, ZoneId zone) {
    return switch (type.kind()) {
      case BOOL -> (Boolean) value ? "t" : "f";
      case INT2, INT4, INT8 -> value.toString();
      case FLOAT4 -> FloatText.append(new StringBuilder(16), (Float) value).toString();
      case FLOAT8 -> FloatText.append(new StringBuilder(24), (Double) value).toString();
      case NUMERIC -> ((BigDecimal) value).toPlainString();
      case TEXT, VARCHAR, NAME, CHAR -> (String) value;
      case BYTEA -> formatBytea((byte[]) value);
      case UUID -> value.toString();
      case DATE -> DateTimeText.formatDate((Integer) value);
      case TIMESTAMP -> DateTimeText.formatTimestamp((Long) value);
      case TIMESTAMPTZ -> DateTimeText.formatTimestampTz((Long) value, zone);
      case JSONB -> ((Jsonb) value).text();
      case OID -> value.toString();
      case REGPROC, REGCLASS, REGTYPE -> (Long) value == 0 ? "-" : value.toString();
      case VECTOR, HALFVEC -> VectorText.format((float[]) value);
      case BIT, VARBIT -> value.toString();
      case ARRAY -> ArrayText.format(list(value), type.elementType(), zone);
    };
  }

  @SuppressWarnings("unchecked") // What a value of kind ARRAY is.
  static List<@Nullable Object> list(Object value) {
    return (List<@Nullable Object>) value;
  }

  /// A name cut to what PostgreSQL keeps of identifiers.
  public static String truncateName(String text) {
    if (text.length() * 3 <= MAX_NAME_BYTES) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_NAME_BYTES) {
      return text;
    }
    int end = MAX_NAME_BYTES;
    while ((bytes[end] & 0xC0) == 0x80) { // Not within a character.
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private static Boolean parseBool(String text) {
    String word = NumberText.trim(text).toLowerCase(Locale.ROOT);
    if (!word.isEmpty()) {
      if ("true".startsWith(word)
          || "yes".startsWith(word)
          || word.equals("on")
          || word.equals("1")) {
        return true;
      }
      if ("false".startsWith(word)
          || "no".startsWith(word)
          || word.equals("off")
          || word.equals("of")
          || word.equals("0")) {
        return false;
      }
    }
    throw ValueErrors.syntax(ColumnType.BOOL, text);
  }

  private static String parseChar(String text) {
    if (text.length() == 4 && text.charAt(0) == '\\' && isOctal(text, 1)) {
      int value = Integer.parseInt(text, 1, 4, 8) & 0xFF;
      return value == 0 ? "" : String.valueOf((char) value);
    }
    return text.isEmpty() ? "" : text.substring(0, text.offsetByCodePoints(0, 1));
  }

  private static boolean isOctal(String text, int from) {
    return text.charAt(from) <= '3'
        && Character.digit(text.charAt(from), 8) >= 0
        && Character.digit(text.charAt(from + 1), 8) >= 0
        && Character.digit(text.charAt(from + 2), 8) >= 0;
  }

  private static Long parseOid(String text, ColumnType type) {
    if (type.kind() != ColumnType.Kind.OID && NumberText.trim(text).equals("-")) {
      return 0L;
    }
    long value = NumberText.parseInteger(text, type, Integer.MIN_VALUE, MAX_OID);
    return value & MAX_OID; // As in PostgreSQL, -1 is the largest.
  }

  private static byte[] parseBytea(String text) {
    if (text.startsWith("\\x")) {
      return parseHex(text);
    }
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    ByteSink out = new ByteSink(Math.max(16, in.length));
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '\\') {
        out.putByte(in[i]);
      } else if (i + 1 < in.length && in[i + 1] == '\\') {
        out.putByte('\\');
        i++;
      } else if (i + 3 < in.length
          && in[i + 1] >= '0'
          && in[i + 1] <= '3'
          && Character.digit(in[i + 2], 8) >= 0
          && Character.digit(in[i + 3], 8) >= 0) {
        out.putByte((in[i + 1] - '0') << 6 | (in[i + 2] - '0') << 3 | (in[i + 3] - '0'));
        i += 3;
      } else {
        throw new DatabaseException(
            SqlState.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea");
      }
    }
    return out.toByteArray();
  }

  private static byte[] parseHex(String text) {
    byte[] out = new byte[(text.length() - 2) / 2];
    int size = 0;
    for (int i = 2; i < text.length(); i++) {
      if (NumberText.isSpace(text.charAt(i))) {
        continue;
      }
      int high = hexDigit(text, i);
      if (++i == text.length()) {
        throw new DatabaseException(
            SqlState.INVALID_PARAMETER_VALUE, "invalid hexadecimal data: odd number of digits");
      }
      out[size++] = (byte) (high << 4 | hexDigit(text, i));
    }
    return size == out.length ? out : java.util.Arrays.copyOf(out, size);
  }

  private static int hexDigit(String text, int at) {
    char c = text.charAt(at);
    int digit = c < 0x80 ? Character.digit(c, 16) : -1;
    if (digit < 0) {
      int end = text.offsetByCodePoints(at, 1);
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "invalid hexadecimal digit: \"" + text.substring(at, end) + "\"");
    }
    return digit;
  }

  private static String formatBytea(byte[] value) {
    byte[] out = new byte[2 + 2 * value.length];
    out[0] = '\\';
    out[1] = 'x';
    for (int i = 0; i < value.length; i++) {
      out[2 + 2 * i] = (byte) HEX[value[i] >> 4 & 0xF];
      out[3 + 2 * i] = (byte) HEX[value[i] & 0xF];
    }
    return new String(out, StandardCharsets.ISO_8859_1);
  }

  private static UUID parseUuid(String text) {
    int at = 0;
    int end = text.length();
    boolean braces = text.startsWith("{");
    if (braces) {
      at = 1;
      end--;
      if (end < at || text.charAt(end) != '}') {
        throw ValueErrors.syntax(ColumnType.UUID, text);
      }
    }
    long[] halves = new long[2];
    for (int digit = 0; digit < 32; digit++) {
      // PostgreSQL takes a hyphen after any group of four digits.
      if (digit > 0 && digit % 4 == 0 && at < end && text.charAt(at) == '-') {
        at++;
      }
      char c = at < end ? text.charAt(at++) : ' ';
      int value = c < 0x80 ? Character.digit(c, 16) : -1;
      if (value < 0) {
        throw ValueErrors.syntax(ColumnType.UUID, text);
      }
      halves[digit / 16] = halves[digit / 16] << 4 | value;
    }
    if (at != end) {
      throw ValueErrors.syntax(ColumnType.UUID, text);
    }
    return new UUID(halves[0], halves[1]);
  }
}
