package io.alidade.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;

/// A running server as the commands reach it: over PostgreSQL's protocol, a megabyte at a time.
final class ServerConnection {
  static final String DEFAULT_URL = "jdbc:postgresql://127.0.0.1:5432/alidade";

  private static final int UPLOAD_BYTES = 1 << 20;

  private ServerConnection() {}

  static Connection open(Optional<String> url) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "alidade");
    properties.setProperty("ApplicationName", "alidade");
    properties.setProperty("prepareThreshold", "-1"); // Bytes as bytes, from the first row on.
    return DriverManager.getConnection(SqlCommand.jdbcUrl(url.orElse(DEFAULT_URL)), properties);
  }

  /// Writes a backup of everything, or of one table.
  static void download(Connection connection, Optional<String> table, OutputStream out)
      throws SQLException, IOException {
    connection.setAutoCommit(false); // Only then the driver takes rows as it needs them.
    String sql =
        table.isPresent()
            ? "SELECT chunk FROM alidade_backup(?)"
            : "SELECT chunk FROM alidade_backup()";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setFetchSize(1);
      if (table.isPresent()) {
        statement.setString(1, table.get());
      }
      try (ResultSet chunks = statement.executeQuery()) {
        while (chunks.next()) {
          out.write(chunks.getBytes(1));
        }
      }
    }
    connection.commit();
  }

  /// Sends a backup, which the server keeps as a snapshot.
  static void upload(Connection connection, String name, InputStream in)
      throws SQLException, IOException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT alidade_upload_snapshot(?, ?, ?)")) {
      byte[] buffer = new byte[UPLOAD_BYTES];
      long at = 0;
      int length = in.readNBytes(buffer, 0, buffer.length);
      while (length > 0) {
        statement.setString(1, name);
        statement.setLong(2, at);
        statement.setBytes(3, length == buffer.length ? buffer : Arrays.copyOf(buffer, length));
        statement.executeQuery().close();
        at += length;
        length = in.readNBytes(buffer, 0, buffer.length);
      }
    }
    run(connection, "SELECT * FROM alidade_receive_snapshot(?)", name);
  }

  /// Runs a query with texts for parameters and forgets what it answers.
  static void run(Connection connection, String sql, String... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      statement.executeQuery().close();
    }
  }
}
