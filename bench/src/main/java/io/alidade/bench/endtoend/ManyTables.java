package io.alidade.bench.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.stream.Stream;

/// What thousands of tables take: empty ones, then with ten rows each, every one `(id bigint
/// primary key, body text, embedding vector(384))` with an HNSW index.
///
/// Arguments: the path of `bin/alidade`, an empty directory to work in, and the number of tables,
/// 5,000 unless given.
public final class ManyTables {
  private static final int TABLES = 5000;
  private static final int ROWS = 10;
  private static final int TABLES_A_TRANSACTION = 100;
  private static final long SETTLE_MILLIS = 5000;

  private final Path launcher;
  private final Path data;
  private final int tables;

  private ManyTables(Path launcher, Path data, int tables) {
    this.launcher = launcher;
    this.data = data;
    this.tables = tables;
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 2) {
      throw new IllegalArgumentException("ManyTables LAUNCHER DIRECTORY [TABLES]");
    }
    int tables = arguments.length > 2 ? Integer.parseInt(arguments[2]) : TABLES;
    Path data = Path.of(arguments[1]).resolve("data");
    new ManyTables(Path.of(arguments[0]).toAbsolutePath(), data, tables).run();
  }

  /// Something that is timed.
  private interface Work {
    void run() throws SQLException;
  }

  private void run() throws Exception {
    try (AlidadeProcess server = start();
        Connection connection = server.connect()) {
      timed("create " + tables + " tables", () -> create(connection));
      tell(server, connection);
      checkpoint(connection, "checkpoint");
      timed("list of all tables", () -> list(connection));
      timed("a query of one of them", () -> query(connection, tables / 2));
    }
    try (AlidadeProcess server = start();
        Connection connection = server.connect()) {
      Thread.sleep(SETTLE_MILLIS);
      tell(server, connection);
      timed("insert " + ROWS + " rows into each", () -> fill(connection));
      tell(server, connection);
      checkpoint(connection, "checkpoint of all");
      Sql.execute(connection, "INSERT INTO many_1 VALUES (1, NULL, NULL)");
      checkpoint(connection, "checkpoint of one that changed");
      checkpoint(connection, "checkpoint of nothing");
      tell(server, connection);
    }
    try (AlidadeProcess server = start();
        Connection connection = server.connect()) {
      timed("a query of one of them", () -> query(connection, tables / 2));
      Thread.sleep(SETTLE_MILLIS);
      tell(server, connection);
    }
  }

  private AlidadeProcess start() throws IOException {
    AlidadeProcess server = AlidadeProcess.start(launcher, data);
    say("start", seconds(server.readyNanos()));
    return server;
  }

  private void create(Connection connection) throws SQLException {
    Sql.execute(connection, "CREATE EXTENSION IF NOT EXISTS vector");
    for (int i = 0; i < tables; i++) {
      Sql.execute(
          connection,
          "CREATE TABLE many_%d (id bigint PRIMARY KEY, body text, embedding vector(384))"
              .formatted(i));
      Sql.execute(
          connection,
          "CREATE INDEX ON many_%d USING hnsw (embedding vector_cosine_ops)".formatted(i));
    }
  }

  private void fill(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    for (int i = 0; i < tables; i++) {
      Sql.execute(
          connection,
          """
          INSERT INTO many_%d SELECT g, 'text of row ' || g,
            (SELECT array_agg(random() + g * 0) FROM generate_series(1, 384))::vector
          FROM generate_series(11, %d) g\
          """
              .formatted(i, 10 + ROWS));
      if (i % TABLES_A_TRANSACTION == TABLES_A_TRANSACTION - 1) {
        connection.commit();
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static void list(Connection connection) throws SQLException {
    try (ResultSet found =
        connection.getMetaData().getTables(null, "public", "%", new String[] {"TABLE"})) {
      while (found.next()) {
        // Only how long it takes matters.
      }
    }
  }

  private static void query(Connection connection, int table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT count(*) FROM many_" + table)) {
      found.next();
    }
  }

  private static void checkpoint(Connection connection, String what) throws SQLException {
    timed(what, () -> Sql.execute(connection, "CHECKPOINT"));
  }

  private static void timed(String what, Work work) throws SQLException {
    long begun = System.nanoTime();
    work.run();
    say(what, seconds(System.nanoTime() - begun));
  }

  private void tell(AlidadeProcess server, Connection connection) throws IOException {
    long files = 0;
    Path segments = data.resolve("segments");
    try (Stream<Path> listed = Files.list(segments)) {
      files = listed.count();
    }
    say(
        "resident memory, files of segments",
        "%,d MB, %,d".formatted(server.residentBytes(connection) >> 20, files));
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }

  private static void say(String what, String figure) {
    System.out.printf(Locale.ROOT, "%-40s %s%n", what, figure);
  }
}
