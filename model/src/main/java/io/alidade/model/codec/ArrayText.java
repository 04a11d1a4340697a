package io.alidade.model.codec;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The text form of one-dimensional arrays: `{a,"b c",NULL}`.
final class ArrayText {

  private final String text;
  private final ColumnType element;
  private final ZoneId zone;
  private final List<@Nullable Object> values = new ArrayList<>();
  private int at;

  private ArrayText(String text, ColumnType element, ZoneId zone) {
    this.text = text;
    this.element = element;
    this.zone = zone;
  }

  static List<@Nullable Object> parse(String text, ColumnType element, ZoneId zone) {
    return Collections.unmodifiableList(new ArrayText(text, element, zone).parse());
  }

  private List<@Nullable Object> parse() {
    skipSpace();
    if (peek() == '[') {
      throw ValueErrors.unsupported("array literals with bounds are");
    }
    if (peek() != '{') {
      throw malformed("Array value must start with \"{\" or dimension information.");
    }
    at++;
    skipSpace();
    if (peek() == '}') {
      at++;
    } else {
      parseElements();
    }
    skipSpace();
    if (at != text.length()) {
      throw malformed("Junk after closing right brace.");
    }
    return values;
  }

  private void parseElements() {
    while (true) {
      skipSpace();
      switch (peek()) {
        case '{' -> throw ValueErrors.unsupported("multidimensional arrays are");
        case ',', '}' -> throw malformed("Unexpected \"" + peek() + "\" character.");
        case '"' -> values.add(TextCodec.parse(quoted(), element, zone));
        default -> values.add(unquoted());
      }
      skipSpace();
      if (at == text.length()) {
        throw malformed("Unexpected end of input.");
      }
      char next = text.charAt(at++);
      if (next == '}') {
        return;
      }
      if (next != ',') {
        throw malformed("Unexpected array element.");
      }
    }
  }

  private String quoted() {
    StringBuilder out = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      out.append(c == '\\' ? escaped() : c);
    }
    throw malformed("Unexpected end of input.");
  }

  private @Nullable Object unquoted() {
    StringBuilder out = new StringBuilder();
    boolean escapes = false;
    int end = 0; // Without the white space that ends it.
    while (true) {
      if (at == text.length()) {
        throw malformed("Unexpected end of input.");
      }
      char c = text.charAt(at);
      if (c == ',' || c == '}') {
        break;
      }
      if (c == '"' || c == '{') {
        throw malformed("Unexpected array element.");
      }
      at++;
      if (c == '\\') {
        escapes = true;
        out.append(escaped());
        end = out.length();
      } else {
        out.append(c);
        end = NumberText.isSpace(c) ? end : out.length();
      }
    }
    out.setLength(end);
    String item = out.toString();
    return !escapes && item.equalsIgnoreCase("NULL") ? null : TextCodec.parse(item, element, zone);
  }

  private char escaped() {
    if (at == text.length()) {
      throw malformed("Unexpected end of input.");
    }
    return text.charAt(at++);
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void skipSpace() {
    while (at < text.length() && NumberText.isSpace(text.charAt(at))) {
      at++;
    }
  }

  private DatabaseException malformed(String detail) {
    return new DatabaseException(
            SqlState.INVALID_TEXT_REPRESENTATION,
            "malformed array literal: \"" + ValueErrors.quoted(text) + "\"")
        .withDetail(detail);
  }

  static String format(List<@Nullable Object> values, ColumnType element, ZoneId zone) {
    StringBuilder out = new StringBuilder(16 * values.size() + 2).append('{');
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      Object value = values.get(i);
      if (value == null) {
        out.append("NULL");
      } else {
        appendItem(out, TextCodec.format(value, element, zone));
      }
    }
    return out.append('}').toString();
  }

  private static void appendItem(StringBuilder out, String item) {
    if (!needsQuotes(item)) {
      out.append(item);
      return;
    }
    out.append('"');
    for (int i = 0; i < item.length(); i++) {
      char c = item.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }

  private static boolean needsQuotes(String item) {
    if (item.isEmpty() || item.equalsIgnoreCase("NULL")) {
      return true;
    }
    for (int i = 0; i < item.length(); i++) {
      char c = item.charAt(i);
      if (c == '"' || c == '\\' || c == '{' || c == '}' || c == ',' || NumberText.isSpace(c)) {
        return true;
      }
    }
    return false;
  }
}
