package io.alidade.bench.endtoend;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What an HNSW index costs an UPDATE that leaves the vectors alone: one column of all rows, in a
/// table with the index and in the same table without it, in turn.
final class UpdateMeasurement {
  private static final int WARM_UP_ROUNDS = 1;

  private final List<ServerUnderTest> servers;
  private final float[][] vectors;
  private final int rounds;

  UpdateMeasurement(List<ServerUnderTest> servers, float[][] vectors, int rounds) {
    this.servers = servers;
    this.vectors = vectors;
    this.rounds = rounds;
  }

  void run() throws SQLException, IOException {
    for (ServerUnderTest server : servers) {
      try (Connection connection = server.connect()) {
        measure(server, connection);
      }
    }
  }

  private void measure(ServerUnderTest server, Connection connection)
      throws SQLException, IOException {
    load(connection, "updated_plain");
    load(connection, "updated_indexed");
    Sql.execute(
        connection, "CREATE INDEX ON updated_indexed USING hnsw (embedding vector_cosine_ops)");
    List<Double> plain = new ArrayList<>();
    List<Double> indexed = new ArrayList<>();
    for (int round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
      Sql.execute(connection, "CHECKPOINT");
      double without = update(connection, "updated_plain");
      double with = update(connection, "updated_indexed");
      if (round >= WARM_UP_ROUNDS) {
        plain.add(without);
        indexed.add(with);
      }
    }
    System.out.printf(
        "UPDATE of one column of %d rows: %s %.2f s, with an HNSW index %.2f s"
            + " (medians of %d; ratio %.2f)%n",
        vectors.length,
        server.name(),
        WriteMeasurement.median(plain),
        WriteMeasurement.median(indexed),
        rounds,
        WriteMeasurement.median(indexed) / WriteMeasurement.median(plain));
    Sql.execute(connection, "DROP TABLE updated_plain, updated_indexed");
  }

  private void load(Connection connection, String table) throws SQLException, IOException {
    Sql.execute(connection, "DROP TABLE IF EXISTS " + table);
    Sql.execute(
        connection,
        "CREATE TABLE %s (id bigint PRIMARY KEY, price integer DEFAULT 0, embedding vector(%d))"
            .formatted(table, vectors[0].length));
    BinaryCopy.send(connection, table, vectors);
  }

  private static double update(Connection connection, String table) throws SQLException {
    long begun = System.nanoTime();
    Sql.execute(connection, "UPDATE " + table + " SET price = price + 1");
    return (System.nanoTime() - begun) / 1e9;
  }
}
