package io.alidade.sql.function;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression of PostgreSQL's advanced syntax, run by Java's engine.
///
/// Java takes the first alternative that leads to a match where PostgreSQL takes the longest;
/// whether there is a match is the same.
final class RegularExpression {
  private static final PatternCache<Source, Pattern> CACHE =
      new PatternCache<>(RegularExpression::compile);
  private static final int MAX_CACHED_LENGTH = 4096;

  private RegularExpression() {}

  /// What decides a compiled pattern.
  private record Source(String text, RegularExpressionOptions options) {}

  /// A matcher that the statement's end stops, for patterns that take exponential time.
  static Matcher matcher(
      String pattern, RegularExpressionOptions options, String text, EvaluationContext context) {
    Source source = new Source(pattern, options);
    Pattern compiled = pattern.length() > MAX_CACHED_LENGTH ? compile(source) : CACHE.get(source);
    return compiled.matcher(new WatchedText(text, context));
  }

  /// Whether there is a match, or a next one.
  static boolean find(Matcher matcher) {
    return run(matcher, Matcher::find);
  }

  /// As [#find], from a place on.
  static boolean find(Matcher matcher, int from) {
    return run(matcher, found -> found.find(from));
  }

  private static boolean run(Matcher matcher, Predicate<Matcher> search) {
    try {
      return search.test(matcher);
    } catch (StackOverflowError e) {
      throw tooComplex(e);
    }
  }

  private static Pattern compile(Source source) {
    RegularExpressionSyntax syntax = new RegularExpressionSyntax(source.text(), source.options());
    try {
      String translated = syntax.translate();
      int flags = Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS;
      if (syntax.ignoresCase()) {
        flags |= Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
      }
      return Pattern.compile(translated, flags);
    } catch (PatternSyntaxException e) {
      throw invalid(e.getDescription());
    } catch (StackOverflowError e) {
      throw tooComplex(e);
    }
  }

  static DatabaseException invalid(String reason) {
    return new DatabaseException(
        SqlState.INVALID_REGULAR_EXPRESSION, "invalid regular expression: " + reason);
  }

  private static DatabaseException tooComplex(StackOverflowError cause) {
    return new DatabaseException(
        SqlState.INVALID_REGULAR_EXPRESSION,
        "invalid regular expression: regular expression is too complex",
        cause);
  }

  /// A text that looks now and then whether the statement is to end while it is read.
  private static final class WatchedText implements CharSequence {
    private static final int READS_PER_CHECK = 1 << 16;

    private final String text;
    private final EvaluationContext context;
    private int reads;

    WatchedText(String text, EvaluationContext context) {
      this.text = text;
      this.context = context;
    }

    @Override
    public char charAt(int index) {
      if (++reads == READS_PER_CHECK) {
        reads = 0;
        context.checkpoint();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
