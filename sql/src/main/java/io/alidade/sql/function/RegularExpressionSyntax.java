package io.alidade.sql.function;

import java.util.regex.Pattern;

/// Writes a regular expression of PostgreSQL's advanced syntax as one of Java's, which
/// `java.util.regex.Pattern` reads with `DOTALL` and `UNICODE_CHARACTER_CLASS`.
final class RegularExpressionSyntax {
  private static final int MAX_REPETITIONS = 255;
  private static final String WORD_START = "(?<!\\w)(?=\\w)";
  private static final String WORD_END = "(?<=\\w)(?!\\w)";

  private final StringBuilder out = new StringBuilder();
  private RegularExpressionOptions options;
  private String in;
  private int at;
  private int groups;
  private int depth;

  /// Whether what was written last may be repeated.
  private boolean repeatable;

  RegularExpressionSyntax(String pattern, RegularExpressionOptions options) {
    this.in = pattern;
    this.options = options;
  }

  /// Whether the pattern is to be matched without regard to case; known after [#translate].
  boolean ignoresCase() {
    return options.ignoreCase();
  }

  String translate() {
    director();
    if (options.literal()) {
      return Pattern.quote(in.substring(at));
    }
    while (at < in.length()) {
      int character = in.codePointAt(at);
      at += Character.charCount(character);
      one(character);
    }
    if (depth > 0) {
      throw unbalanced();
    }
    return out.toString();
  }

