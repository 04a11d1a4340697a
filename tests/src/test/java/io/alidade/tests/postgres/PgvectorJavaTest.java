package io.alidade.tests.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pgvector.PGbit;
import com.pgvector.PGhalfvec;
import com.pgvector.PGvector;
import io.alidade.tests.ServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// pgvector's Java library on pgjdbc, with text and with binary vectors.
class PgvectorJavaTest {

  @TempDir static Path data;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws SQLException {
    server = ServerProcess.start(data);
    try (Connection connection = server.connect();
        Statement s = connection.createStatement()) {
      s.execute("CREATE EXTENSION IF NOT EXISTS vector");
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&prepareThreshold=-1", "&preferQueryMode=simple"})
  void nearestNeighboursByAPreparedVector(String option) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url() + option);
        Statement s = connection.createStatement()) {
      PGvector.registerTypes(connection);
      s.execute("DROP TABLE IF EXISTS items");
      s.execute("CREATE TABLE items (id bigint PRIMARY KEY, embedding vector(3))");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO items VALUES (?, ?)")) {
        for (int i = 0; i < 20; i++) {
          insert.setLong(1, i);
          insert.setObject(2, new PGvector(new float[] {i, i, i}));
          insert.addBatch();
        }
        insert.executeBatch();
      }
      s.execute("CREATE INDEX ON items USING hnsw (embedding vector_l2_ops)");
      try (PreparedStatement query =
          connection.prepareStatement(
              "SELECT id, embedding, embedding <-> ? AS distance FROM items"
                  + " ORDER BY embedding <-> ? LIMIT 3")) {
        for (int run = 0; run < 7; run++) { // From the fifth run on, results are binary.
          PGvector sought = new PGvector(new float[] {7.2f, 7.2f, 7.2f});
          query.setObject(1, sought);
          query.setObject(2, sought);
          List<Long> ids = new ArrayList<>();
          try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              ids.add(rows.getLong(1));
              float expected = rows.getLong(1);
              assertThat(((PGvector) rows.getObject(2)).toArray())
                  .containsExactly(expected, expected, expected);
              assertThat(rows.getDouble(3))
                  .isCloseTo(
                      Math.sqrt(3) * Math.abs(expected - 7.2),
                      org.assertj.core.data.Offset.offset(1e-5));
            }
          }
          assertThat(ids).containsExactly(7L, 8L, 6L);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&prepareThreshold=-1", "&preferQueryMode=simple"})
  void halfvecsAndBitsGoThereAndBack(String option) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.url() + option);
        Statement s = connection.createStatement()) {
      PGvector.registerTypes(connection);
      PGbit.registerType(connection);
      s.execute("DROP TABLE IF EXISTS narrow");
      s.execute("CREATE TABLE narrow (id bigint PRIMARY KEY, half halfvec(3), bits bit(10))");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO narrow VALUES (?, ?, ?)")) {
        for (int i = 0; i < 20; i++) {
          insert.setLong(1, i);
          insert.setObject(2, new PGhalfvec(new float[] {i, i, i}));
          insert.setObject(3, new PGbit(digits(i)));
          insert.addBatch();
        }
        insert.executeBatch();
      }
      s.execute("CREATE INDEX ON narrow USING hnsw (half halfvec_l2_ops)");
      s.execute("CREATE INDEX ON narrow USING hnsw (bits bit_hamming_ops)");
      try (PreparedStatement byHalf =
              connection.prepareStatement(
                  "SELECT id, half, bits FROM narrow ORDER BY half <-> ? LIMIT 1");
          PreparedStatement byBits =
              connection.prepareStatement(
                  "SELECT id, half, bits FROM narrow ORDER BY bits <~> ? LIMIT 1")) {
        byHalf.setObject(1, new PGhalfvec(new float[] {7.2f, 7.2f, 7.2f}));
        byBits.setObject(1, new PGbit(digits(13)));
        for (int run = 0; run < 7; run++) { // From the fifth run on, results are binary.
          requireRow(byHalf, 7);
          requireRow(byBits, 13);
        }
      }
    }
  }

  private static String digits(int number) {
    return "%10s".formatted(Integer.toBinaryString(number)).replace(' ', '0');
  }

  private static void requireRow(PreparedStatement query, int id) throws SQLException {
    try (ResultSet rows = query.executeQuery()) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getLong(1)).isEqualTo(id);
      assertThat(((PGhalfvec) rows.getObject(2)).toArray()).containsExactly(id, id, id);
      assertThat(((PGbit) rows.getObject(3)).getValue()).isEqualTo(digits(id));
    }
  }

  @Test
  void aVectorOfTheWrongLengthIsRefusedAndNothingIsLost() throws SQLException {
    try (Connection connection = server.connect();
        Statement s = connection.createStatement()) {
      PGvector.registerTypes(connection);
      s.execute("DROP TABLE IF EXISTS short");
      s.execute("CREATE TABLE short (embedding vector(3))");
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO short VALUES (?)")) {
        insert.setObject(1, new PGvector(new float[] {1, 2}));
        assertThatThrownBy(insert::executeUpdate)
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22000"))
            .hasMessageContaining("expected 3 dimensions, not 2");
        insert.setObject(1, new PGvector(new float[] {1, 2, 3}));
        assertThat(insert.executeUpdate()).isEqualTo(1);
      }
    }
  }
}
