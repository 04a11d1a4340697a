package io.alidade.sql.session;

import io.alidade.sql.parse.ParsedStatement;
import io.alidade.sql.parse.SqlParser;
import io.alidade.sql.parse.StatementKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The text of one statement, parsed when it first must be: a plan that is found in the cache needs
/// only the key. Not thread-safe.
final class StatementText {

  private final String text;
  private @Nullable List<ParsedStatement> parsed;

  private StatementText(String text, @Nullable List<ParsedStatement> parsed) {
    this.text = text;
    this.parsed = parsed;
  }

  static StatementText of(String text) {
    return new StatementText(text, null);
  }

  /// A statement that was parsed already, as part of a script; a text of its own from here on.
  static StatementText of(ParsedStatement statement) {
    return new StatementText(
        statement.text(),
        List.of(
            new ParsedStatement(
                statement.syntax(), statement.text(), 0, statement.keyIsComplete())));
  }

  String text() {
    return text;
  }

  Optional<StatementKey> key() {
    return StatementKey.of(text);
  }

  /// The statements in it: none, one, or several, which nobody can prepare.
  List<ParsedStatement> parsed() {
    List<ParsedStatement> statements = parsed;
    if (statements == null) {
      statements = SqlParser.parseScript(text);
      parsed = statements;
    }
    return statements;
  }
}
