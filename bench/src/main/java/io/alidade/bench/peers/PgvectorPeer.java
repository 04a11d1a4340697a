package io.alidade.bench.peers;

import io.alidade.bench.endtoend.BinaryCopy;
import io.alidade.bench.endtoend.PostgresqlServer;
import io.alidade.bench.endtoend.Searches;
import io.alidade.bench.endtoend.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;

/// pgvector in a PostgreSQL that runs already; the processor time is that of the server process of
/// one connection, so parsing, planning and sending count.
final class PgvectorPeer implements MeasuredPeer {

  private final PostgresqlServer server;
  private final Connection connection;
  private final BuildFigures build;
  private final float[][] queries;
  private final float[][] untimed;
  private final Searches searches;

  private PgvectorPeer(
      PostgresqlServer server,
      Connection connection,
      BuildFigures build,
      float[][] queries,
      float[][] untimed,
      Searches searches) {
    this.server = server;
    this.connection = connection;
    this.build = build;
    this.queries = queries;
    this.untimed = untimed;
    this.searches = searches;
  }

  /// Connects, and loads and indexes the table unless an earlier run has.
  ///
  /// @param figures where it is kept what the build has taken
  static PgvectorPeer open(String url, String table, Workload workload, Path figures)
      throws IOException {
    PostgresqlServer server = new PostgresqlServer(url);
    try {
      Connection connection = server.connect();
      BuildFigures built =
          Files.exists(figures)
              ? BuildFigures.read(figures)
              : build(server, connection, table, workload);
      built.write(figures);
      Sql.execute(connection, "SET enable_seqscan = off");
      return new PgvectorPeer(
          server,
          connection,
          built,
          workload.openQueries().rows(),
          workload.untimedQueries(),
          new Searches(connection, table));
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static BuildFigures build(
      PostgresqlServer server, Connection connection, String table, Workload workload)
      throws SQLException, IOException {
    Sql.execute(connection, "CREATE EXTENSION IF NOT EXISTS vector");
    Sql.execute(connection, "DROP TABLE IF EXISTS " + table);
    Sql.execute(
        connection,
        "CREATE TABLE %s (id bigint, embedding vector(%d))"
            .formatted(table, workload.dimensions()));
    BinaryCopy.send(connection, table, workload.openBase().rows());
    Sql.execute(connection, "SET max_parallel_maintenance_workers = 0"); // One thread.
    Sql.execute(connection, "SET maintenance_work_mem = '2GB'");
    long begun = System.nanoTime();
    long cpu = server.processorNanos(connection);
    Sql.execute(
        connection,
        "CREATE INDEX ON %s USING hnsw (embedding vector_cosine_ops) WITH (m = %d, ef_construction = %d)"
            .formatted(table, Workload.M, Workload.EF_CONSTRUCTION));
    return new BuildFigures(
        server.processorNanos(connection) - cpu,
        System.nanoTime() - begun,
        server.bytesOnDisk(connection, table));
  }

  @Override
  public PeerKind kind() {
    return PeerKind.PGVECTOR;
  }

  @Override
  public BuildFigures build() {
    return build;
  }

  @Override
  public Pass pass(int ef) throws IOException {
    int[] found = new int[queries.length * Workload.K];
    Arrays.fill(found, -1);
    try {
      Sql.execute(connection, "SET hnsw.ef_search = " + ef);
      for (float[] query : untimed) {
        searches.run(query);
      }
      long begun = System.nanoTime();
      long cpu = server.processorNanos(connection);
      for (int q = 0; q < queries.length; q++) {
        int[] ids = searches.run(queries[q]);
        System.arraycopy(ids, 0, found, q * Workload.K, ids.length);
      }
      cpu = server.processorNanos(connection) - cpu;
      return new Pass(found, cpu, System.nanoTime() - begun, -1);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
