package io.alidade.sql.parse;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.Token.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts a script into tokens by the rules of PostgreSQL's `scan.l`.
///
/// Where no token can be made, a {@link Kind#FAILURE} ends the list, because an error of the
/// grammar further to the left comes first; `standard_conforming_strings` is always on.
final class Lexer {

  /// The longest name, in bytes of UTF-8; what is longer is cut.
  static final int MAX_NAME_BYTES = 63;

  private static final String OPERATOR_CHARACTERS = "~!@#^&|`?+-*/%<>=";

  private final String script;
  private final StringConstants strings;
  private int position;

  private Lexer(String script) {
    this.script = script;
    this.strings = new StringConstants(script);
  }

  /// The tokens, the last of kind END or FAILURE.
  ///
  /// @param failure why the last is a FAILURE, else null
  record Result(List<Token> tokens, @Nullable DatabaseException failure) {}

  static Result scan(String script) {
    Lexer lexer = new Lexer(script);
    List<Token> tokens = new ArrayList<>(script.length() / 6 + 8);
    try {
      Token token = lexer.next();
      while (token.kind() != Kind.END) {
        tokens.add(token);
        token = lexer.next();
      }
      tokens.add(token);
      return new Result(tokens, null);
    } catch (DatabaseException failure) {
      int at = Math.max(failure.position(), 0);
      tokens.add(new Token(Kind.FAILURE, "", at, script.length(), null));
      return new Result(tokens, failure);
    }
  }

  /// An error of the lexer or the grammar at a stretch of the script.
  static DatabaseException errorNear(String message, String script, int start, int end) {
    String place =
        start >= script.length()
            ? " at end of input"
            : " at or near \"" + script.substring(start, end) + "\"";
    return new DatabaseException(SqlState.SYNTAX_ERROR, message + place).at(start);
  }

  private Token next() {
    skipSpaceAndComments();
    int start = position;
    if (start >= script.length()) {
      return new Token(Kind.END, "", start, start, null);
    }
    char first = script.charAt(start);
    if (isIdentifierStart(first)) {
      return wordOrPrefixedString(start, first);
    }
    if (isDigit(first) || (first == '.' && isDigit(peek(1)))) {
      return number(start);
    }
    return switch (first) {
      case '\'' -> string(start, StringConstants.Quoting.PLAIN, start);
      case '"' -> quotedIdentifier(start, start, StringConstants.Quoting.PLAIN);
      case '$' -> dollar(start);
      case ',', '(', ')', '[', ']', ';' -> symbol(start, 1);
      case '.' -> symbol(start, peek(1) == '.' ? 2 : 1);
      case ':' -> symbol(start, peek(1) == ':' || peek(1) == '=' ? 2 : 1);
      default -> OPERATOR_CHARACTERS.indexOf(first) >= 0 ? operator(start) : stray(start);
    };
  }

  private char peek(int ahead) {
    int index = position + ahead;
    return index < script.length() ? script.charAt(index) : '\0';
  }

  private Token token(Kind kind, String text, int start) {
    return new Token(kind, text, start, position, null);
  }

  private Token symbol(int start, int length) {
    position = start + length;
    return token(Kind.SYMBOL, script.substring(start, position), start);
  }

  private Token stray(int start) {
    position = start + Character.charCount(script.codePointAt(start));
    return token(Kind.STRAY, script.substring(start, position), start);
  }

