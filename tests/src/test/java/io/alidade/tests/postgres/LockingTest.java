package io.alidade.tests.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.tests.ServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Locks as programs use them: queues of jobs, deadlocks, time limits, refusals.
@Timeout(120)
class LockingTest {
  private static final int WORKERS = 8;
  private static final int JOBS = 400;

  @TempDir static Path data;
  private static ServerProcess server;

  @BeforeAll
  static void start() {
    server = ServerProcess.start(data);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void setUp() throws SQLException {
    try (Connection connection = server.connect()) {
      run(connection, "DROP TABLE IF EXISTS job");
      run(connection, "CREATE TABLE job (id int PRIMARY KEY, state text, tries int)");
      run(
          connection,
          "INSERT INTO job SELECT n, 'new', 0 FROM generate_series(1, " + JOBS + ") AS g(n)");
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<Long> numbers(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<Long> numbers = new ArrayList<>();
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
      return numbers;
    }
  }

  /// Has each worker do the same, and gives what they did.
  private static Queue<Long> work(Callable<List<Long>> worker) throws Exception {
    Queue<Long> done = new ConcurrentLinkedQueue<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
      List<Future<List<Long>>> workers = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(threads.submit(worker));
      }
      for (Future<List<Long>> each : workers) {
        done.addAll(each.get(100, TimeUnit.SECONDS));
      }
    }
    return done;
  }

  private static void assertEachJobOnce(Queue<Long> done) throws SQLException {
    assertThat(done).doesNotHaveDuplicates().hasSize(JOBS);
    try (Connection connection = server.connect()) {
      assertThat(numbers(connection, "SELECT id FROM job WHERE state <> 'done' OR tries > 9"))
          .isEmpty();
    }
  }

  /// Every fifth job is put back at its first try, so workers also meet jobs that have changed.
  @Test
  void aQueueHandsEachJobToOneWorkerAndLosesNone() throws Exception {
    assertEachJobOnce(
        work(
                () -> {
                  List<Long> done = new ArrayList<>();
                  try (Connection connection = server.connect();
                      PreparedStatement take =
                          connection.prepareStatement(
                              "SELECT id, tries FROM job WHERE state = ? ORDER BY id LIMIT ?"
                                  + " FOR UPDATE SKIP LOCKED");
                      PreparedStatement end =
                          connection.prepareStatement(
                              "UPDATE job SET state = ?, tries = tries + 1 WHERE id = ?")) {
                    connection.setAutoCommit(false);
                    while (true) {
                      take.setString(1, "new");
                      take.setInt(2, 1);
                      long id;
                      boolean fails;
                      try (ResultSet rows = take.executeQuery()) {
                        if (!rows.next()) {
                          connection.commit();
                          if (numbers(connection, "SELECT id FROM job WHERE state = 'new'")
                              .isEmpty()) {
                            connection.commit();
                            return done;
                          }
                          connection.commit();
                          continue; // Others hold the rest, and may put them back.
                        }
                        id = rows.getLong(1);
                        fails = id % 5 == 0 && rows.getInt(2) == 0;
                      }
                      if (id % 7 == 0 && !done.contains(-id)) {
                        done.add(-id);
                        connection.rollback(); // Gives the job back as it was.
                        continue;
                      }
                      end.setString(1, fails ? "new" : "done");
                      end.setLong(2, id);
                      assertThat(end.executeUpdate()).isEqualTo(1);
                      connection.commit();
                      if (!fails) {
                        done.add(id);
                      }
                    }
                  }
                })
            .stream()
            .filter(id -> id > 0)
            .collect(java.util.stream.Collectors.toCollection(ConcurrentLinkedQueue::new)));
  }

  @Test
  void aQueueInOneStatementHandsEachJobToOneWorker() throws Exception {
    assertEachJobOnce(
        work(() -> {
          List<Long> done = new ArrayList<>();
          try (Connection connection = server.connect()) {
            while (true) {
              List<Long> taken =
                  numbers(
                      connection,
                      "UPDATE job SET state = 'done' WHERE id IN (SELECT id FROM job"
                          + " WHERE state = 'new' ORDER BY id LIMIT 3 FOR UPDATE SKIP LOCKED)"
                          + " RETURNING id");
              if (taken.isEmpty()
                  && numbers(connection, "SELECT id FROM job WHERE state = 'new'").isEmpty()) {
                return done;
              }
              done.addAll(taken);
            }
          }
        }));
  }

