package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BOOL;
import static io.alidade.model.ColumnType.BYTEA;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// LIKE and regular expressions.
final class PatternFunctions {
  private static final ColumnType TEXTS = ColumnType.arrayOf(TEXT);
  private static final RegularExpressionOptions NONE = RegularExpressionOptions.NONE;

  private PatternFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    builder.two("~~", TEXT, TEXT, BOOL, (c, v, p) -> like(v, p, c));
    builder.two("!~~", TEXT, TEXT, BOOL, (c, v, p) -> !like(v, p, c));
    builder.two("~~*", TEXT, TEXT, BOOL, (c, v, p) -> like(folded(v), folded(p), c));
    builder.two("!~~*", TEXT, TEXT, BOOL, (c, v, p) -> !like(folded(v), folded(p), c));
    builder.two("~~", BYTEA, BYTEA, BOOL, (c, v, p) -> like(characters(v), characters(p), c));
    builder.two("!~~", BYTEA, BYTEA, BOOL, (c, v, p) -> !like(characters(v), characters(p), c));
    builder.two(
        "like_escape",
        TEXT,
        TEXT,
        TEXT,
        (_, p, e) -> LikePattern.withEscape((String) p, (String) e));
    builder.two("~", TEXT, TEXT, BOOL, (c, v, p) -> matches(v, p, NONE, c));
    builder.two("!~", TEXT, TEXT, BOOL, (c, v, p) -> !matches(v, p, NONE, c));
    RegularExpressionOptions ignoreCase = RegularExpressionOptions.IGNORE_CASE;
    builder.two("~*", TEXT, TEXT, BOOL, (c, v, p) -> matches(v, p, ignoreCase, c));
    builder.two("!~*", TEXT, TEXT, BOOL, (c, v, p) -> !matches(v, p, ignoreCase, c));
    builder.two("substring", TEXT, TEXT, TEXT, PatternFunctions::firstMatch);
    replacements(builder);
    searches(builder);
  }

  private static void replacements(FunctionRegistry.Builder builder) {
    builder.many(
        signature("regexp_replace", TEXT, TEXT, TEXT, TEXT), (c, a) -> replace(a, NONE, 1, 1, c));
    builder.many(
        signature("regexp_replace", TEXT, TEXT, TEXT, TEXT, TEXT),
        (c, a) -> {
          String flags = (String) a[3];
          if (!flags.isEmpty() && flags.charAt(0) >= '0' && flags.charAt(0) <= '9') {
            throw invalidOption(flags)
                .withHint(
                    "If you meant to use regexp_replace() with a start parameter, cast the fourth"
                        + " argument to integer explicitly.");
          }
          RegularExpressionOptions options = RegularExpressionOptions.parse(flags);
          return replace(a, options, 1, options.global() ? 0 : 1, c);
        });
    builder.many(
        signature("regexp_replace", TEXT, TEXT, TEXT, TEXT, INT4),
        (c, a) -> replace(a, NONE, (Integer) a[3], 1, c));
    builder.many(
        signature("regexp_replace", TEXT, TEXT, TEXT, TEXT, INT4, INT4),
        (c, a) -> replace(a, NONE, (Integer) a[3], (Integer) a[4], c));
    builder.many(
        signature("regexp_replace", TEXT, TEXT, TEXT, TEXT, INT4, INT4, TEXT),
        (c, a) -> {
          RegularExpressionOptions options = RegularExpressionOptions.parse((String) a[5]);
          return replace(a, options, (Integer) a[3], (Integer) a[4], c);
        });
  }

  private static void searches(FunctionRegistry.Builder builder) {
    builder.two("regexp_like", TEXT, TEXT, BOOL, (c, v, p) -> matches(v, p, NONE, c));
    builder.many(
        signature("regexp_like", BOOL, TEXT, TEXT, TEXT),
        (c, a) -> matches(a[0], a[1], notGlobal((String) a[2], "regexp_like"), c));
    builder.two(
        "regexp_match", TEXT, TEXT, TEXTS, (c, v, p) -> groups((String) v, (String) p, NONE, c));
    builder.many(
        signature("regexp_match", TEXTS, TEXT, TEXT, TEXT),
        (c, a) ->
            groups((String) a[0], (String) a[1], notGlobal((String) a[2], "regexp_match"), c));
    builder.two("regexp_count", TEXT, TEXT, INT4, (c, v, p) -> count((String) v, (String) p, c));
    builder.two(
        "regexp_split_to_array",
        TEXT,
        TEXT,
        TEXTS,
        (c, v, p) -> split((String) v, (String) p, NONE, c));
    builder.many(
        signature("regexp_split_to_array", TEXTS, TEXT, TEXT, TEXT),
        (c, a) ->
            split(
                (String) a[0],
                (String) a[1],
                notGlobal((String) a[2], "regexp_split_to_array"),
                c));
  }

  private static RegularExpressionOptions notGlobal(String flags, String function) {
    RegularExpressionOptions options = RegularExpressionOptions.parse(flags);
    if (options.global()) {
      DatabaseException error =
          new DatabaseException(
              SqlState.INVALID_PARAMETER_VALUE,
              function + "() does not support the \"global\" option");
      throw function.equals("regexp_match")
          ? error.withHint("Use the regexp_matches function instead.")
          : error;
    }
    return options;
  }

  private static DatabaseException invalidOption(String flags) {
    return new DatabaseException(
        SqlState.INVALID_PARAMETER_VALUE,
        "invalid regular expression option: \"" + flags.charAt(0) + "\"");
  }

  private static boolean like(Object text, Object pattern, EvaluationContext context) {
    return LikePattern.of((String) pattern).matches((String) text, context);
  }

  private static String folded(Object text) {
    return StringFunctions.lower((String) text);
  }

  /// One character for each byte.
  private static String characters(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.ISO_8859_1);
  }

  private static boolean matches(
      Object text, Object pattern, RegularExpressionOptions options, EvaluationContext context) {
    return RegularExpression.find(
        RegularExpression.matcher((String) pattern, options, (String) text, context));
  }

  private static @Nullable String firstMatch(
      EvaluationContext context, Object text, Object pattern) {
    Matcher matcher = RegularExpression.matcher((String) pattern, NONE, (String) text, context);
    if (!RegularExpression.find(matcher)) {
      return null;
    }
    return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
  }

  private static @Nullable List<@Nullable Object> groups(
      String text, String pattern, RegularExpressionOptions options, EvaluationContext context) {
    Matcher matcher = RegularExpression.matcher(pattern, options, text, context);
    if (!RegularExpression.find(matcher)) {
      return null;
    }
    List<@Nullable Object> groups = new ArrayList<>();
    for (int i = Math.min(1, matcher.groupCount()); i <= matcher.groupCount(); i++) {
      groups.add(matcher.group(i));
    }
    return Collections.unmodifiableList(groups);
  }

  private static int count(String text, String pattern, EvaluationContext context) {
    Matcher matcher = RegularExpression.matcher(pattern, NONE, text, context);
    int count = 0;
    while (RegularExpression.find(matcher)) {
      count++;
    }
    return count;
  }

  private static List<@Nullable Object> split(
      String text, String pattern, RegularExpressionOptions options, EvaluationContext context) {
    Matcher matcher = RegularExpression.matcher(pattern, options, text, context);
    List<@Nullable Object> parts = new ArrayList<>();
    int from = 0;
    while (RegularExpression.find(matcher)) {
      // An empty match at an end, or right after another match, separates nothing.
      boolean separates = matcher.end() > from && matcher.start() < text.length();
      if (separates || matcher.end() > matcher.start()) {
        parts.add(text.substring(from, matcher.start()));
        from = matcher.end();
      }
    }
    parts.add(text.substring(from));
    return Collections.unmodifiableList(parts);
  }

  /// @param start the character to start at, from 1
  /// @param which the match to replace, from 1; 0 for all
  private static String replace(
      Object[] arguments,
      RegularExpressionOptions options,
      int start,
      int which,
      EvaluationContext context) {
    String text = (String) arguments[0];
    requireAtLeast(1, start, "start");
    requireAtLeast(0, which, "n");
    if (start > StringFunctions.length(text) + 1) {
      return text;
    }
    Matcher matcher = RegularExpression.matcher((String) arguments[1], options, text, context);
    StringBuilder out = new StringBuilder(text.length() + 16);
    int copied = 0;
    int number = 0;
    boolean found = RegularExpression.find(matcher, text.offsetByCodePoints(0, start - 1));
    while (found) {
      number++;
      if (which == 0 || number == which) {
        out.append(text, copied, matcher.start());
        appendReplacement(out, (String) arguments[2], matcher);
        copied = matcher.end();
      }
      found = number != which && RegularExpression.find(matcher);
    }
    return out.append(text, copied, text.length()).toString();
  }

  private static void requireAtLeast(int least, int value, String parameter) {
    if (value < least) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "invalid value for parameter \"" + parameter + "\": " + value);
    }
  }

  /// Writes a replacement, in which `\1` is the first group, `\&` the match and `\\` a backslash.
  private static void appendReplacement(StringBuilder out, String replacement, MatchResult match) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      char next = c == '\\' && i + 1 < replacement.length() ? replacement.charAt(i + 1) : 0;
      if (next >= '1' && next <= '9' || next == '&') {
        int group = next == '&' ? 0 : next - '0';
        String text = group <= match.groupCount() ? match.group(group) : null;
        out.append(text == null ? "" : text);
        i++;
      } else if (next == '\\') {
        out.append(c);
        i++;
      } else {
        out.append(c);
      }
    }
  }
}