  private void skipSpaceAndComments() {
    while (position < script.length()) {
      char c = script.charAt(position);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        position++;
      } else if (c == '-' && peek(1) == '-') {
        position = endOfLine(script, position);
      } else if (c == '/' && peek(1) == '*') {
        skipBlockComment();
      } else {
        return;
      }
    }
  }

  static int endOfLine(String script, int from) {
    int index = from;
    while (index < script.length()
        && script.charAt(index) != '\n'
        && script.charAt(index) != '\r') {
      index++;
    }
    return index;
  }

  private void skipBlockComment() {
    int start = position;
    int depth = 0;
    do {
      if (position >= script.length()) {
        throw errorNear("unterminated /* comment", script, start, script.length());
      }
      if (peek(0) == '/' && peek(1) == '*') {
        depth++;
        position += 2;
      } else if (peek(0) == '*' && peek(1) == '/') {
        depth--;
        position += 2;
      } else {
        position++;
      }
    } while (depth > 0);
  }

  private Token wordOrPrefixedString(int start, char first) {
    char second = peek(1);
    if (second == '\'') {
      return switch (first) {
        case 'e', 'E' -> string(start, StringConstants.Quoting.ESCAPES, start + 1);
        case 'b', 'B' -> bits(start, 1);
        case 'x', 'X' -> bits(start, 4);
        case 'n', 'N' -> nationalCharacter(start);
        default -> word(start);
      };
    }
    if ((first == 'u' || first == 'U') && second == '&') {
      if (peek(2) == '\'') {
        return string(start, StringConstants.Quoting.UNICODE, start + 2);
      }
      if (peek(2) == '"') {
        return quotedIdentifier(start, start + 2, StringConstants.Quoting.UNICODE);
      }
    }
    return word(start);
  }

  /// The N of `N'...'`, which is the type `nchar` in front of a plain string.
  private Token nationalCharacter(int start) {
    position++;
    return new Token(Kind.WORD, "nchar", start, position, Keywords.find("nchar"));
  }

  private Token word(int start) {
    boolean ascii = true;
    boolean upper = false;
    int end = start;
    while (end < script.length() && isIdentifierPart(script.charAt(end))) {
      char c = script.charAt(end++);
      ascii &= c < 0x80;
      upper |= c >= 'A' && c <= 'Z';
    }
    position = end;
    String text = script.substring(start, end);
    if (upper) {
      text = foldAscii(text);
    }
    if (!ascii || text.length() > MAX_NAME_BYTES) {
      return token(Kind.WORD, truncate(text), start);
    }
    return new Token(Kind.WORD, text, start, end, Keywords.find(text));
  }

  /// Only ASCII letters are folded, as PostgreSQL does in UTF-8.
  private static String foldAscii(String text) {
    char[] folded = text.toCharArray();
    for (int i = 0; i < folded.length; i++) {
      if (folded[i] >= 'A' && folded[i] <= 'Z') {
        folded[i] = (char) (folded[i] + ('a' - 'A'));
      }
    }
    return new String(folded);
  }

  /// A name cut to the length PostgreSQL stores, at a character's boundary.
  static String truncate(String name) {
    if (name.length() * 3 <= MAX_NAME_BYTES
        || name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES) {
      return name;
    }
    int bytes = 0;
    int end = 0;
    while (end < name.length()) {
      int codePoint = name.codePointAt(end);
      bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      if (bytes > MAX_NAME_BYTES) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return name.substring(0, end);
  }

  private Token string(int start, StringConstants.Quoting quoting, int quote) {
    StringConstants.Scanned scanned = strings.scan(start, quote, quoting);
    position = scanned.end();
    return token(Kind.STRING, scanned.value(), start);
  }

  private Token bits(int start, int bitsPerDigit) {
    StringConstants.Scanned scanned = strings.scanBits(start, start + 1, bitsPerDigit);
    position = scanned.end();
    return token(Kind.BITS, scanned.value(), start);
  }

  private Token quotedIdentifier(int start, int quote, StringConstants.Quoting quoting) {
    StringConstants.Scanned scanned = strings.scanIdentifier(start, quote, quoting);
    position = scanned.end();
    return token(Kind.QUOTED_IDENTIFIER, truncate(scanned.value()), start);
  }

  private Token dollar(int start) {
    if (isDigit(peek(1))) {
      return parameter(start);
    }
    int tagEnd = start + 1;
    while (tagEnd < script.length()
        && isIdentifierPart(script.charAt(tagEnd))
        && script.charAt(tagEnd) != '$') {
      tagEnd++;
    }
    if (tagEnd >= script.length() || script.charAt(tagEnd) != '$') {
      return stray(start);
    }
    String delimiter = script.substring(start, tagEnd + 1);
    int close = script.indexOf(delimiter, tagEnd + 1);
    if (close < 0) {
      throw errorNear("unterminated dollar-quoted string", script, start, script.length());
    }
    position = close + delimiter.length();
    return token(Kind.STRING, script.substring(tagEnd + 1, close), start);
  }

  private Token parameter(int start) {
    int end = skipDigits(start + 1);
    if (end < script.length() && isIdentifierStart(script.charAt(end))) {
      throw errorNear("trailing junk after parameter", script, start, skipIdentifier(end));
    }
    position = end;
    return token(Kind.PARAMETER, script.substring(start + 1, end), start);
  }

  private Token number(int start) {
    int end = skipDigits(start);
    Kind kind = Kind.INTEGER;
    boolean range = charAt(end) == '.' && charAt(end + 1) == '.';
    if (charAt(end) == '.' && !range) {
      kind = Kind.DECIMAL;
      end = skipDigits(end + 1);
    }
    char exponent = charAt(end);
    if (!range && (exponent == 'e' || exponent == 'E')) {
      int digits = end + 1;
      boolean signed = charAt(digits) == '+' || charAt(digits) == '-';
      if (signed) {
        digits++;
      }
      if (isDigit(charAt(digits))) {
        kind = Kind.DECIMAL;
        end = skipDigits(digits);
      } else if (signed) {
        throw errorNear("trailing junk after numeric literal", script, start, digits);
      }
    }
    if (!range && isIdentifierStart(charAt(end))) {
      throw errorNear("trailing junk after numeric literal", script, start, skipIdentifier(end));
    }
    position = end;
    return token(kind, script.substring(start, end), start);
  }

  private char charAt(int index) {
    return index < script.length() ? script.charAt(index) : '\0';
  }

  private int skipDigits(int from) {
    int index = from;
    while (isDigit(charAt(index))) {
      index++;
    }
    return index;
  }

  private int skipIdentifier(int from) {
    int index = from;
    while (index < script.length() && isIdentifierPart(script.charAt(index))) {
      index++;
    }
    return index;
  }

  /// The longest run of operator characters, cut before a comment, and without a trailing `+` or
  /// `-` unless it holds a character that SQL's own operators do not use.
  private Token operator(int start) {
    int end = start;
    boolean special = false;
    while (end < script.length() && OPERATOR_CHARACTERS.indexOf(script.charAt(end)) >= 0) {
      char c = script.charAt(end);
      char following = charAt(end + 1);
      if (end > start && ((c == '-' && following == '-') || (c == '/' && following == '*'))) {
        break;
      }
      end++;
    }
    int last = end - 1;
    for (int i = start; i < last; i++) {
      special |= "~!@#^&|`?%".indexOf(script.charAt(i)) >= 0;
    }
    while (!special && end - start > 1 && "+-".indexOf(script.charAt(end - 1)) >= 0) {
      end--;
    }
    position = end;
    String text = script.substring(start, end);
    if (text.length() > MAX_NAME_BYTES) {
      throw errorNear("operator too long", script, start, end);
    }
    return switch (text) {
      case "=>" -> token(Kind.SYMBOL, text, start);
      case "!=" -> token(Kind.OPERATOR, "<>", start);
      default -> token(Kind.OPERATOR, text, start);
    };
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isIdentifierStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  static boolean isIdentifierPart(char c) {
    return isIdentifierStart(c) || isDigit(c) || c == '$';
  }
}
