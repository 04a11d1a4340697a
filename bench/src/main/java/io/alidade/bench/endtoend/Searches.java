package io.alidade.bench.endtoend;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/// The prepared search `ORDER BY embedding <=> $1 LIMIT 10`, its parameter and result binary.
public final class Searches implements AutoCloseable {

  private final PreparedStatement statement;

  public Searches(Connection connection, String table) throws SQLException {
    BinaryVector.register(connection);
    statement =
        connection.prepareStatement(
            "SELECT id FROM " + table + " ORDER BY embedding <=> ? LIMIT " + EndToEnd.K);
  }

  /// @return the ids found, nearest first
  public int[] run(float[] query) throws SQLException {
    statement.setObject(1, new BinaryVector(query));
    int[] ids = new int[EndToEnd.K];
    int found = 0;
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        ids[found++] = (int) rows.getLong(1);
      }
    }
    if (found != EndToEnd.K) {
      throw new IllegalStateException(found + " rows came back instead of " + EndToEnd.K);
    }
    return ids;
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
