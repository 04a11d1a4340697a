package io.alidade.tests.postgres;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.alidade.tests.ServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/// A server that the same statements are given to.
enum ServerProduct {
  ALIDADE,
  POSTGRESQL;

  /// A server that runs until it is closed.
  interface Running extends AutoCloseable {
    Connection connect() throws SQLException;

    @Override
    void close();
  }

  /// Starts one with nothing in it, or gives the test up where there is none to start.
  Running start(Path directory) {
    return switch (this) {
      case ALIDADE -> alidade(ServerProcess.start(directory.resolve("alidade")));
      case POSTGRESQL -> {
        assumeTrue(
            PostgresqlCluster.isInstalled(),
            "no PostgreSQL 15 server in "
                + PostgresqlCluster.PROGRAMS
                + ": Alidade is not compared with it");
        yield PostgresqlCluster.start();
      }
    };
  }

  private static Running alidade(ServerProcess server) {
    return new Running() {
      @Override
      public Connection connect() throws SQLException {
        return server.connect();
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }
}
