package io.alidade.tests.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.alidade.tests.ServerProcess;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// pgjdbc, as programs use it: simple and prepared statements, batches, fetch sizes, metadata,
/// COPY, errors, cancellation.
class JdbcTest {

  @TempDir static Path data;
  private static ServerProcess server;
  private Connection connection;

  @BeforeAll
  static void start() {
    server = ServerProcess.start(data);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void connect() throws SQLException {
    connection = server.connect();
    execute("DROP TABLE IF EXISTS t");
    execute("CREATE TABLE t (id int PRIMARY KEY, name text)");
  }

  @AfterEach
  void disconnect() throws SQLException {
    connection.close();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long count(Connection on) throws SQLException {
    try (Statement statement = on.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "&preferQueryMode=simple", "&prepareThreshold=-1", "&binaryTransfer=false"})
  void everyTypeMakesTheRoundTrip(String option) throws SQLException {
    try (Connection c = DriverManager.getConnection(server.url() + option)) {
      try (Statement s = c.createStatement()) {
        s.execute("DROP TABLE IF EXISTS every");
        s.execute(
            "CREATE TABLE every (b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n"
                + " numeric, s text, v varchar(9), y bytea, u uuid, d date, ts timestamp, tz"
                + " timestamptz)");
      }
      UUID uuid = UUID.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
      LocalDateTime stamp = LocalDateTime.of(2024, 2, 29, 12, 34, 56, 789_012_000);
      try (PreparedStatement s =
          c.prepareStatement("INSERT INTO every VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)")) {
        s.setBoolean(1, true);
        s.setShort(2, (short) -7);
        s.setInt(3, Integer.MIN_VALUE);
        s.setLong(4, Long.MAX_VALUE);
        s.setFloat(5, 1.25f);
        s.setDouble(6, -1e-300);
        s.setBigDecimal(7, new BigDecimal("-12345678901234567890.00001"));
        s.setString(8, "naïve ☃ 'quoted'");
        s.setString(9, "nine char");
        s.setBytes(10, new byte[] {0, 1, -1});
        s.setObject(11, uuid);
        s.setObject(12, LocalDate.of(1969, 7, 20));
        s.setObject(13, stamp);
        s.setObject(14, stamp.atOffset(ZoneOffset.ofHours(2)));
        assertThat(s.executeUpdate()).isEqualTo(1);
      }
      try (PreparedStatement s = c.prepareStatement("SELECT * FROM every")) {
        for (int run = 0; run < 7; run++) { // From the fifth run on, results are binary.
          try (ResultSet r = s.executeQuery()) {
            assertThat(r.next()).isTrue();
            assertThat(r.getBoolean(1)).isTrue();
            assertThat(r.getShort(2)).isEqualTo((short) -7);
            assertThat(r.getInt(3)).isEqualTo(Integer.MIN_VALUE);
            assertThat(r.getLong(4)).isEqualTo(Long.MAX_VALUE);
            assertThat(r.getFloat(5)).isEqualTo(1.25f);
            assertThat(r.getDouble(6)).isEqualTo(-1e-300);
            assertThat(r.getBigDecimal(7)).isEqualTo("-12345678901234567890.00001");
            assertThat(r.getString(8)).isEqualTo("naïve ☃ 'quoted'");
            assertThat(r.getString(9)).isEqualTo("nine char");
            assertThat(r.getBytes(10)).containsExactly(0, 1, -1);
            assertThat(r.getObject(11)).isEqualTo(uuid);
            assertThat(r.getObject(12, LocalDate.class)).isEqualTo("1969-07-20");
            assertThat(r.getObject(13, LocalDateTime.class)).isEqualTo(stamp);
            assertThat(r.getObject(14, OffsetDateTime.class).toInstant())
                .isEqualTo(stamp.atOffset(ZoneOffset.ofHours(2)).toInstant());
            assertThat(r.next()).isFalse();
          }
        }
      }
    }
  }

  @Test
  void parameterTypesAreInferred() throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement("SELECT id FROM t WHERE name = ? AND id > ? LIMIT ?")) {
      assertThat(s.getParameterMetaData().getParameterType(1)).isEqualTo(Types.VARCHAR);
      assertThat(s.getParameterMetaData().getParameterType(2)).isEqualTo(Types.INTEGER);
      assertThat(s.getParameterMetaData().getParameterType(3)).isEqualTo(Types.BIGINT);
      assertThat(s.getMetaData().getColumnType(1)).isEqualTo(Types.INTEGER);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&reWriteBatchedInserts=true"})
  void batchesInsertEveryRow(String option) throws SQLException {
    try (Connection c = DriverManager.getConnection(server.url() + option);
        PreparedStatement s = c.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
      for (int i = 0; i < 1000; i++) {
        s.setInt(1, i);
        s.setString(2, "row " + i);
        s.addBatch();
      }
      assertThat(s.executeBatch()).hasSize(1000);
      assertThat(count(c)).isEqualTo(1000);
    }
  }

  @Test
  void aBatchThatFailsLeavesNothing() throws SQLException {
    try (PreparedStatement s = connection.prepareStatement("INSERT INTO t VALUES (?, 'x')")) {
      for (int id : new int[] {1, 2, 3, 2, 4}) {
        s.setInt(1, id);
        s.addBatch();
      }
      assertThatThrownBy(s::executeBatch)
          .isInstanceOf(BatchUpdateException.class)
          .hasMessageContaining("duplicate key value violates unique constraint \"t_pkey\"");
    }
    assertThat(count(connection)).isZero();
  }

  @Test
  void aFetchSizeReadsTheResultInPieces() throws SQLException {
    execute("INSERT INTO t SELECT n, 'row ' || n FROM generate_series(1, 1000) AS g(n)");
    connection.setAutoCommit(false);
    try (Statement s = connection.createStatement()) {
      s.setFetchSize(7);
      List<Integer> ids = new ArrayList<>();
      try (ResultSet rows = s.executeQuery("SELECT id FROM t ORDER BY id")) {
        while (rows.next()) {
          ids.add(rows.getInt(1));
        }
      }
      assertThat(ids).hasSize(1000).isSorted().startsWith(1).endsWith(1000);
    }
    connection.commit();
  }

  @Test
  void aResultKnowsItsTableAndColumns() throws SQLException {
    try (Statement s = connection.createStatement();
        ResultSet rows = s.executeQuery("SELECT id, name AS label, id + 1 AS next FROM t")) {
      ResultSetMetaData meta = rows.getMetaData();
      assertThat(meta.getColumnCount()).isEqualTo(3);
      assertThat(meta.getColumnTypeName(1)).isEqualTo("int4");
      assertThat(meta.getTableName(1)).isEqualTo("t");
      assertThat(((org.postgresql.PGResultSetMetaData) meta).getBaseColumnName(2))
          .isEqualTo("name");
      assertThat(meta.getColumnLabel(2)).isEqualTo("label");
      assertThat(meta.isNullable(1)).isEqualTo(ResultSetMetaData.columnNoNulls);
      assertThat(meta.isNullable(2)).isEqualTo(ResultSetMetaData.columnNullable);
      assertThat(meta.isAutoIncrement(1)).isFalse();
      assertThat(meta.getTableName(3)).isEmpty();
    }
  }

  @Test
  void generatedKeysComeBack() throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "INSERT INTO t VALUES (?, 'x')", Statement.RETURN_GENERATED_KEYS)) {
      s.setInt(1, 42);
      s.executeUpdate();
      try (ResultSet keys = s.getGeneratedKeys()) {
        assertThat(keys.next()).isTrue();
        assertThat(keys.getInt("id")).isEqualTo(42);
      }
    }
  }

  @Test
  void aTransactionIsVisibleToOthersOnlyAfterItsCommit() throws SQLException {
    connection.setAutoCommit(false);
    execute("INSERT INTO t VALUES (1, 'mine')");
    try (Connection other = server.connect()) {
      assertThat(count(connection)).isEqualTo(1);
      assertThat(count(other)).isZero();
      connection.commit();
      assertThat(count(other)).isEqualTo(1);
    }
  }

  @Test
  void aSecondWriterWaitsAndThenSeesTheFirstOnesRow() throws Exception {
    execute("INSERT INTO t VALUES (1, '0')");
    connection.setAutoCommit(false);
    execute("UPDATE t SET name = (name::int + 1)::text WHERE id = 1");
    CompletableFuture<Integer> second =
        CompletableFuture.supplyAsync(() -> {
          try (Connection other = server.connect();
              Statement s = other.createStatement()) {
            return s.executeUpdate("UPDATE t SET name = (name::int + 10)::text WHERE id = 1");
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
    TimeUnit.MILLISECONDS.sleep(200); // Long enough for the other to reach the lock, mostly.
    assertThat(second).isNotDone();
    connection.commit();
    assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    connection.setAutoCommit(true);
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery("SELECT name FROM t")) {
      r.next();
      assertThat(r.getString(1)).isEqualTo("11");
    }
  }

  @Test
  void copyGoesBothWays() throws Exception {
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    assertThat(
            copy.copyIn("COPY t FROM STDIN (FORMAT csv)", new StringReader("1,one\n2,\"t,wo\"\n")))
        .isEqualTo(2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(copy.copyOut("COPY (SELECT * FROM t ORDER BY id) TO STDOUT", out)).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("1\tone\n2\tt,wo\n");
    ByteArrayOutputStream binary = new ByteArrayOutputStream();
    copy.copyOut("COPY t TO STDOUT (FORMAT binary)", binary);
    execute("TRUNCATE t");
    assertThat(
            copy.copyIn(
                "COPY t FROM STDIN (FORMAT binary)",
                new java.io.ByteArrayInputStream(binary.toByteArray())))
        .isEqualTo(2);
    assertThat(count(connection)).isEqualTo(2);
  }

  @Test
  void aClientThatVanishesDuringCopyLeavesNothing() throws Exception {
    Connection vanishing = server.connect();
    var copyIn =
        vanishing.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY t FROM STDIN (FORMAT csv)");
    byte[] line = "1,one\n".getBytes(StandardCharsets.UTF_8);
    copyIn.writeToCopy(line, 0, line.length);
    copyIn.flushCopy();
    vanishing.abort(Runnable::run);
    assertThat(count(connection)).isZero();
    execute("INSERT INTO t VALUES (1, 'free again')"); // The vanished one's locks are gone.
    assertThat(count(connection)).isEqualTo(1);
  }

  @Test
  void anErrorNamesWhatItIsAboutAndTheSessionGoesOn() throws SQLException {
    execute("INSERT INTO t VALUES (1, 'one')");
    PSQLException error =
        catchThrowableOfType(PSQLException.class, () -> execute("INSERT INTO t VALUES (1, 'two')"));
    ServerErrorMessage message = error.getServerErrorMessage();
    assertThat(message.getSQLState()).isEqualTo("23505");
    assertThat(message.getDetail()).isEqualTo("Key (id)=(1) already exists.");
    assertThat(message.getSchema()).isEqualTo("public");
    assertThat(message.getTable()).isEqualTo("t");
    assertThat(message.getConstraint()).isEqualTo("t_pkey");
    assertThat(count(connection)).isEqualTo(1);
  }

  @Test
  void aFailedTransactionRefusesStatementsUntilItsEnd() throws SQLException {
    connection.setAutoCommit(false);
    execute("INSERT INTO t VALUES (1, 'one')");
    assertThatThrownBy(() -> execute("SELECT nope FROM t"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42703"));
    assertThatThrownBy(() -> execute("SELECT 1"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P02"));
    connection.rollback();
    assertThat(count(connection)).isZero();
  }

  @Test
  void aSavepointTakesBackItsPart() throws SQLException {
    connection.setAutoCommit(false);
    execute("INSERT INTO t VALUES (1, 'kept')");
    var savepoint = connection.setSavepoint();
    execute("INSERT INTO t VALUES (2, 'undone')");
    connection.rollback(savepoint);
    execute("INSERT INTO t VALUES (3, 'kept')");
    connection.commit();
    assertThat(count(connection)).isEqualTo(2);
  }

  @Test
  void aRunningStatementIsCancelled() throws Exception {
    try (Statement s = connection.createStatement()) {
      CompletableFuture<Void> cancel =
          CompletableFuture.runAsync(
              () -> {
                try {
                  s.cancel();
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              },
              CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
      assertThatThrownBy(() -> s.execute("SELECT pg_sleep(60)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      cancel.get(10, TimeUnit.SECONDS);
    }
    assertThat(connection.isValid(5)).isTrue();
  }

  @Test
  void aBtreeIndexIsShownByExplain() throws SQLException {
    execute("INSERT INTO t SELECT n, 'row ' || n FROM generate_series(1, 5000) AS g(n)");
    execute("CREATE INDEX t_name ON t (name)");
    StringBuilder plan = new StringBuilder();
    try (Statement s = connection.createStatement();
        ResultSet rows = s.executeQuery("EXPLAIN SELECT id FROM t WHERE name = 'row 77'")) {
      while (rows.next()) {
        plan.append(rows.getString(1)).append('\n');
      }
    }
    assertThat(plan.toString()).contains("t_name");
  }

  @Test
  void committedRowsOutliveARestart() throws SQLException {
    Path own = data.resolveSibling(data.getFileName() + "-restart");
    try (ServerProcess first = ServerProcess.start(own);
        Connection c = first.connect();
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE kept (id int PRIMARY KEY, at timestamptz)");
      s.execute("INSERT INTO kept VALUES (1, '2024-01-01 00:00:00Z')");
      s.execute("CHECKPOINT");
      s.execute("INSERT INTO kept VALUES (2, NULL)");
      s.execute("DELETE FROM kept WHERE id = 1");
      assertThat(first.stop()).isZero();
    }
    try (ServerProcess second = ServerProcess.start(own);
        Connection c = second.connect();
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery("SELECT id FROM kept")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isEqualTo(2);
      assertThat(rows.next()).isFalse();
    }
  }
}
