package io.alidade.sql.parse;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// The quoted tokens of a script: strings of every kind and quoted identifiers.
///
/// A string goes on in the next one when only white space with a line break stands between.
final class StringConstants {

  private final String script;

  StringConstants(String script) {
    this.script = script;
  }

  /// What stands before the opening quote.
  enum Quoting {
    PLAIN,
    /// `E'...'`.
    ESCAPES,
    /// `U&'...'`.
    UNICODE
  }

  /// A token's value and where it ends.
  record Scanned(String value, int end) {}

  Scanned scan(int start, int quote, Quoting quoting) {
    return switch (quoting) {
      case PLAIN -> scanPlain(start, quote, "unterminated quoted string");
      case ESCAPES -> scanEscapes(start, quote);
      case UNICODE -> {
        Scanned raw = scanPlain(start, quote, "unterminated quoted string");
        yield new UnicodeEscapes(script).resolve(raw, quote + 1);
      }
    };
  }

  Scanned scanIdentifier(int start, int quote, Quoting quoting) {
    int index = quote + 1;
    int close = script.indexOf('"', index);
    StringBuilder value = null;
    while (close >= 0 && close + 1 < script.length() && script.charAt(close + 1) == '"') {
      value = value == null ? new StringBuilder() : value;
      value.append(script, index, close + 1);
      index = close + 2;
      close = script.indexOf('"', index);
    }
    if (close < 0) {
      throw Lexer.errorNear("unterminated quoted identifier", script, start, script.length());
    }
    String tail = script.substring(index, close);
    String name = value == null ? tail : value.append(tail).toString();
    if (name.isEmpty()) {
      throw Lexer.errorNear("zero-length delimited identifier", script, start, close + 1);
    }
    Scanned raw = new Scanned(name, close + 1);
    return quoting == Quoting.UNICODE ? new UnicodeEscapes(script).resolve(raw, quote + 1) : raw;
  }

