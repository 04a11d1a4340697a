package io.alidade.tests.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.storage.IsolationLevel;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Plays schedules and looks for an order in which the transactions that committed give the same
/// one after the other: every outcome that they saw, and what the table holds at the end. That is
/// how the standard defines SERIALIZABLE; who waits and who fails is left open.
///
/// A session that waits is left behind by the others, and goes on when it may. Expectations are not
/// looked at, nor statements outside of a transaction.
final class SerialOrders {
  /// The failures that every transaction has to reckon with.
  static final Set<String> SERIALIZATION_FAILURES = Set.of("40001", "40P01");

  private static final String STATE =
      "SELECT * FROM test UNION ALL SELECT -id, value FROM other ORDER BY 1";

  private final ServerProduct.Running server;
  private final TestSession control;
  private final List<String> setUp;
  private final long graceMillis;
  private final IsolationLevel level;

  /// @param control runs the transactions again, one after the other
  /// @param setUp statements that bring the tables `test` and `other` to their beginning
  /// @param graceMillis for how long a statement may take before others go on beside it
  SerialOrders(
      ServerProduct.Running server,
      TestSession control,
      List<String> setUp,
      long graceMillis,
      IsolationLevel level) {
    this.level = level;
    this.server = server;
    this.control = control;
    this.setUp = setUp;
    this.graceMillis = graceMillis;
  }

  /// What a schedule came to.
  ///
  /// @param committed what the transactions did and saw
  /// @param failures SQLSTATEs of those that were rolled back
  /// @param order one that gives the same; empty if there is none
  record Result(
      List<Transaction> committed,
      List<String> failures,
      String state,
      Optional<List<Transaction>> order) {}

  /// A transaction that committed.
  record Transaction(String session, List<Done> statements) {}

  /// A statement and its outcome.
  record Done(String sql, String outcome) {}

  Result play(Schedule schedule) throws SQLException {
    begin();
    History history = new History();
    Map<String, Script> scripts = new HashMap<>();
    try {
      for (String name : schedule.sessions()) {
        scripts.put(name, new Script(name, new TestSession(server), level, history));
      }
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (Schedule.Step step : schedule.steps()) {
        if (step instanceof Schedule.Step.Run(var session, var sql, _)) {
          Script script = scripts.get(session);
          CompletableFuture<?> statement = script.session.submit(() -> script.take(sql));
          all.add(statement);
          hasEnded(statement, graceMillis); // If not, it may be waiting for one that comes later.
        }
      }
      for (CompletableFuture<?> statement : all) {
        assertThat(hasEnded(statement, TimeUnit.SECONDS.toMillis(SchedulePlayer.LIMIT_SECONDS)))
            .as("every statement ended")
            .isTrue();
      }
    } finally {
      for (Script script : scripts.values()) {
        script.session.close();
      }
    }
    String state = control.run(STATE);
    return new Result(
        history.committed,
        history.failures,
        state,
        findOrder(new ArrayList<>(), history.committed, state));
  }

  private static boolean hasEnded(CompletableFuture<?> statement, long millis) {
    try {
      statement.get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void begin() {
    for (String sql : setUp) {
      assertThat(control.run(sql)).as(sql).doesNotStartWith(Schedule.FAILS);
    }
  }

  private Optional<List<Transaction>> findOrder(
      List<Transaction> first, List<Transaction> rest, String state) {
    if (rest.isEmpty()) {
      return gives(first, state) ? Optional.of(List.copyOf(first)) : Optional.empty();
    }
    for (Transaction next : rest) {
      List<Transaction> others = new ArrayList<>(rest);
      others.remove(next);
      first.add(next);
      Optional<List<Transaction>> found = findOrder(first, others, state);
      first.removeLast();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private boolean gives(List<Transaction> order, String state) {
    begin();
    for (Transaction transaction : order) {
      for (Done done : transaction.statements()) {
        if (!control.run(done.sql()).equals(done.outcome())) {
          return false;
        }
      }
    }
    return control.run(STATE).equals(state);
  }

  /// What became of the transactions.
  private static final class History {
    final List<Transaction> committed = Collections.synchronizedList(new ArrayList<>());
    final List<String> failures = Collections.synchronizedList(new ArrayList<>());
  }

  /// One session's part; used by its thread.
  private static final class Script {
    final String name;
    final TestSession session;
    final IsolationLevel level;
    final History history;
    private final List<Done> open = new ArrayList<>();
    private Block block = Block.NONE;

    private enum Block {
      NONE,
      OPEN,
      /// The transaction was rolled back before its end came.
      GIVEN_UP
    }

    Script(String name, TestSession session, IsolationLevel level, History history) {
      this.name = name;
      this.session = session;
      this.level = level;
      this.history = history;
    }

    Block take(String sql) {
      block =
          switch (block) {
            case NONE -> Schedule.isBegin(sql) ? begin(sql) : Block.NONE;
            case OPEN -> go(sql);
            case GIVEN_UP -> Schedule.isEnd(sql) ? Block.NONE : Block.GIVEN_UP;
          };
      return block;
    }

    private Block begin(String sql) {
      open.clear();
      assertThat(session.run(Schedule.at(level, sql))).isEqualTo("changes 0");
      return Block.OPEN;
    }

    private Block go(String sql) {
      String outcome = session.run(sql);
      if (outcome.startsWith(Schedule.FAILS)) {
        history.failures.add(outcome.substring(Schedule.FAILS.length()));
        session.run("ROLLBACK");
        return Schedule.isEnd(sql) ? Block.NONE : Block.GIVEN_UP;
      }
      if (!Schedule.isEnd(sql)) {
        open.add(new Done(sql, outcome));
        return Block.OPEN;
      }
      if (sql.equals("COMMIT")) {
        history.committed.add(new Transaction(name, List.copyOf(open)));
      }
      return Block.NONE;
    }
  }
}
