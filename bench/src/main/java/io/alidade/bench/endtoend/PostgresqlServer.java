package io.alidade.bench.endtoend;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// A PostgreSQL with pgvector that runs already, on this machine.
///
/// @param url its JDBC URL
public record PostgresqlServer(String url) implements ServerUnderTest {

  @Override
  public String name() {
    return "postgresql";
  }

  @Override
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  @Override
  public long processorNanos(Connection connection) throws SQLException {
    return ProcessFigures.processorNanos(number(connection, "SELECT pg_backend_pid()"));
  }

  /// Those of the sessions and of what works in the background.
  @Override
  public long allProcessorNanos(Connection connection) throws SQLException {
    long nanos = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pid FROM pg_stat_activity")) {
      while (rows.next()) {
        nanos += ProcessFigures.processorNanos(rows.getLong(1));
      }
    }
    return nanos;
  }

  @Override
  public long residentBytes(Connection connection) throws SQLException {
    return ProcessFigures.residentBytes(number(connection, "SELECT pg_backend_pid()"));
  }

  @Override
  public long bytesOnDisk(Connection connection, String table) throws SQLException {
    return number(connection, "SELECT pg_total_relation_size('" + table + "')");
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() {
    // It was there before us.
  }
}
