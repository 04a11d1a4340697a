package io.alidade.tests.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.alidade.storage.IsolationLevel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What transactions see of each other, at every isolation level, on Alidade and on a PostgreSQL
/// server where one is installed; both have to do what is written here.
///
/// `-Dtest.rounds` says how many random schedules are played at SERIALIZABLE (25), `-Dtest.seed`
/// repeats them.
@ParameterizedClass
@EnumSource(ServerProduct.class)
class IsolationTest {
  private static final int ROUNDS = Integer.getInteger("test.rounds", 25);
  private static final long GRACE_MILLIS = 100;
  private static final long RANDOM_GRACE_MILLIS = 25;

  /// Where another order of the statements would have another outcome.
  private static final long LONG_GRACE_MILLIS = 1000;

  private static final List<IsolationLevel> SNAPSHOT_LEVELS =
      List.of(IsolationLevel.READ_COMMITTED, IsolationLevel.REPEATABLE_READ);

  private static final List<String> SET_UP =
      List.of(
          "DROP TABLE IF EXISTS test, other",
          "CREATE TABLE test (id int PRIMARY KEY, value int)",
          "INSERT INTO test VALUES (1, 10), (2, 20)",
          "CREATE TABLE other (id int PRIMARY KEY, value int)");

  @TempDir static Path directory;
  private static ServerProduct.Running server;

  private final ServerProduct product;
  private TestSession control;