  /// `B'...'` and `X'...'`, as binary digits.
  Scanned scanBits(int start, int quote, int bitsPerDigit) {
    String unterminated =
        bitsPerDigit == 1
            ? "unterminated bit string literal"
            : "unterminated hexadecimal string literal";
    Scanned raw = scanPlain(start, quote, unterminated);
    StringBuilder bits = new StringBuilder(raw.value().length() * bitsPerDigit);
    for (int i = 0; i < raw.value().length(); i++) {
      char c = raw.value().charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 1 << bitsPerDigit) : -1;
      if (digit < 0) {
        String radix = bitsPerDigit == 1 ? "binary" : "hexadecimal";
        throw new DatabaseException(
                SqlState.INVALID_TEXT_REPRESENTATION,
                "\""
                    + Character.toString(raw.value().codePointAt(i))
                    + "\" is not a valid "
                    + radix
                    + " digit")
            .at(start);
      }
      for (int bit = bitsPerDigit - 1; bit >= 0; bit--) {
        bits.append((digit >> bit & 1) == 0 ? '0' : '1');
      }
    }
    return new Scanned(bits.toString(), raw.end());
  }

  private Scanned scanPlain(int start, int quote, String unterminated) {
    int index = quote + 1;
    StringBuilder value = null;
    while (true) {
      int close = script.indexOf('\'', index);
      if (close < 0) {
        throw Lexer.errorNear(unterminated, script, start, script.length());
      }
      int continued;
      boolean doubled = close + 1 < script.length() && script.charAt(close + 1) == '\'';
      if (doubled) {
        continued = close + 2;
      } else {
        continued = continuation(close + 1);
        if (continued < 0) {
          String tail = script.substring(index, close);
          return new Scanned(value == null ? tail : value.append(tail).toString(), close + 1);
        }
      }
      value = value == null ? new StringBuilder() : value;
      value.append(script, index, doubled ? close + 1 : close);
      index = continued;
    }
  }

  /// After the quote that opens the next part of a string that ended before `from`, or -1.
  private int continuation(int from) {
    int index = from;
    boolean lineBreak = false;
    while (index < script.length()) {
      char c = script.charAt(index);
      if (c == '\n' || c == '\r') {
        lineBreak = true;
        index++;
      } else if (c == ' ' || c == '\t' || c == '\f') {
        index++;
      } else if (lineBreak && script.startsWith("--", index)) {
        index = Lexer.endOfLine(script, index);
      } else {
        return lineBreak && c == '\'' ? index + 1 : -1;
      }
    }
    return -1;
  }

  private Scanned scanEscapes(int start, int quote) {
    EscapedText text = new EscapedText();
    int index = quote + 1;
    while (true) {
      if (index >= script.length()) {
        throw Lexer.errorNear("unterminated quoted string", script, start, script.length());
      }
      char c = script.charAt(index);
      if (c == '\\') {
        index = escape(start, index, text);
      } else if (c != '\'') {
        text.append(c, index, script);
        index++;
      } else if (index + 1 < script.length() && script.charAt(index + 1) == '\'') {
        text.append('\'', index, script);
        index += 2;
      } else {
        int continued = continuation(index + 1);
        if (continued < 0) {
          return new Scanned(text.finish(index, script), index + 1);
        }
        index = continued;
      }
    }
  }

  /// Reads the escape at `index`, and returns where it ends.
  private int escape(int start, int index, EscapedText text) {
    if (index + 1 >= script.length()) {
      throw Lexer.errorNear("unterminated quoted string", script, start, script.length());
    }
    char kind = script.charAt(index + 1);
    if (kind >= '0' && kind <= '7') {
      int end = digitsEnd(index + 1, 8, 3);
      text.appendByte(Integer.parseInt(script.substring(index + 1, end), 8) & 0xFF);
      return end;
    }
    if (kind == 'x') {
      int end = digitsEnd(index + 2, 16, 2);
      if (end > index + 2) {
        text.appendByte(HexFormat.fromHexDigits(script, index + 2, end));
        return end;
      }
    }
    if (kind == 'u' || kind == 'U') {
      int length = kind == 'u' ? 4 : 8;
      int end = digitsEnd(index + 2, 16, length);
      if (end < index + 2 + length) {
        throw new DatabaseException(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid Unicode escape")
            .withHint("Unicode escapes must be \\uXXXX or \\UXXXXXXXX.")
            .at(index);
      }
      text.appendCodePoint(
          (int) HexFormat.fromHexDigitsToLong(script, index + 2, end), index, end, script);
      return end;
    }
    char plain =
        switch (kind) {
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'v' -> '\u000B';
          default -> kind;
        };
    text.append(plain, index, script);
    return index + 2;
  }

  private int digitsEnd(int from, int radix, int limit) {
    int end = from;
    while (end < script.length()
        && end < from + limit
        && script.charAt(end) < 0x80
        && Character.digit(script.charAt(end), radix) >= 0) {
      end++;
    }
    return end;
  }

  /// The text of an `E''` string: characters, and bytes that must make up characters.
  private static final class EscapedText {
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private char pendingHigh;

    void append(char c, int index, String script) {
      requireNoHigh(index, index + 1, script);
      decodeBytes();
      text.append(c);
    }

    void appendByte(int value) {
      if (value == 0) {
        throw badBytes(new byte[] {0});
      }
      bytes.write(value);
    }

    void appendCodePoint(int codePoint, int index, int end, String script) {
      decodeBytes();
      if (pendingHigh != 0) {
        if (codePoint < 0xDC00 || codePoint > 0xDFFF) {
          throw badPair(index, end, script);
        }
        text.append(pendingHigh).append((char) codePoint);
        pendingHigh = 0;
      } else if (codePoint >= 0xD800 && codePoint <= 0xDBFF) {
        pendingHigh = (char) codePoint;
      } else if (codePoint >= 0xDC00 && codePoint <= 0xDFFF) {
        throw badPair(index, end, script);
      } else if (codePoint <= 0 || codePoint > Character.MAX_CODE_POINT) {
        throw Lexer.errorNear("invalid Unicode escape value", script, index, end);
      } else {
        text.appendCodePoint(codePoint);
      }
    }

    String finish(int quote, String script) {
      requireNoHigh(quote, quote + 1, script);
      decodeBytes();
      return text.toString();
    }

    private void requireNoHigh(int index, int end, String script) {
      if (pendingHigh != 0) {
        throw badPair(index, end, script);
      }
    }

    private static DatabaseException badPair(int index, int end, String script) {
      return Lexer.errorNear("invalid Unicode surrogate pair", script, index, end);
    }

    private void decodeBytes() {
      if (bytes.size() == 0) {
        return;
      }
      byte[] encoded = bytes.toByteArray();
      bytes.reset();
      try {
        text.append(
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(encoded)));
      } catch (CharacterCodingException _) {
        throw badBytes(encoded);
      }
    }

    private static DatabaseException badBytes(byte[] encoded) {
      StringBuilder message = new StringBuilder("invalid byte sequence for encoding \"UTF8\":");
      for (int i = 0; i < Math.min(encoded.length, 4); i++) {
        message.append(" 0x").append(HexFormat.of().toHexDigits(encoded[i]));
      }
      return new DatabaseException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, message.toString());
    }
  }
}
