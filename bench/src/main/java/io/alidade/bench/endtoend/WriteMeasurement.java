package io.alidade.bench.endtoend;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.postgresql.PGConnection;

/// How fast rows come in: by COPY and by single forced INSERT commits, without an index on the
/// vectors and with one.
final class WriteMeasurement {

  private static final String COPIED = "copied";
  private static final String INDEXED = "copied_indexed";
  private static final String SINGLE = "single";
  private static final String SINGLE_INDEXED = "single_indexed";

  /// Rows of a COPY that a server without a fast index takes seconds for.
  private static final int INDEXED_ROWS = 5000;

  private static final long COMMIT_NANOS = 4_000_000_000L;

  /// Rounds before those that count: a server on the JVM compiles, PostgreSQL fills its buffers.
  private static final int WARM_UP_ROUNDS = 3;

  private final List<ServerUnderTest> servers;
  private final float[][] vectors;
  private final int rounds;

  WriteMeasurement(List<ServerUnderTest> servers, float[][] vectors, int rounds) {
    this.servers = servers;
    this.vectors = vectors;
    this.rounds = rounds;
  }

  void run() throws SQLException, IOException {
    float[][] few = Arrays.copyOf(vectors, Math.min(vectors.length, INDEXED_ROWS));
    report("binary COPY without index, rows/s", server -> copyRate(server, COPIED, vectors));
    report("text COPY without index, rows/s", server -> textCopyRate(server, few));
    report("binary COPY into an HNSW index, rows/s", server -> copyRate(server, INDEXED, few));
    report(
        "single INSERT commits, forced, 1 client, commits/s", server -> commitRate(server, SINGLE));
    report("the same into an HNSW index, commits/s", server -> commitRate(server, SINGLE_INDEXED));
  }

  private void report(String subject, Measure measure) throws SQLException, IOException {
    List<List<Double>> rates = new ArrayList<>();
    List<Double> firstRates = new ArrayList<>();
    servers.forEach(server -> rates.add(new ArrayList<>()));
    for (int round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
      for (int i = 0; i < servers.size(); i++) {
        double rate = measure.rate(servers.get(i));
        if (round == 0) {
          firstRates.add(rate);
        } else if (round >= WARM_UP_ROUNDS) {
          rates.get(i).add(rate);
        }
      }
    }
    double first = median(rates.getFirst());
    for (int i = 0; i < servers.size(); i++) {
      double rate = median(rates.get(i));
      System.out.printf(
          "%s: %s %.0f (median of %d after %d; alidade/this %.2f), the first time %.0f%n",
          subject,
          servers.get(i).name(),
          rate,
          rounds,
          WARM_UP_ROUNDS,
          first / rate,
          firstRates.get(i));
    }
  }

  /// Makes a table, with an HNSW index on its vectors if its name asks for one.
  private void create(Connection connection, String table, String idType) throws SQLException {
    Sql.execute(connection, "DROP TABLE IF EXISTS " + table);
    Sql.execute(
        connection,
        "CREATE TABLE %s (id bigint %s, embedding vector(%d))"
            .formatted(table, idType, vectors[0].length));
    if (table.equals(INDEXED) || table.equals(SINGLE_INDEXED)) {
      Sql.execute(
          connection,
          "CREATE INDEX ON %s USING hnsw (embedding vector_cosine_ops)".formatted(table));
    }
  }

  private double copyRate(ServerUnderTest server, String table, float[][] rows)
      throws SQLException, IOException {
    try (Connection connection = server.connect()) {
      create(connection, table, "");
      long begun = System.nanoTime();
      BinaryCopy.send(connection, table, rows);
      double rate = rows.length / ((System.nanoTime() - begun) / 1e9);
      Sql.execute(connection, "DROP TABLE " + table);
      return rate;
    }
  }

  private double textCopyRate(ServerUnderTest server, float[][] rows)
      throws SQLException, IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < rows.length; i++) {
      lines.append(i).append('\t').append(Arrays.toString(rows[i]).replace(" ", "")).append('\n');
    }
    try (Connection connection = server.connect()) {
      create(connection, COPIED, "");
      long begun = System.nanoTime();
      long copied =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn("COPY copied FROM STDIN", new StringReader(lines.toString()));
      double rate = copied / ((System.nanoTime() - begun) / 1e9);
      Sql.execute(connection, "DROP TABLE " + COPIED);
      return rate;
    }
  }

  private double commitRate(ServerUnderTest server, String table) throws SQLException {
    try (Connection connection = server.connect()) {
      create(connection, table, "PRIMARY KEY");
      BinaryVector.register(connection);
      int commits = 0;
      long begun = System.nanoTime();
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO %s VALUES (?, ?)".formatted(table))) {
        while (System.nanoTime() - begun < COMMIT_NANOS) {
          insert.setLong(1, commits);
          insert.setObject(2, new BinaryVector(vectors[commits % vectors.length]));
          insert.executeUpdate();
          commits++;
        }
      }
      double rate = commits / ((System.nanoTime() - begun) / 1e9);
      Sql.execute(connection, "DROP TABLE " + table);
      return rate;
    }
  }

  static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }

  private interface Measure {
    double rate(ServerUnderTest server) throws SQLException, IOException;
  }
}
