package io.alidade.sql.session;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.alidade.model.DatabaseException;
import io.alidade.sql.Portal;
import io.alidade.sql.ScriptStatement;
import io.alidade.sql.Session;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/// Calls a session in the order in which the protocol does.
final class TestClient implements AutoCloseable {
  private static final int ALL_ROWS = Integer.MAX_VALUE;

  private final Session session;
  private final RecordingListener told;

  TestClient(Session session, RecordingListener told) {
    this.session = session;
    this.told = told;
  }

  Session session() {
    return session;
  }

  RecordingListener told() {
    return told;
  }

  /// What came of a statement.
  record Result(String tag, List<List<@Nullable Object>> rows) {}

  /// Runs a script by the simple protocol, its end included.
  ///
  /// @return the last statement's result
  Result run(String script) {
    Result last = new Result("", List.of());
    try {
      for (ScriptStatement statement : session.parseScript(script)) {
        last = fetchAll(session.open(statement));
      }
    } catch (DatabaseException e) {
      session.failed();
      session.sync();
      throw e;
    }
    session.sync();
    return last;
  }

  /// The rows that a script's last statement gives.
  List<List<@Nullable Object>> rows(String script) {
    return run(script).rows();
  }

  /// The only value that a script's last statement gives.
  @Nullable Object value(String script) {
    return rows(script).getFirst().getFirst();
  }

  String tag(String script) {
    return run(script).tag();
  }

  DatabaseException error(String script) {
    return errorOf(() -> run(script));
  }

  /// The code of the error that a script ends in.
  String errorCode(String script) {
    return error(script).state().code();
  }

  static DatabaseException errorOf(ThrowingCallable call) {
    return assertThatExceptionOfType(DatabaseException.class).isThrownBy(call).actual();
  }

  void prepare(String name, String text) {
    session.prepare(name, text, List.of());
  }

  /// Binds and runs a prepared statement as the unnamed portal; no sync.
  List<List<@Nullable Object>> execute(String name, @Nullable Object... parameters) {
    return fetchAll(session.bind("", name, Arrays.asList(parameters))).rows();
  }

  static Result fetchAll(Portal portal) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    while (true) {
      switch (portal.fetch(ALL_ROWS)) {
        case Portal.Step.Rows(var some) -> some.forEach(row -> rows.add(Arrays.asList(row)));
        case Portal.Step.Complete(var tag) -> {
          return new Result(tag, rows);
        }
        case Portal.Step.Empty() -> {
          return new Result("", rows);
        }
        case Portal.Step.CopyIn _, Portal.Step.CopyOut _, Portal.Step.CopyData _ ->
            throw new IllegalStateException("COPY gives no rows");
      }
    }
  }

  /// Runs `COPY ... FROM STDIN` with data sent in the pieces given.
  String copyIn(String statement, String... pieces) {
    try {
      Portal portal = session.open(session.parseScript(statement).getFirst());
      if (!(portal.fetch(1) instanceof Portal.Step.CopyIn(var receiver))) {
        throw new IllegalStateException("no COPY FROM STDIN: " + statement);
      }
      for (String piece : pieces) {
        receiver.receive(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
      }
      receiver.finish();
      String tag = fetchAll(portal).tag();
      session.sync();
      return tag;
    } catch (DatabaseException e) {
      session.failed();
      session.sync();
      throw e;
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
