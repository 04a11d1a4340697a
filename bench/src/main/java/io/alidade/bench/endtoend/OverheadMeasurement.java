package io.alidade.bench.endtoend;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/// What a search costs besides searching: the same statement on a table of so few rows that the
/// engine has next to nothing to do.
final class OverheadMeasurement {

  private static final int ROWS = 20;
  private static final int WARM_UP = 20_000;
  private static final int QUERIES = 20_000;

  private final List<ServerUnderTest> servers;
  private final WordNetVectors vectors;

  OverheadMeasurement(List<ServerUnderTest> servers, WordNetVectors vectors) {
    this.servers = servers;
    this.vectors = vectors;
  }

  void run() throws SQLException, IOException {
    for (ServerUnderTest server : servers) {
      try (Connection connection = server.connect()) {
        Sql.execute(connection, "DROP TABLE IF EXISTS few");
        Sql.execute(
            connection,
            "CREATE TABLE few (id bigint PRIMARY KEY, embedding vector(%d))"
                .formatted(vectors.base()[0].length));
        BinaryCopy.send(connection, "few", Arrays.copyOf(vectors.base(), ROWS));
        try (Searches searches = new Searches(connection, "few")) {
          repeat(searches, WARM_UP);
          long cpu = server.processorNanos(connection);
          long begun = System.nanoTime();
          repeat(searches, QUERIES);
          System.out.printf(
              "the same search on %d rows: %s %.0f us CPU, %.0f us wall%n",
              ROWS,
              server.name(),
              (server.processorNanos(connection) - cpu) / 1e3 / QUERIES,
              (System.nanoTime() - begun) / 1e3 / QUERIES);
        }
        Sql.execute(connection, "DROP TABLE few");
      }
    }
  }

  private void repeat(Searches searches, int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      searches.run(vectors.queries()[i % vectors.queries().length]);
    }
  }
}
