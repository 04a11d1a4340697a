package io.alidade.tests.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.storage.IsolationLevel;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Plays schedules on a server and compares every outcome with the expected one.
///
/// A statement that should wait is given a moment to end, and must not; it is asked again before
/// every step up to the one that lets it go on. So a schedule never fails because a machine is
/// slow, and a wait that is missing is noticed whenever the machine is not.
final class SchedulePlayer {
  static final long LIMIT_SECONDS = 30;

  private final ServerProduct product;
  private final ServerProduct.Running server;
  private final long graceMillis;

  /// @param graceMillis for how long a statement that should wait must not end
  SchedulePlayer(ServerProduct product, ServerProduct.Running server, long graceMillis) {
    this.product = product;
    this.server = server;
    this.graceMillis = graceMillis;
  }

  void play(Schedule schedule, IsolationLevel level) throws SQLException {
    Map<String, TestSession> sessions = new HashMap<>();
    try {
      for (String name : schedule.sessions()) {
        sessions.put(name, new TestSession(server));
      }
      Performance performance = new Performance(sessions, level);
      schedule.steps().forEach(performance::take);
    } finally {
      for (TestSession session : sessions.values()) {
        session.close();
      }
    }
  }

  /// One playing of one schedule.
  private final class Performance {
    private final Map<String, TestSession> sessions;
    private final IsolationLevel level;
    private final Map<String, CompletableFuture<String>> waiting = new HashMap<>();
    private final Set<String> inBlock = new HashSet<>();
    private final Set<String> failed = new HashSet<>();
    private final StringBuilder past = new StringBuilder();

    Performance(Map<String, TestSession> sessions, IsolationLevel level) {
      this.sessions = sessions;
      this.level = level;
    }

    void take(Schedule.Step step) {
      String expected = step.expectation().at(level, product);
      switch (step) {
        case Schedule.Step.Run run -> take(run, expected);
        case Schedule.Step.Resume(var session, _) -> {
          CompletableFuture<String> statement = waiting.remove(session);
          assertThat(statement).as(told(session + " waited")).isNotNull();
          ended(session, "resumes", outcome(statement, session + " resumes"), expected);
        }
      }
    }

    private void take(Schedule.Step.Run step, String expected) {
      String session = step.session();
      String sql = Schedule.at(level, step.sql());
      requireStillWaiting(session + " " + sql);
      if (failed.contains(session)) {
        if (Schedule.isEnd(sql)) {
          sql = "ROLLBACK";
        } else if (!expected.startsWith(Schedule.FAILS) && !sql.startsWith("ROLLBACK TO")) {
          return;
        }
      }
      CompletableFuture<String> statement = sessions.get(session).submit(sql);
      if (expected.equals(Schedule.WAITS)) {
        requireWaiting(statement, session + " " + sql);
        waiting.put(session, statement);
        past.append(session).append(' ').append(sql).append(" -- waits\n");
      } else {
        ended(session, sql, outcome(statement, session + " " + sql), expected);
      }
    }

    private void ended(String session, String sql, String outcome, String expected) {
      String step = session + " " + sql;
      if (expected.isEmpty()) {
        assertThat(outcome).as(told(step)).doesNotStartWith(Schedule.FAILS);
      } else {
        assertThat(outcome).as(told(step)).isEqualTo(expected);
      }
      past.append(step).append(" -- ").append(outcome).append('\n');
      if (Schedule.isEnd(sql)) {
        inBlock.remove(session);
        failed.remove(session);
      } else if (Schedule.isBegin(sql)) {
        inBlock.add(session);
      } else if (sql.startsWith("ROLLBACK TO")) {
        failed.remove(session);
      } else if (outcome.startsWith(Schedule.FAILS) && inBlock.contains(session)) {
        failed.add(session);
      }
    }

    private void requireWaiting(CompletableFuture<String> statement, String step) {
      try {
        String outcome = statement.get(graceMillis, TimeUnit.MILLISECONDS);
        assertThat(outcome).as(told(step)).isEqualTo(Schedule.WAITS);
      } catch (TimeoutException e) {
        assertThat(statement).as(told(step)).isNotDone();
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException(told(step), e);
      }
    }

    private void requireStillWaiting(String before) {
      waiting.forEach((session, statement) ->
          assertThat(statement).as(told(session + " still waits before " + before)).isNotDone());
    }

    private String outcome(CompletableFuture<String> statement, String step) {
      try {
        return statement.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        throw new AssertionError(told(step + " did not end"), e);
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException(told(step), e);
      }
    }

    private String told(String step) {
      return List.of(product, Schedule.nameOf(level)) + " after\n" + past + step;
    }
  }
}
