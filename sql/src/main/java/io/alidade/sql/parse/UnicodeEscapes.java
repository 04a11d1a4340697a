package io.alidade.sql.parse;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;

/// The escapes of `U&'...'` and `U&"..."`, with the UESCAPE clause that may follow.
final class UnicodeEscapes {

  private final String script;

  UnicodeEscapes(String script) {
    this.script = script;
  }

  /// The token with its escapes resolved; it ends after the UESCAPE clause, if there is one.
  ///
  /// @param bodyStart where the quoted text starts, for positions
  StringConstants.Scanned resolve(StringConstants.Scanned raw, int bodyStart) {
    int clause = skipSpace(raw.end());
    if (!script.regionMatches(true, clause, "uescape", 0, 7)
        || (clause + 7 < script.length() && Lexer.isIdentifierPart(script.charAt(clause + 7)))) {
      return new StringConstants.Scanned(unescape(raw.value(), '\\', bodyStart), raw.end());
    }
    int quote = skipSpace(clause + 7);
    if (quote >= script.length() || script.charAt(quote) != '\'') {
      int end = quote;
      while (end < script.length() && Lexer.isIdentifierPart(script.charAt(end))) {
        end++;
      }
      throw Lexer.errorNear(
          "UESCAPE must be followed by a simple string literal",
          script,
          quote,
          Math.max(end, Math.min(quote + 1, script.length())));
    }
    int close = script.indexOf('\'', quote + 1);
    if (close < 0) {
      throw Lexer.errorNear("unterminated quoted string", script, quote, script.length());
    }
    if (close != quote + 2 || !isEscapeCharacter(script.charAt(quote + 1))) {
      throw Lexer.errorNear("invalid Unicode escape character", script, quote, close + 1);
    }
    char escape = script.charAt(quote + 1);
    return new StringConstants.Scanned(unescape(raw.value(), escape, bodyStart), close + 1);
  }

  private static boolean isEscapeCharacter(char c) {
    return c < 0x80
        && Character.digit(c, 16) < 0
        && c != '+'
        && c != '\''
        && c != '"'
        && !Character.isWhitespace(c);
  }

  private int skipSpace(int from) {
    int index = from;
    while (index < script.length() && " \t\n\r\f".indexOf(script.charAt(index)) >= 0) {
      index++;
    }
    return index;
  }

  private static String unescape(String raw, char escape, int bodyStart) {
    if (raw.indexOf(escape) < 0) {
      return raw;
    }
    StringBuilder text = new StringBuilder(raw.length());
    char high = 0;
    int index = 0;
    while (index < raw.length()) {
      char c = raw.charAt(index);
      int codePoint = c;
      int next = index + 1;
      boolean escaped = c == escape;
      if (escaped && raw.startsWith(String.valueOf(escape), index + 1)) {
        next = index + 2;
        escaped = false;
      } else if (escaped) {
        boolean six = raw.startsWith("+", index + 1);
        int digits = index + (six ? 2 : 1);
        next = digits + (six ? 6 : 4);
        codePoint = hex(raw, digits, next, bodyStart + index);
      }
      boolean low = escaped && codePoint >= 0xDC00 && codePoint <= 0xDFFF;
      if (low != (high != 0)) {
        throw error("invalid Unicode surrogate pair", bodyStart + index);
      }
      if (escaped && codePoint >= 0xD800 && codePoint <= 0xDBFF) {
        high = (char) codePoint;
      } else if (low) {
        text.append(high).append((char) codePoint);
        high = 0;
      } else if (escaped && (codePoint == 0 || codePoint > Character.MAX_CODE_POINT)) {
        throw error("invalid Unicode escape value", bodyStart + index);
      } else {
        text.appendCodePoint(codePoint);
      }
      index = next;
    }
    if (high != 0) {
      throw error("invalid Unicode surrogate pair", bodyStart + raw.length());
    }
    return text.toString();
  }

  private static int hex(String raw, int from, int to, int position) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit =
          i < raw.length() && raw.charAt(i) < 0x80 ? Character.digit(raw.charAt(i), 16) : -1;
      if (digit < 0) {
        throw error("invalid Unicode escape", position)
            .withHint("Unicode escapes must be \\XXXX or \\+XXXXXX.");
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static DatabaseException error(String message, int position) {
    return new DatabaseException(SqlState.SYNTAX_ERROR, message).at(position);
  }
}
