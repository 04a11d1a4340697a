package io.alidade.sql.function;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.Arrays;

/// A LIKE pattern, taken apart; `\` is its escape character.
///
/// It matches character by character and goes back to the last `%` only, so that its time is
/// bounded by the product of the lengths, and is linear in common use.
final class LikePattern {
  private static final PatternCache<String, LikePattern> CACHE =
      new PatternCache<>(LikePattern::new);
  private static final int MAX_CACHED_LENGTH = 4096;

  /// How many characters are compared between two looks at whether the statement is to end.
  private static final int STEPS_PER_CHECK = 1 << 16;

  private static final int ANY_CHARACTER = -1;
  private static final int ANY_TEXT = -2;

  /// An escape character with nothing behind it, an error only where matching comes upon it.
  private static final int LONE_ESCAPE = -3;

  private enum Form {
    EXACT,
    PREFIX,
    SUFFIX,
    PART,
    GENERAL
  }

  /// Characters and the special values above.
  private final int[] tokens;

  private final Form form;
  private final String literal;

  private LikePattern(String pattern) {
    tokens = tokens(pattern);
    int from = tokens.length > 0 && tokens[0] == ANY_TEXT ? 1 : 0;
    int to = tokens.length;
    while (to > from && tokens[to - 1] == ANY_TEXT) {
      to--;
    }
    boolean plain = Arrays.stream(tokens, from, to).allMatch(token -> token >= 0);
    literal = plain ? new String(tokens, from, to - from) : "";
    boolean openEnd = to < tokens.length;
    if (!plain) {
      form = Form.GENERAL;
    } else if (from == 0) {
      form = openEnd ? Form.PREFIX : Form.EXACT;
    } else {
      form = openEnd ? Form.PART : Form.SUFFIX;
    }
  }

  static LikePattern of(String pattern) {
    return pattern.length() > MAX_CACHED_LENGTH ? new LikePattern(pattern) : CACHE.get(pattern);
  }

  private static int[] tokens(String pattern) {
    int[] tokens = new int[pattern.length()];
    int count = 0;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      int token;
      if (c == '%') {
        token = ANY_TEXT;
      } else if (c == '_') {
        token = ANY_CHARACTER;
      } else if (c == '\\' && i + 1 == pattern.length()) {
        token = LONE_ESCAPE;
      } else {
        i += c == '\\' ? 1 : 0;
        token = pattern.codePointAt(i);
        i += Character.charCount(token) - 1;
      }
      tokens[count++] = token;
    }
    return Arrays.copyOf(tokens, count);
  }

  boolean matches(String text, EvaluationContext context) {
    return switch (form) {
      case EXACT -> text.equals(literal);
      case PREFIX -> text.startsWith(literal);
      case SUFFIX -> text.endsWith(literal);
      case PART -> text.contains(literal);
      case GENERAL -> matchesTokens(text, context);
    };
  }

  private boolean matchesTokens(String text, EvaluationContext context) {
    int at = 0;
    int token = 0;
    int afterAnyText = -1;
    int resume = 0;
    int steps = 0;
    while (true) {
      if (++steps % STEPS_PER_CHECK == 0) {
        context.checkpoint();
      }
      int wanted = token < tokens.length ? tokens[token] : ANY_TEXT;
      if (token < tokens.length && wanted == ANY_TEXT) {
        afterAnyText = ++token;
        resume = at;
        if (token < tokens.length && tokens[token] == LONE_ESCAPE) {
          throw loneEscape();
        }
      } else if (at == text.length()) {
        return token == tokens.length;
      } else if (token == tokens.length && afterAnyText == token) {
        return true;
      } else {
        int character = text.codePointAt(at);
        if (wanted == LONE_ESCAPE) {
          throw loneEscape();
        }
        if (token < tokens.length && (wanted == ANY_CHARACTER || wanted == character)) {
          at += Character.charCount(character);
          token++;
        } else if (afterAnyText >= 0) {
          resume += Character.charCount(text.codePointAt(resume));
          at = resume;
          token = afterAnyText;
        } else {
          return false;
        }
      }
    }
  }

  private static DatabaseException loneEscape() {
    return new DatabaseException(
        SqlState.INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character");
  }

  /// A pattern with another escape character, or none, as one with `\`.
  static String withEscape(String pattern, String escape) {
    if (escape.isEmpty()) {
      return pattern.replace("\\", "\\\\");
    }
    if (escape.codePointCount(0, escape.length()) > 1) {
      throw new DatabaseException(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid escape string")
          .withHint("Escape string must be empty or one character.");
    }
    if (escape.equals("\\")) {
      return pattern;
    }
    StringBuilder out = new StringBuilder(pattern.length() + 8);
    boolean afterEscape = false;
    for (int i = 0; i < pattern.length(); ) {
      int character = pattern.codePointAt(i);
      i += Character.charCount(character);
      if (character == escape.codePointAt(0) && !afterEscape) {
        out.append('\\');
        afterEscape = true;
      } else {
        if (character == '\\' && !afterEscape) {
          out.append('\\');
        }
        out.appendCodePoint(character);
        afterEscape = false;
      }
    }
    return out.toString();
  }
}
