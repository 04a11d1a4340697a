package io.alidade.bench.endtoend;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// How fast rows come in: by binary COPY without an index, and by single forced INSERT commits.
final class WriteMeasurement {

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
    report("binary COPY without index, rows/s", this::copyRate);
    report("single INSERT commits, forced, 1 client, commits/s", this::commitRate);
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

  private double copyRate(ServerUnderTest server) throws SQLException, IOException {
    try (Connection connection = server.connect()) {
      Sql.execute(connection, "DROP TABLE IF EXISTS copied");
      Sql.execute(
          connection,
          "CREATE TABLE copied (id bigint, embedding vector(%d))".formatted(vectors[0].length));
      long begun = System.nanoTime();
      BinaryCopy.send(connection, "copied", vectors);
      double rate = vectors.length / ((System.nanoTime() - begun) / 1e9);
      Sql.execute(connection, "DROP TABLE copied");
      return rate;
    }
  }

  private double commitRate(ServerUnderTest server) throws SQLException {
    try (Connection connection = server.connect()) {
      Sql.execute(connection, "DROP TABLE IF EXISTS single");
      Sql.execute(
          connection,
          "CREATE TABLE single (id bigint PRIMARY KEY, embedding vector(%d))"
              .formatted(vectors[0].length));
      BinaryVector.register(connection);
      int commits = 0;
      long begun = System.nanoTime();
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO single VALUES (?, ?)")) {
        while (System.nanoTime() - begun < COMMIT_NANOS) {
          insert.setLong(1, commits);
          insert.setObject(2, new BinaryVector(vectors[commits % vectors.length]));
          insert.executeUpdate();
          commits++;
        }
      }
      double rate = commits / ((System.nanoTime() - begun) / 1e9);
      Sql.execute(connection, "DROP TABLE single");
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
