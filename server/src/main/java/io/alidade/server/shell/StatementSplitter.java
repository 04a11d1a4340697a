package io.alidade.server.shell;

import java.util.Optional;

/// Finds where a statement ends in lines as they are typed: at a semicolon outside quotes, comments
/// and parentheses.
final class StatementSplitter {
  /// A statement longer than this is refused, so that a wrong pipe cannot fill the memory.
  static final int MAX_LENGTH = 64 << 20;

  private final StringBuilder text = new StringBuilder();

  void add(String line) {
    if (text.length() + line.length() > MAX_LENGTH) {
      throw new IllegalStateException("a statement is longer than " + MAX_LENGTH + " characters");
    }
    text.append(line).append('\n');
  }

  /// Nothing has been typed since the last statement.
  boolean isEmpty() {
    return text.toString().isBlank();
  }

  /// The next whole statement, its semicolon included.
  Optional<String> next() {
    int end = end();
    if (end < 0) {
      return Optional.empty();
    }
    String statement = text.substring(0, end).strip();
    text.delete(0, end);
    return Optional.of(statement);
  }

  /// What is left when no more comes.
  String rest() {
    String rest = text.toString().strip();
    text.setLength(0);
    return rest;
  }

  private int end() {
    int depth = 0;
    for (int i = 0; i < text.length(); ) {
      char c = text.charAt(i);
      if (c == ';' && depth <= 0) {
        return i + 1;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      int next = afterToken(i);
      if (next < 0) {
        return -1;
      }
      i = next;
    }
    return -1;
  }

  /// The place after the quoted text, comment or single character at `i`; -1 if it does not end.
  private int afterToken(int i) {
    char c = text.charAt(i);
    if (c == '\'') {
      boolean escapes = i > 0 && (text.charAt(i - 1) | 0x20) == 'e' && !isWord(i - 2);
      return escapes ? afterEscapedString(i + 1) : after("'", i + 1);
    }
    if (c == '"') {
      return after("\"", i + 1);
    }
    if (text.indexOf("--", i) == i) {
      return after("\n", i + 2);
    }
    if (text.indexOf("/*", i) == i) {
      return afterComment(i + 2);
    }
    if (c == '$' && !isWord(i - 1)) {
      return afterDollar(i);
    }
    return i + 1;
  }

  private int after(String end, int from) {
    int at = text.indexOf(end, from);
    return at < 0 ? -1 : at + end.length();
  }

  private int afterEscapedString(int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '\'') {
        return i + 1;
      }
    }
    return -1;
  }

  private int afterComment(int from) {
    int depth = 1;
    for (int i = from; i + 1 < text.length(); i++) {
      char c = text.charAt(i);
      char d = text.charAt(i + 1);
      if (c == '/' && d == '*') {
        depth++;
        i++;
      } else if (c == '*' && d == '/') {
        depth--;
        i++;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return -1;
  }

  /// After `$tag$...$tag$`, or after the `$` of a parameter.
  private int afterDollar(int at) {
    int close = at + 1;
    while (close < text.length() && isWord(close) && text.charAt(close) != '$') {
      close++;
    }
    boolean tag =
        close < text.length()
            && text.charAt(close) == '$'
            && (close == at + 1 || !Character.isDigit(text.charAt(at + 1)));
    return tag ? after(text.substring(at, close + 1), close + 1) : at + 1;
  }

  private boolean isWord(int at) {
    return at >= 0
        && (Character.isLetterOrDigit(text.charAt(at))
            || text.charAt(at) == '_'
            || text.charAt(at) == '$');
  }
}
