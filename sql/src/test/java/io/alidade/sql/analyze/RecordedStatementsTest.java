package io.alidade.sql.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.model.DatabaseException;
import io.alidade.model.codec.TextCodec;
import io.alidade.sql.Portal;
import io.alidade.sql.Portal.Step;
import io.alidade.sql.ScriptStatement;
import io.alidade.sql.Session;
import io.alidade.sql.SessionListener;
import io.alidade.sql.SessionRequest;
import io.alidade.sql.session.SessionEngine;
import io.alidade.storage.Database;
import io.alidade.storage.DatabaseOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Statements with the rows or the error that PostgreSQL 15 with pgvector 0.8 gave for them, as
/// psql shows them: a line `> statement`, then its rows or `ERROR: code: message`.
///
/// To record anew, run the statements of a file in psql with `-At`, `VERBOSITY verbose` and time
/// zone UTC.
final class RecordedStatementsTest {

  @ParameterizedTest
  @ValueSource(strings = {"first.txt", "departments.txt", "items.txt"})
  void statementsGiveWhatPostgresGave(String file) throws IOException {
    List<String> recorded = read(file);
    List<String> actual = new ArrayList<>();
    try (Database database = Database.inMemory(DatabaseOptions.DEFAULT);
        SessionEngine engine = new SessionEngine(database, Optional.empty(), Map.of());
        Session session = engine.openSession(request(), new Deaf())) {
      for (String line : recorded) {
        if (line.startsWith("> ")) {
          actual.add(line);
          actual.addAll(run(session, line.substring(2)));
        }
      }
    }
    assertThat(actual).isEqualTo(recorded);
  }

  private static List<String> read(String file) throws IOException {
    try (InputStream in = RecordedStatementsTest.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    }
  }

  private static SessionRequest request() {
    return new SessionRequest("postgres", "alsqlcheck", Map.of("TimeZone", "UTC"));
  }

  private static List<String> run(Session session, String text) {
    try {
      List<String> lines = new ArrayList<>();
      for (ScriptStatement statement : session.parseScript(text)) {
        Portal portal = session.open(statement);
        Step step = portal.fetch(Integer.MAX_VALUE);
        while (step instanceof Step.Rows(var rows)) {
          rows.forEach(row -> lines.add(shown(row, portal)));
          step = portal.fetch(Integer.MAX_VALUE);
        }
      }
      session.sync();
      while (!lines.isEmpty() && lines.getLast().isEmpty()) {
        lines.removeLast(); // The recording cannot tell empty lines from none.
      }
      return lines;
    } catch (DatabaseException e) {
      session.failed();
      session.sync();
      return List.of("ERROR:  " + e.state().code() + ": " + e.message());
    }
  }

  private static String shown(@Nullable Object[] row, Portal portal) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.length; i++) {
      Object value = row[i];
      cells.add(
          value == null
              ? ""
              : TextCodec.format(value, portal.columns().get(i).type(), ZoneOffset.UTC));
    }
    return String.join("|", cells);
  }

  /// Listens to nothing.
  private static final class Deaf implements SessionListener {
    @Override
    public void notice(Severity severity, DatabaseException message) {}

    @Override
    public void parameterChanged(String name, String value) {}
  }
}