  /// `***=`, `***:` and `(?letters)` at the start.
  private void director() {
    if (in.startsWith("***=")) {
      options = options.embedded("q");
      at = 4;
      return;
    }
    at = in.startsWith("***:") ? 4 : 0;
    int letters = at + 2;
    if (in.startsWith("(?", at) && letters < in.length() && isLetter(in.charAt(letters))) {
      int end = in.indexOf(')', letters);
      if (end < 0) {
        throw unbalanced();
      }
      options = options.embedded(in.substring(letters, end));
      at = end + 1;
    }
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private void one(int character) {
    switch (character) {
      case '(' -> open();
      case ')' -> close();
      case '|' -> constraint("|");
      case '^' -> constraint(options.lineAnchors() ? "(?<![^\\n])" : "\\A");
      case '$' -> constraint(options.lineAnchors() ? "(?![^\\n])" : "\\z");
      case '.' -> atom(options.lineDots() ? "[^\\n]" : ".");
      case '*', '+', '?' -> repeat(Character.toString(character));
      case '{' -> bound();
      case '[' -> bracket();
      case '\\' -> escape();
      default -> {
        if (!options.expanded() || !skipped(character)) {
          atom(quoted(character));
        }
      }
    }
  }

  private void atom(String text) {
    out.append(text);
    repeatable = true;
  }

  private void constraint(String text) {
    out.append(text);
    repeatable = false;
  }

  private boolean skipped(int character) {
    if (character == '#') {
      int end = in.indexOf('\n', at);
      at = end < 0 ? in.length() : end;
      return true;
    }
    return Character.isWhitespace(character);
  }

  private void open() {
    depth++;
    repeatable = false;
    if (!in.startsWith("?", at)) {
      groups++;
      out.append('(');
      return;
    }
    if (in.startsWith("?#", at)) {
      int end = in.indexOf(')', at);
      if (end < 0) {
        throw unbalanced();
      }
      depth--;
      at = end + 1;
      return;
    }
    for (String kind : new String[] {"?:", "?=", "?!", "?<=", "?<!"}) {
      if (in.startsWith(kind, at)) {
        at += kind.length();
        out.append('(').append(kind);
        return;
      }
    }
    throw RegularExpression.invalid("quantifier operand invalid");
  }

  private void close() {
    if (--depth < 0) {
      throw unbalanced();
    }
    atom(")");
  }

  private void repeat(String quantifier) {
    if (!repeatable) {
      throw RegularExpression.invalid("quantifier operand invalid");
    }
    out.append(quantifier);
    if (in.startsWith("?", at)) {
      at++;
      out.append('?');
    }
    repeatable = false;
  }

  /// `{m}`, `{m,}` or `{m,n}`; a brace before anything but a digit stands for itself.
  private void bound() {
    if (at == in.length() || !isDigit(in.charAt(at))) {
      atom("\\{");
      return;
    }
    int least = number();
    int most = least;
    boolean open = false;
    if (in.startsWith(",", at)) {
      at++;
      open = at == in.length() || !isDigit(in.charAt(at));
      most = open ? MAX_REPETITIONS : number();
    }
    if (!in.startsWith("}", at)) {
      throw RegularExpression.invalid(
          at == in.length() ? "braces {} not balanced" : "invalid repetition count(s)");
    }
    at++;
    if (least > most || most > MAX_REPETITIONS) {
      throw RegularExpression.invalid("invalid repetition count(s)");
    }
    repeat("{" + least + (open ? "," : "," + most) + "}");
  }

  private int number() {
    int value = 0;
    while (at < in.length() && isDigit(in.charAt(at))) {
      value = Math.min(value * 10 + in.charAt(at++) - '0', MAX_REPETITIONS + 1);
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void escape() {
    if (at == in.length()) {
      throw invalidEscape();
    }
    char c = in.charAt(at);
    switch (c) {
      case 'm' -> anchor(WORD_START);
      case 'M' -> anchor(WORD_END);
      case 'y' -> anchor("\\b");
      case 'Y' -> anchor("\\B");
      case 'A' -> anchor("\\A");
      case 'Z' -> anchor("\\z");
      case 'd' -> classEscape("[0-9]");
      case 'D' -> classEscape("[^0-9]");
      case 's', 'S', 'w', 'W' -> classEscape("\\" + c);
      default -> {
        if (c >= '1' && c <= '9') {
          reference();
        } else {
          atom(quoted(escapedCharacter()));
        }
      }
    }
  }

  private void anchor(String text) {
    at++;
    constraint(text);
  }

  private void classEscape(String text) {
    at++;
    atom(text);
  }

  private void reference() {
    int start = at;
    int number = number();
    if (number > groups && at == start + 1 || number > MAX_REPETITIONS) {
      throw RegularExpression.invalid("invalid backreference number");
    }
    if (number > groups) {
      at = start;
      atom(quoted(octal()));
      return;
    }
    atom("(?:\\" + number + ")");
  }

  private int octal() {
    int value = 0;
    int end = Math.min(at + 3, in.length());
    while (at < end && in.charAt(at) >= '0' && in.charAt(at) <= '7') {
      value = value * 8 + in.charAt(at++) - '0';
    }
    return value;
  }

  /// The character after a `\` that stands for one, in brackets or not.
  private int escapedCharacter() {
    if (at == in.length()) {
      throw invalidEscape();
    }
    int c = in.codePointAt(at);
    at += Character.charCount(c);
    return switch (c) {
      case 'a' -> 0x07;
      case 'b' -> '\b';
      case 'B' -> '\\';
      case 'e' -> 0x1B;
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0B;
      case 'c' -> {
        if (at == in.length()) {
          throw invalidEscape();
        }
        yield in.charAt(at++) & 0x1F;
      }
      case 'u' -> hexadecimal(4, 4);
      case 'U' -> hexadecimal(8, 8);
      case 'x' -> hexadecimal(1, Integer.MAX_VALUE);
      case '0' -> octal();
      default -> {
        if (c < 0x80 && Character.isLetterOrDigit(c)) {
          throw invalidEscape();
        }
        yield c;
      }
    };
  }

  private int hexadecimal(int least, int most) {
    int start = at;
    int value = 0;
    while (at < in.length() && at - start < most && Character.digit(in.charAt(at), 16) >= 0) {
      value = value << 4 | Character.digit(in.charAt(at++), 16);
    }
    if (at - start < least || !Character.isValidCodePoint(value)) {
      throw invalidEscape();
    }
    return value;
  }

  private static RuntimeException invalidEscape() {
    return RegularExpression.invalid("invalid escape \\ sequence");
  }

  private static RuntimeException unbalanced() {
    return RegularExpression.invalid("parentheses () not balanced");
  }

  private static String quoted(int character) {
    boolean plain = character >= 0x80 || Character.isLetterOrDigit(character);
    return plain ? Character.toString(character) : String.format("\\x{%x}", character);
  }

  private void bracket() {
    if (in.startsWith("[:<:]]", at) || in.startsWith("[:>:]]", at)) {
      constraint(in.charAt(at + 2) == '<' ? WORD_START : WORD_END);
      at += 6;
      return;
    }
    boolean negated = in.startsWith("^", at);
    at += negated ? 1 : 0;
    out.append(negated ? "[^" : "[");
    if (negated && options.lineDots()) {
      out.append("\\n");
    }
    boolean first = true;
    while (first || !in.startsWith("]", at)) {
      first = false;
      item();
    }
    at++;
    atom("]");
  }

  private void item() {
    if (in.startsWith("[:", at)) {
      out.append(characterClass());
      return;
    }
    if (in.startsWith("\\", at) && at + 1 < in.length()) {
      String named =
          switch (in.charAt(at + 1)) {
            case 'd' -> "0-9";
            case 's' -> "\\s";
            case 'w' -> "\\w";
            default -> null;
          };
      if (named != null) {
        at += 2;
        out.append(named);
        return;
      }
    }
    int from = element();
    out.append(quoted(from));
    if (in.startsWith("-", at) && !in.startsWith("-]", at)) {
      at++;
      int to = element();
      if (to < from) {
        throw RegularExpression.invalid("invalid character range");
      }
      out.append('-').append(quoted(to));
    }
  }

  /// One character of a bracket expression, perhaps as `\n`, `[.x.]` or `[=x=]`.
  private int element() {
    if (at == in.length()) {
      throw RegularExpression.invalid("brackets [] not balanced");
    }
    if (in.startsWith("[.", at) || in.startsWith("[=", at)) {
      int end = in.indexOf(in.charAt(at + 1) + "]", at + 2);
      if (end < 0) {
        throw RegularExpression.invalid("brackets [] not balanced");
      }
      String name = in.substring(at + 2, end);
      if (name.codePointCount(0, name.length()) != 1) {
        throw RegularExpression.invalid("invalid collating element");
      }
      at = end + 2;
      return name.codePointAt(0);
    }
    int character = in.codePointAt(at);
    at += Character.charCount(character);
    return character == '\\' ? escapedCharacter() : character;
  }

  private String characterClass() {
    int end = in.indexOf(":]", at + 2);
    if (end < 0) {
      throw RegularExpression.invalid("brackets [] not balanced");
    }
    String name = in.substring(at + 2, end);
    at = end + 2;
    return switch (name) {
      case "alpha" -> "\\p{IsAlphabetic}";
      case "alnum" -> "\\p{IsAlphabetic}\\p{IsDigit}";
      case "digit" -> "0-9";
      case "upper" -> "\\p{IsUppercase}";
      case "lower" -> "\\p{IsLowercase}";
      case "space" -> "\\s";
      case "blank" -> "\\x20\\t";
      case "punct" -> "\\p{IsPunctuation}\\p{S}";
      case "print" -> "\\x20-\\x7E\\x{A0}-\\x{10FFFF}";
      case "graph" -> "\\x21-\\x7E\\x{A1}-\\x{10FFFF}";
      case "cntrl" -> "\\x00-\\x1F\\x7F-\\x{9F}";
      case "xdigit" -> "0-9A-Fa-f";
      case "word" -> "\\w";
      case "ascii" -> "\\x00-\\x7F";
      default -> throw RegularExpression.invalid("invalid character class");
    };
  }
}
