package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BOOL;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// LIKE and regular expressions.
///
/// Regular expressions are Java's, which agree with PostgreSQL's on what is in common use; what
/// Java refuses ends in 2201B.
final class PatternFunctions {
  /// The patterns most recently compiled by one thread are kept: a query uses one for all rows.
  private static final ThreadLocal<Compiled> LAST = new ThreadLocal<>();

  private PatternFunctions() {}

  private record Compiled(String text, int flags, Pattern pattern) {}

  static void register(FunctionRegistry.Builder builder) {
    builder.two("~~", TEXT, TEXT, BOOL, (_, v, p) -> like((String) v, (String) p));
    builder.two("!~~", TEXT, TEXT, BOOL, (_, v, p) -> !like((String) v, (String) p));
    builder.two("~~*", TEXT, TEXT, BOOL, (_, v, p) -> like(folded(v), folded(p)));
    builder.two("!~~*", TEXT, TEXT, BOOL, (_, v, p) -> !like(folded(v), folded(p)));
    builder.two("like_escape", TEXT, TEXT, TEXT, (_, p, e) -> withEscape((String) p, (String) e));
    builder.two("~", TEXT, TEXT, BOOL, (_, v, p) -> matches(v, p, 0));
    builder.two("!~", TEXT, TEXT, BOOL, (_, v, p) -> !matches(v, p, 0));
    builder.two("~*", TEXT, TEXT, BOOL, (_, v, p) -> matches(v, p, Pattern.CASE_INSENSITIVE));
    builder.two("!~*", TEXT, TEXT, BOOL, (_, v, p) -> !matches(v, p, Pattern.CASE_INSENSITIVE));
    builder.two("substring", TEXT, TEXT, TEXT, (_, v, p) -> firstMatch((String) v, (String) p));
    builder.many(
        signature("regexp_replace", TEXT, TEXT, TEXT, TEXT),
        (_, a) -> replace((String) a[0], (String) a[1], (String) a[2], ""));
    builder.many(
        signature("regexp_replace", TEXT, TEXT, TEXT, TEXT, TEXT),
        (_, a) -> replace((String) a[0], (String) a[1], (String) a[2], (String) a[3]));
  }

  private static String folded(Object text) {
    return ((String) text).toLowerCase(java.util.Locale.ROOT);
  }

  /// Whether a text matches a LIKE pattern, `\` being the escape character.
  static boolean like(String text, String pattern) {
    int t = 0;
    int p = 0;
    int afterPercent = -1;
    int resume = 0;
    while (true) {
      if (p < pattern.length() && pattern.charAt(p) == '%') {
        afterPercent = ++p;
        resume = t;
        continue;
      }
      if (t == text.length()) {
        if (p == pattern.length()) {
          return true;
        }
        requireComplete(pattern, p);
        return false;
      }
      int consumed = p < pattern.length() ? one(text, t, pattern, p) : 0;
      if (consumed > 0) {
        t = text.offsetByCodePoints(t, 1);
        p += consumed;
      } else if (afterPercent >= 0) {
        resume = text.offsetByCodePoints(resume, 1);
        t = resume;
        p = afterPercent;
      } else {
        return false;
      }
    }
  }

  /// How much of the pattern one character of the text matches; 0 if it does not.
  private static int one(String text, int t, String pattern, int p) {
    char c = pattern.charAt(p);
    if (c == '_') {
      return 1;
    }
    int escape = 0;
    if (c == '\\') {
      requireComplete(pattern, p);
      escape = 1;
    }
    int wanted = pattern.codePointAt(p + escape);
    return text.codePointAt(t) == wanted ? escape + Character.charCount(wanted) : 0;
  }

  private static void requireComplete(String pattern, int p) {
    if (pattern.charAt(p) == '\\' && p + 1 == pattern.length()) {
      throw new DatabaseException(
          SqlState.INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character");
    }
  }

  /// A pattern with another escape character as one with `\`.
  private static String withEscape(String pattern, String escape) {
    if (escape.codePointCount(0, escape.length()) > 1) {
      throw new DatabaseException(SqlState.INVALID_ESCAPE_SEQUENCE, "invalid escape string")
          .withHint("Escape string must be empty or one character.");
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      boolean isEscape = !escape.isEmpty() && escape.charAt(0) == c;
      if (isEscape && i + 1 < pattern.length()) {
        out.append('\\').append(pattern.charAt(++i));
      } else if (isEscape) {
        out.append('\\');
      } else if (c == '\\') {
        out.append("\\\\");
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static Pattern compile(String text, int flags) {
    Compiled last = LAST.get();
    if (last != null && last.flags() == flags && last.text().equals(text)) {
      return last.pattern();
    }
    try {
      Pattern pattern =
          Pattern.compile(
              text,
              flags | Pattern.DOTALL | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
      LAST.set(new Compiled(text, flags, pattern));
      return pattern;
    } catch (PatternSyntaxException e) {
      throw new DatabaseException(
          SqlState.INVALID_REGULAR_EXPRESSION,
          "invalid regular expression: " + e.getDescription(),
          e);
    }
  }

  private static boolean matches(Object text, Object pattern, int flags) {
    try {
      return compile((String) pattern, flags).matcher((String) text).find();
    } catch (StackOverflowError e) {
      throw tooComplex(e);
    }
  }

  private static DatabaseException tooComplex(Throwable cause) {
    return new DatabaseException(
        SqlState.INVALID_REGULAR_EXPRESSION,
        "invalid regular expression: it is too complex",
        cause);
  }

  private static @org.jspecify.annotations.Nullable String firstMatch(String text, String pattern) {
    Matcher matcher = compile(pattern, 0).matcher(text);
    try {
      if (!matcher.find()) {
        return null;
      }
    } catch (StackOverflowError e) {
      throw tooComplex(e);
    }
    return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
  }

  private static String replace(String text, String pattern, String by, String flags) {
    int options = flags.contains("i") ? Pattern.CASE_INSENSITIVE : 0;
    Matcher matcher = compile(pattern, options).matcher(text);
    String replacement = replacement(by);
    try {
      return flags.contains("g")
          ? matcher.replaceAll(replacement)
          : matcher.replaceFirst(replacement);
    } catch (IndexOutOfBoundsException e) {
      return text;
    } catch (StackOverflowError e) {
      throw tooComplex(e);
    }
  }

  /// `\1` and `\&` in PostgreSQL's replacements are `$1` and `$0` in Java's.
  private static String replacement(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      char next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
      if (c == '\\' && next >= '1' && next <= '9') {
        out.append('$').append(next);
        i++;
      } else if (c == '\\' && next == '&') {
        out.append("$0");
        i++;
      } else if (c == '\\' && next == '\\') {
        out.append("\\\\");
        i++;
      } else if (c == '$' || c == '\\') {
        out.append('\\').append(c);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