  @Test
  void lockedRowsAddUpWithoutLosingUpdates() throws Exception {
    work(() -> {
      try (Connection connection = server.connect()) {
        connection.setAutoCommit(false);
        for (int i = 0; i < 25; i++) {
          long tries =
              numbers(connection, "SELECT tries FROM job WHERE id = 1 FOR UPDATE").getFirst();
          run(connection, "UPDATE job SET tries = " + (tries + 1) + " WHERE id = 1");
          connection.commit();
        }
      }
      return List.of();
    });
    try (Connection connection = server.connect()) {
      assertThat(numbers(connection, "SELECT tries FROM job WHERE id = 1"))
          .containsExactly(25L * WORKERS);
    }
  }

  @Test
  void ofTwoInADeadlockOneFailsAndTheOtherGoesOn() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    AtomicInteger deadlocks = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> sides = new ArrayList<>();
      for (int side = 0; side < 2; side++) {
        int first = side + 1;
        int second = 2 - side;
        sides.add(
            threads.submit(() -> {
              try (Connection connection = server.connect()) {
                connection.setAutoCommit(false);
                numbers(connection, "SELECT id FROM job WHERE id = " + first + " FOR SHARE");
                both.await(30, TimeUnit.SECONDS);
                try {
                  run(connection, "DELETE FROM job WHERE id = " + second);
                  connection.commit();
                } catch (SQLException e) {
                  assertThat(e.getSQLState()).isEqualTo("40P01");
                  deadlocks.incrementAndGet();
                  connection.rollback();
                }
              }
              return null;
            }));
      }
      for (Future<?> side : sides) {
        side.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(deadlocks).hasValue(1);
  }

  @Test
  void aWaitEndsAtItsLimitAndNowaitDoesNotWait() throws SQLException {
    try (Connection holder = server.connect();
        Connection other = server.connect()) {
      holder.setAutoCommit(false);
      assertThat(numbers(holder, "SELECT id FROM job WHERE id < 3 ORDER BY id FOR NO KEY UPDATE"))
          .containsExactly(1L, 2L);
      run(other, "SET lock_timeout = '60ms'");
      assertThatThrownBy(() -> numbers(other, "SELECT id FROM job ORDER BY id FOR SHARE"))
          .hasMessageContaining("canceling statement due to lock timeout")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("55P03");
      run(other, "SET lock_timeout = 0");
      assertThatThrownBy(() -> numbers(other, "SELECT id FROM job FOR UPDATE NOWAIT"))
          .hasMessageContaining("could not obtain lock on row in relation \"job\"")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("55P03");
      assertThat(numbers(other, "SELECT id FROM job WHERE id < 3 ORDER BY id FOR KEY SHARE"))
          .containsExactly(1L, 2L);
      run(holder, "LOCK TABLE job IN SHARE ROW EXCLUSIVE MODE");
      other.setAutoCommit(false);
      assertThatThrownBy(() -> run(other, "LOCK TABLE job IN ROW EXCLUSIVE MODE NOWAIT"))
          .hasMessageContaining("could not obtain lock on relation \"job\"");
    }
  }

  @Test
  void theNearestFreeRowsAreLocked() throws SQLException {
    try (Connection holder = server.connect();
        Connection other = server.connect()) {
      run(holder, "CREATE EXTENSION IF NOT EXISTS vector");
      run(holder, "CREATE TABLE place (id int PRIMARY KEY, v vector(2))");
      run(
          holder,
          "INSERT INTO place SELECT n, ARRAY[n, 0]::vector FROM generate_series(1, 500) g(n)");
      run(holder, "CREATE INDEX ON place USING hnsw (v vector_l2_ops)");
      String nearest = "SELECT id FROM place ORDER BY v <-> '[0,0]' LIMIT 3 FOR UPDATE";
      holder.setAutoCommit(false);
      assertThat(numbers(holder, nearest)).containsExactly(1L, 2L, 3L);
      assertThat(numbers(other, nearest + " SKIP LOCKED")).containsExactly(4L, 5L, 6L);
      assertThatThrownBy(() -> numbers(other, nearest + " NOWAIT"))
          .hasMessageContaining("could not obtain lock");
      holder.rollback();
      assertThat(numbers(other, nearest + " NOWAIT")).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void aTransactionThatIsLeftAloneForTooLongIsEnded() throws Exception {
    try (Connection idle = server.connect();
        Connection other = server.connect()) {
      run(idle, "SET idle_in_transaction_session_timeout = '300ms'");
      Thread.sleep(400); // Outside of a transaction it may rest.
      idle.setAutoCommit(false);
      assertThat(numbers(idle, "SELECT id FROM job WHERE id = 1 FOR UPDATE")).containsExactly(1L);
      run(other, "SET lock_timeout = '30s'");
      assertThat(numbers(other, "SELECT id FROM job WHERE id = 1 FOR UPDATE"))
          .as("its lock was given back")
          .containsExactly(1L);
      assertThatThrownBy(() -> numbers(idle, "SELECT 1"))
          .hasMessageContaining("terminating connection due to idle-in-transaction timeout")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("25P03");
    }
  }
}
