package io.alidade.tests.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.storage.IsolationLevel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Foreign keys under concurrency, on Alidade and on a PostgreSQL server where one is installed.
@ParameterizedClass
@EnumSource(ServerProduct.class)
class ReferenceRaceTest {
  private static final long GRACE_MILLIS = 100;
  private static final int WRITERS = 6;
  private static final int TURNS = Integer.getInteger("test.rounds", 150);
  private static final int PARENTS = 4;

  private static final List<String> SET_UP =
      List.of(
          "DROP TABLE IF EXISTS late, eager, child, parent",
          "CREATE TABLE parent (id int PRIMARY KEY, value int)",
          "INSERT INTO parent VALUES (1, 10), (2, 20)",
          "CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent)",
          "CREATE TABLE eager"
              + " (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE CASCADE)",
          "CREATE TABLE late (id int PRIMARY KEY,"
              + " parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)");

  @TempDir static Path directory;
  private static ServerProduct.Running server;

  private final ServerProduct product;
  private TestSession control;

  ReferenceRaceTest(ServerProduct product) {
    this.product = product;
  }

  @BeforeParameterizedClassInvocation
  static void start(ServerProduct product) {
    server = product.start(directory);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    if (server != null) {
      server.close();
      server = null;
    }
  }

  @BeforeEach
  void connect() throws SQLException {
    control = new TestSession(server);
  }

  @AfterEach
  void disconnect() throws SQLException {
    control.close();
  }

  private void setUp() {
    for (String sql : SET_UP) {
      assertThat(control.run(sql)).as(sql).doesNotStartWith(Schedule.FAILS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void writersOfParentsAndChildrenMeetAsInPostgresql(ReferenceEncounter encounter)
      throws SQLException {
    SchedulePlayer player = new SchedulePlayer(product, server, GRACE_MILLIS);
    for (IsolationLevel level :
        List.of(IsolationLevel.READ_COMMITTED, IsolationLevel.REPEATABLE_READ)) {
      setUp();
      player.play(encounter.schedule(), level);
    }
  }

  /// Parents come, go and are updated while children are inserted and deleted.
  @Test
  void noChildIsEverWithoutItsParent() throws Exception {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("ReferenceRaceTest: seed " + seed + ", turns " + TURNS + ", " + product);
    for (IsolationLevel level : IsolationLevel.values()) {
      setUp();
      try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
        List<Future<Integer>> all =
            IntStream.range(0, WRITERS)
                .mapToObj(i -> writers.submit(() -> write(level, i, new Random(seed + 31L * i))))
                .toList();
        int done = 0;
        for (Future<Integer> each : all) {
          done += each.get();
        }
        assertThat(done).as("statements that succeeded at %s", level).isPositive();
      }
      for (String table : List.of("child", "eager")) {
        assertThat(
                control.run(
                    "SELECT count(*) FROM %s c WHERE NOT EXISTS (SELECT 1 FROM parent p WHERE p.id = c.parent)"
                        .formatted(table)))
            .as("orphans in %s at %s, seed %d", table, level, seed)
            .isEqualTo("(0)");
      }
    }
  }

  private static int write(IsolationLevel level, int writer, Random random) throws SQLException {
    int done = 0;
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SET default_transaction_isolation = '"
              + level.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
              + "'");
      for (int turn = 0; turn < TURNS; turn++) {
        int id = writer * 1_000_000 + turn;
        int parent = 1 + random.nextInt(PARENTS);
        String table = random.nextBoolean() ? "child" : "eager";
        String sql =
            switch (random.nextInt(8)) {
              case 0 -> "DELETE FROM parent WHERE id = " + parent;
              case 1, 2 -> "INSERT INTO parent VALUES (" + parent + ", 0) ON CONFLICT DO NOTHING";
              case 3 -> "UPDATE parent SET value = value + 1 WHERE id = " + parent;
              case 4 -> "DELETE FROM child WHERE parent = " + parent;
              default -> "INSERT INTO " + table + " VALUES (" + id + ", " + parent + ")";
            };
        try {
          done += statement.executeUpdate(sql);
        } catch (SQLException e) {
          // The parent is or is not there, or somebody was faster.
          assertThat(e.getSQLState()).as("%s: %s", sql, e).isIn("23503", "40001", "40P01");
        }
      }
    }
    return done;
  }
}
