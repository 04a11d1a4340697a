package io.alidade.bench.endtoend;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Index build, then recall and the server's processor time per query at each `ef`.
final class SearchMeasurement {

  /// Queries run before anything is counted, so that the JVM has compiled what it will run.
  private static final int WARM_UP = 4000;

  private final List<ServerUnderTest> servers;
  private final WordNetVectors vectors;
  private final int[] efs;
  private final int rounds;

  SearchMeasurement(List<ServerUnderTest> servers, WordNetVectors vectors, int[] efs, int rounds) {
    this.servers = servers;
    this.vectors = vectors;
    this.efs = efs;
    this.rounds = rounds;
  }

  void run() throws SQLException, IOException {
    int[][] truth = Exact.neighbors(vectors.base(), vectors.queries(), EndToEnd.K);
    List<Client> clients = new ArrayList<>();
    for (ServerUnderTest server : servers) {
      build(server);
      clients.add(new Client(server, server.connect()));
    }
    System.out.println("server ef recall@10 cpu_us wall_us");
    for (int ef : efs) {
      measure(clients, ef, truth);
    }
    for (Client client : clients) {
      System.out.printf(
          "%s: %.0f MB on disk, %d MB resident%n",
          client.server.name(),
          client.server.bytesOnDisk(client.connection, "items") / 1e6,
          client.server.residentBytes(client.connection) >> 20);
      client.connection.close();
    }
  }

  private void build(ServerUnderTest server) throws SQLException, IOException {
    try (Connection connection = server.connect()) {
      Sql.execute(connection, "DROP TABLE IF EXISTS items");
      Sql.execute(
          connection,
          "CREATE TABLE items (id bigint PRIMARY KEY, embedding vector(%d))"
              .formatted(vectors.base()[0].length));
      BinaryCopy.send(connection, "items", vectors.base());
      long cpu = server.processorNanos(connection);
      long begun = System.nanoTime();
      Sql.execute(
          connection,
          "CREATE INDEX ON items USING hnsw (embedding vector_cosine_ops)"
              + " WITH (m = 16, ef_construction = 64)");
      System.out.printf(
          "index build on %d rows: %s %.1f s, %.1f s of the session's server process CPU%n",
          vectors.base().length,
          server.name(),
          (System.nanoTime() - begun) / 1e9,
          (server.processorNanos(connection) - cpu) / 1e9);
      Sql.execute(connection, "CHECKPOINT");
    }
  }

  private void measure(List<Client> clients, int ef, int[][] truth) throws SQLException {
    List<List<Pass>> passes = new ArrayList<>();
    for (Client client : clients) {
      Sql.execute(client.connection, client.server.setEf(ef));
      client.warmUp();
      passes.add(new ArrayList<>());
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < clients.size(); i++) {
        passes.get(i).add(clients.get(i).pass(truth));
      }
    }
    for (int i = 0; i < clients.size(); i++) {
      List<Pass> of = passes.get(i);
      System.out.printf(
          "%s %d %.4f %.0f %.0f%n",
          clients.get(i).server.name(),
          ef,
          of.getFirst().recall,
          WriteMeasurement.median(of.stream().map(Pass::cpuMicros).toList()),
          WriteMeasurement.median(of.stream().map(Pass::wallMicros).toList()));
    }
  }

  private record Pass(double recall, double cpuMicros, double wallMicros) {}

  private final class Client {
    private final ServerUnderTest server;
    private final Connection connection;
    private final Searches searches;
    private boolean warm;

    Client(ServerUnderTest server, Connection connection) throws SQLException {
      this.server = server;
      this.connection = connection;
      this.searches = new Searches(connection, "items");
    }

    void warmUp() throws SQLException {
      int count = warm ? vectors.queries().length / 2 : WARM_UP;
      for (int i = 0; i < count; i++) {
        searches.run(vectors.queries()[i % vectors.queries().length]);
      }
      warm = true;
    }

    Pass pass(int[][] truth) throws SQLException {
      int hits = 0;
      long cpu = server.processorNanos(connection);
      long begun = System.nanoTime();
      int[][] found = new int[truth.length][];
      for (int q = 0; q < truth.length; q++) {
        found[q] = searches.run(vectors.queries()[q]);
      }
      double wall = (System.nanoTime() - begun) / 1e3 / truth.length;
      double used = (server.processorNanos(connection) - cpu) / 1e3 / truth.length;
      for (int q = 0; q < truth.length; q++) {
        Set<Integer> expected = new HashSet<>(Arrays.stream(truth[q]).boxed().toList());
        hits += (int) Arrays.stream(found[q]).filter(expected::contains).count();
      }
      return new Pass(hits / (double) (truth.length * EndToEnd.K), used, wall);
    }
  }
}
