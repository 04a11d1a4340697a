package io.alidade.tests.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// A client's session, whose statements run one after the other on a thread of its own; outcomes
/// are told as a [Schedule] tells them.
final class TestSession implements AutoCloseable {
  private final Connection connection;
  private final Statement statement;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("session").factory());

  TestSession(ServerProduct.Running server) throws SQLException {
    this.connection = server.connect();
    this.statement = connection.createStatement();
  }

  /// Runs a statement on the session's thread.
  CompletableFuture<String> submit(String sql) {
    return submit(() -> run(sql));
  }

  <T> CompletableFuture<T> submit(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, thread);
  }

  /// Runs a statement on the calling thread.
  String run(String sql) {
    try {
      if (!statement.execute(sql)) {
        return "changes " + statement.getUpdateCount();
      }
      try (ResultSet rows = statement.getResultSet()) {
        return toText(rows);
      }
    } catch (SQLException e) {
      return Schedule.FAILS + e.getSQLState();
    }
  }

  private static String toText(ResultSet rows) throws SQLException {
    StringJoiner all = new StringJoiner(" ").setEmptyValue("nothing");
    while (rows.next()) {
      StringJoiner row = new StringJoiner(",", "(", ")");
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        row.add(rows.getString(i));
      }
      all.add(row.toString());
    }
    return all.toString();
  }

  /// Ends the session, whatever it is doing, and so its transaction.
  @Override
  public void close() throws SQLException {
    thread.shutdown();
    if (!thread.isTerminated()) {
      statement.cancel();
    }
    thread.close();
    connection.close();
  }
}
