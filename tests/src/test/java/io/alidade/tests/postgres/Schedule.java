package io.alidade.tests.postgres;

import io.alidade.storage.IsolationLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Statements of several sessions in the order in which they are given, with what comes of each.
///
/// One statement a line: the session's name (`T1`), the statement, and after ` -- ` its outcome:
///
/// - rows as `(1,10) (2,20)`, or `nothing`; `changes 2`; `fails 40001`; nothing written: it
///   succeeds, whatever comes of it;
/// - `waits`: it does not end before a line `T1 resumes`, which follows the line that lets it go on
///   and says what comes of it.
///
/// An outcome `a | b` is `a` at READ COMMITTED and `b` at REPEATABLE READ; `a / b` is `a` on
/// Alidade and `b` on PostgreSQL, where the two differ on purpose. A session that failed does
/// nothing more up to its `COMMIT`, which is then a `ROLLBACK`, but for lines that expect a failure
/// and `ROLLBACK TO`.
record Schedule(List<Step> steps) {
  private static final Pattern LINE = Pattern.compile("(T\\d)\\s+(.*?)(?:\\s+--\\s+(.*))?");
  static final String WAITS = "waits";
  static final String FAILS = "fails ";

  /// One line.
  sealed interface Step {
    String session();

    Expectation expectation();

    /// A statement is given.
    record Run(String session, String sql, Expectation expectation) implements Step {}

    /// The session's statement, which waited, ends.
    record Resume(String session, Expectation expectation) implements Step {}
  }

  /// What is expected, by level and product.
  record Expectation(String text) {
    String at(IsolationLevel level, ServerProduct product) {
      String[] levels = text.split(" \\| ");
      String[] products = levels[Math.min(level.ordinal(), levels.length - 1)].split(" / ");
      return products[Math.min(product.ordinal(), products.length - 1)].strip();
    }
  }

  static Schedule parse(String text) {
    List<Step> steps = new ArrayList<>();
    for (String line : text.lines().map(String::strip).filter(it -> !it.isEmpty()).toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("not a line of a schedule: " + line);
      }
      String outcome = matcher.group(3);
      Expectation expectation = new Expectation(outcome == null ? "" : outcome);
      steps.add(
          matcher.group(2).equals("resumes")
              ? new Step.Resume(matcher.group(1), expectation)
              : new Step.Run(matcher.group(1), matcher.group(2), expectation));
    }
    return new Schedule(List.copyOf(steps));
  }

  /// The names of the sessions.
  List<String> sessions() {
    return steps.stream().map(Step::session).distinct().sorted().toList();
  }

  static boolean isBegin(String sql) {
    return sql.startsWith("BEGIN");
  }

  static boolean isEnd(String sql) {
    return sql.equals("COMMIT") || sql.equals("ROLLBACK");
  }

  /// A `BEGIN` that says its level.
  static String at(IsolationLevel level, String sql) {
    return isBegin(sql) ? sql.replaceFirst("BEGIN", "BEGIN ISOLATION LEVEL " + nameOf(level)) : sql;
  }

  static String nameOf(IsolationLevel level) {
    return level.name().replace('_', ' ');
  }
}