  IsolationTest(ServerProduct product) {
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

  private void run(String... statements) {
    for (String sql : statements) {
      assertThat(control.run(sql)).as(sql).doesNotStartWith(Schedule.FAILS);
    }
  }

  private void setUp() {
    run(SET_UP.toArray(String[]::new));
  }

  private void play(String schedule, IsolationLevel level) throws SQLException {
    new SchedulePlayer(product, server, GRACE_MILLIS).play(Schedule.parse(schedule), level);
  }

  private void playAtBothLevels(Schedule schedule) throws SQLException {
    SchedulePlayer player = new SchedulePlayer(product, server, GRACE_MILLIS);
    for (IsolationLevel level : SNAPSHOT_LEVELS) {
      setUp();
      player.play(schedule, level);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnomalyIsSeenAtTheLevelsThatAllowIt(Anomaly anomaly) throws SQLException {
    SchedulePlayer player = new SchedulePlayer(product, server, GRACE_MILLIS);
    for (IsolationLevel level : SNAPSHOT_LEVELS) {
      setUp();
      player.play(anomaly.schedule(), level);
      setUp();
      run("CHECKPOINT"); // The rows lie in a file now.
      player.play(anomaly.schedule(), level);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noAnomalyIsSeenWhenSerializable(Anomaly anomaly) throws SQLException {
    SerialOrders.Result result =
        serialOrders(IsolationLevel.SERIALIZABLE, GRACE_MILLIS).play(anomaly.schedule());
    assertThat(result.committed()).as("committed: %s", result).isNotEmpty();
    assertThat(result.failures()).isSubsetOf(SerialOrders.SERIALIZATION_FAILURES);
    assertThat(result.order()).as("an order that gives the same: %s", result).isPresent();
  }

  /// That the search for an order finds what it is there to find.
  @ParameterizedTest
  @EnumSource(names = {"G2_ITEM", "G2", "G2_TWO_EDGES"})
  void aSnapshotAloneIsNotSerializable(Anomaly anomaly) throws SQLException {
    SerialOrders.Result result =
        serialOrders(IsolationLevel.REPEATABLE_READ, LONG_GRACE_MILLIS).play(anomaly.schedule());
    assertThat(result.failures()).isEmpty();
    assertThat(result.order()).as("no order gives the same: %s", result).isEmpty();
  }

  @Test
  void randomTransactionsAreSerializable() throws SQLException {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("IsolationTest: seed " + seed + ", rounds " + ROUNDS + ", " + product);
    RandomSchedule schedules = new RandomSchedule(new Random(seed));
    for (int round = 1; round <= ROUNDS; round++) {
      Schedule schedule = schedules.next();
      SerialOrders.Result result =
          serialOrders(IsolationLevel.SERIALIZABLE, RANDOM_GRACE_MILLIS).play(schedule);
      assertThat(result.order())
          .as("round %d, seed %d: an order that gives the same: %s", round, seed, result)
          .isPresent();
    }
  }

  private SerialOrders serialOrders(IsolationLevel level, long graceMillis) {
    return new SerialOrders(server, control, SET_UP, graceMillis, level);
  }

  @ParameterizedTest
  @EnumSource
  void transactionsThatMeetGetPastEachOtherAsInPostgresql(Encounter encounter) throws SQLException {
    playAtBothLevels(encounter.schedule());
  }

  /// In PostgreSQL it is a race: the new version of a row is another one to wait for.
  @Test
  void waitersGoOnInTheOrderInWhichTheyCame() throws SQLException {
    assumeTrue(product == ServerProduct.ALIDADE, "PostgreSQL promises no order");
    setUp();
    String schedule =
        """
        T1 BEGIN
        T2 BEGIN
        T1 UPDATE test SET value = value + 1 WHERE id = 1 -- changes 1
        T2 UPDATE test SET value = value * 2 WHERE id = 1 -- waits
        T3 UPDATE test SET value = value - 5 WHERE id = 1 -- waits
        T1 COMMIT
        T2 resumes -- changes 1
        T2 COMMIT
        T3 resumes -- changes 1
        T1 SELECT * FROM test WHERE id = 1 -- (1,17)
        """;
    new SchedulePlayer(product, server, LONG_GRACE_MILLIS)
        .play(Schedule.parse(schedule), IsolationLevel.READ_COMMITTED);
  }

  @Test
  void ofTwoThatWaitForEachOtherExactlyOneFails() throws SQLException {
    Schedule schedule =
        Schedule.parse(
            """
            T1 BEGIN
            T2 BEGIN
            T1 UPDATE test SET value = value + 1 WHERE id = 1
            T2 UPDATE test SET value = value + 1 WHERE id = 2
            T1 UPDATE test SET value = value + 1 WHERE id = 2
            T2 UPDATE test SET value = value + 1 WHERE id = 1
            T1 COMMIT
            T2 COMMIT
            """);
    for (IsolationLevel level : SNAPSHOT_LEVELS) {
      SerialOrders.Result result = serialOrders(level, LONG_GRACE_MILLIS).play(schedule);
      assertThat(result.committed()).as("%s: %s", level, result).hasSize(1);
      assertThat(result.failures()).containsExactly("40P01");
      assertThat(result.state()).isEqualTo("(1,11) (2,21)");
    }
  }

  /// PostgreSQL's readers would wait, its other definitions would not.
  @Test
  void readersDoNotWaitForDefinitionsAndOtherDefinitionsDo() throws SQLException {
    assumeTrue(product == ServerProduct.ALIDADE, "PostgreSQL locks each table by itself");
    String schedule =
        """
        T1 BEGIN
        T1 DROP TABLE test
        T2 SELECT * FROM test ORDER BY id -- (1,10) (2,20)
        T2 CREATE TABLE fresh (id int) -- waits
        T1 ROLLBACK
        T2 resumes
        T2 DROP TABLE fresh
        T2 SELECT * FROM test ORDER BY id -- (1,10) (2,20)
        """;
    playAtBothLevels(Schedule.parse(schedule));
  }

  @Test
  void aNearestNeighbourQuerySeesItsOwnTransactionsRows() throws SQLException {
    boolean vectors = !control.run("CREATE EXTENSION IF NOT EXISTS vector").startsWith("fails");
    assumeTrue(
        vectors || product == ServerProduct.ALIDADE, "pgvector is not installed in PostgreSQL");
    for (IsolationLevel level : SNAPSHOT_LEVELS) {
      run(
          "DROP TABLE IF EXISTS item",
          "CREATE TABLE item (id int PRIMARY KEY, v vector(2))",
          "CREATE INDEX ON item USING hnsw (v vector_l2_ops)",
          "INSERT INTO item SELECT n, ARRAY[n, n]::vector FROM generate_series(1, 100) AS g(n)",
          "CHECKPOINT");
      play(
          """
          T1 BEGIN
          T2 BEGIN
          T2 SELECT id FROM item ORDER BY v <-> '[0,0]' LIMIT 2 -- (1) (2)
          T1 INSERT INTO item VALUES (101, '[0,0]') -- changes 1
          T1 UPDATE item SET v = '[0,0.5]' WHERE id = 50 -- changes 1
          T1 DELETE FROM item WHERE id = 1 -- changes 1
          T1 SELECT id FROM item ORDER BY v <-> '[0,0]' LIMIT 3 -- (101) (50) (2)
          T2 SELECT id FROM item ORDER BY v <-> '[0,0]' LIMIT 2 -- (1) (2)
          T3 SELECT id FROM item ORDER BY v <-> '[50,50]' LIMIT 1 -- (50)
          T1 SAVEPOINT s
          T1 DELETE FROM item WHERE id = 101 -- changes 1
          T1 SELECT id FROM item ORDER BY v <-> '[0,0]' LIMIT 2 -- (50) (2)
          T1 ROLLBACK TO s
          T1 SELECT id FROM item ORDER BY v <-> '[0,0]' LIMIT 2 -- (101) (50)
          T1 COMMIT
          T2 SELECT id FROM item ORDER BY v <-> '[0,0]' LIMIT 2 -- (101) (50) | (1) (2)
          T2 COMMIT
          T2 SELECT id FROM item ORDER BY v <-> '[0,0]' LIMIT 3 -- (101) (50) (2)
          """,
          level);
    }
  }

  @Test
  void anOldSnapshotStaysAsItWasWhileOthersWriteAndVacuum() throws SQLException {
    playOnManyRows(
        """
        T1 BEGIN
        T1 SELECT 1
        T2 UPDATE test SET value = -1 WHERE id <= 500 -- changes 500
        T2 DELETE FROM test WHERE id > 900 -- changes 100
        T3 VACUUM FULL test
        T3 VACUUM test
        T1 SELECT count(*), sum(value), max(id) FROM test -- (1000,10000,1000)
        T1 SELECT count(*) FROM test WHERE value = 10 -- (1000)
        T2 UPDATE test SET value = -2 WHERE id = 950 OR id = 500 -- changes 1
        T2 INSERT INTO test VALUES (2000, 0) -- changes 1
        T3 CHECKPOINT
        T3 VACUUM test
        T1 SELECT * FROM test WHERE id IN (1, 500, 950, 2000) ORDER BY id -- (1,10) (500,10) (950,10)
        T1 UPDATE test SET value = 11 WHERE id = 600 -- changes 1
        T3 VACUUM test
        T1 SELECT count(*), sum(value) FROM test -- (1000,10001)
        T1 COMMIT
        T3 VACUUM test
        T2 SELECT count(*), sum(value), max(id) FROM test -- (901,3500,2000)
        """);
  }

  /// PostgreSQL's VACUUM FULL would wait for everybody who has read the table.
  @Test
  void vacuumFullGoesOnBesideReadersAndWriters() throws SQLException {
    assumeTrue(product == ServerProduct.ALIDADE, "PostgreSQL locks the table meanwhile");
    playOnManyRows(
        """
        T1 BEGIN
        T1 SELECT count(*), sum(value) FROM test -- (1000,10000)
        T1 UPDATE test SET value = 11 WHERE id = 600 -- changes 1
        T1 DELETE FROM test WHERE id = 601 -- changes 1
        T2 UPDATE test SET value = -1 WHERE id <= 500 -- changes 500
        T2 DELETE FROM test WHERE id > 900 -- changes 100
        T3 VACUUM FULL test
        T1 SELECT count(*), sum(value) FROM test -- (999,9991)
        T1 UPDATE test SET value = 12 WHERE id = 600 -- changes 1
        T2 UPDATE test SET value = 0 WHERE id = 601 -- waits
        T3 VACUUM FULL test
        T1 UPDATE test SET value = 13 WHERE id = 600 -- changes 1
        T1 SELECT * FROM test WHERE id BETWEEN 600 AND 602 ORDER BY id -- (600,13) (602,10)
        T1 COMMIT
        T2 resumes -- changes 0
        T3 VACUUM FULL test
        T2 SELECT count(*), sum(value) FROM test -- (899,3493)
        """);
  }

  private void playOnManyRows(String schedule) throws SQLException {
    setUp();
    run(
        "DELETE FROM test",
        "INSERT INTO test SELECT n, 10 FROM generate_series(1, 700) AS g(n)",
        "CHECKPOINT",
        "INSERT INTO test SELECT n, 10 FROM generate_series(701, 1000) AS g(n)",
        "CHECKPOINT");
    play(schedule, IsolationLevel.REPEATABLE_READ);
  }
}
