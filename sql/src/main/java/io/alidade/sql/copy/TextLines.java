package io.alidade.sql.copy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The text form: fields between delimiters, backslash escapes, `\N` for SQL NULL.
final class TextLines implements LineSyntax {

  private static final int OCTAL_DIGITS = 3;
  private static final int HEX_DIGITS = 2;
  private static final int OCTAL = 8;
  private static final int HEX = 16;

  private final CopyOptions options;
  private boolean escaped;

  TextLines(CopyOptions options) {
    this.options = options;
  }

  @Override
  public boolean isInsideField(byte next) {
    escaped = !escaped && next == '\\';
    return escaped;
  }

  @Override
  public void reset() {
    escaped = false;
  }

  @Override
  public List<@Nullable String> fields(String line) {
    List<@Nullable String> fields = new ArrayList<>();
    int start = 0;
    boolean escapes = false;
    for (int i = 0; i <= line.length(); i++) {
      if (i == line.length() || line.charAt(i) == options.delimiter()) {
        fields.add(field(line.substring(start, i), escapes));
        start = i + 1;
        escapes = false;
      } else if (line.charAt(i) == '\\') {
        escapes = true;
        i++; // What is escaped is no delimiter.
        if (i == line.length()) {
          fields.add(field(line.substring(start), true));
        }
      }
    }
    return fields;
  }

  private @Nullable String field(String raw, boolean escapes) {
    if (raw.equals(options.nullText())) {
      return null;
    }
    return escapes ? unescaped(raw) : raw;
  }

  private static String unescaped(String raw) {
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); ) {
      char c = raw.charAt(i++);
      if (c != '\\' || i == raw.length()) {
        out.append(c);
        continue;
      }
      char next = raw.charAt(i);
      if (next >= '0' && next < '0' + OCTAL) {
        i = appendBytes(raw, i, OCTAL, OCTAL_DIGITS, out);
      } else if (next == 'x' && i + 1 < raw.length() && isDigit(raw.charAt(i + 1), HEX)) {
        i = appendBytes(raw, i + 1, HEX, HEX_DIGITS, out);
      } else {
        out.append(simple(next));
        i++;
      }
    }
    return out.toString();
  }

  private static char simple(char escape) {
    return switch (escape) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> '\u000B';
      default -> escape;
    };
  }

  /// Numeric escapes are bytes of UTF-8, so several in a row may be one character.
  private static int appendBytes(
      String raw, int start, int radix, int maxDigits, StringBuilder out) {
    List<Byte> bytes = new ArrayList<>();
    int i = start;
    while (true) {
      int value = 0;
      for (int digits = 0;
          digits < maxDigits && i < raw.length() && isDigit(raw.charAt(i), radix);
          digits++) {
        value = value * radix + Character.digit(raw.charAt(i++), radix);
      }
      bytes.add((byte) value);
      int next = radix == HEX ? i + 2 : i + 1;
      boolean another =
          next < raw.length()
              && raw.charAt(i) == '\\'
              && (radix != HEX || raw.charAt(i + 1) == 'x')
              && isDigit(raw.charAt(next), radix);
      if (!another) {
        break;
      }
      i = next;
    }
    byte[] array = new byte[bytes.size()];
    for (int b = 0; b < array.length; b++) {
      array[b] = bytes.get(b);
    }
    out.append(new String(array, StandardCharsets.UTF_8));
    return i;
  }

  private static boolean isDigit(char c, int radix) {
    return c < 0x80 && Character.digit(c, radix) >= 0;
  }
}
