package io.alidade.bench.endtoend;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/// Runs a statement for its effect.
public final class Sql {

  private Sql() {}

  public static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
