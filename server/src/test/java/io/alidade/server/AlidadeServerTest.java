package io.alidade.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AlidadeServerTest {
  @TempDir private Path directory;

  @Test
  void whatIsCommittedIsThereAfterARestart() throws Exception {
    try (AlidadeServer server = AlidadeServer.start(configuration(0))) {
      run(server, "CREATE TABLE t (id int PRIMARY KEY, name text)");
      run(server, "INSERT INTO t VALUES (1, 'one'), (2, 'two')");
    }
    try (AlidadeServer server = AlidadeServer.start(configuration(0))) {
      assertThat(value(server, "SELECT name FROM t WHERE id = 2")).isEqualTo("two");
    }
  }

  @Test
  void theReadyLineSaysWhereItIs() throws Exception {
    try (AlidadeServer server = AlidadeServer.start(configuration(0))) {
      assertThat(server.readyLine())
          .matches("alidade ready pg=127\\.0\\.0\\.1:[1-9]\\d+ http=off data=" + data());
    }
  }

  @Test
  void embedIsTheSameInSqlAndInTheServer() throws Exception {
    try (AlidadeServer server = AlidadeServer.start(configuration(0))) {
      run(server, "CREATE EXTENSION vector");
      assertThat(value(server, "SELECT vector_dims(embed('a small boat'))")).isEqualTo("384");
      StringBuilder vector = new StringBuilder("[");
      for (float x : server.textEmbedder().embed("a small boat")) {
        vector.append(vector.length() == 1 ? "" : ",").append(x);
      }
      String sql = "SELECT (embed('a small boat') <-> '" + vector + "]') < 1e-6";
      assertThat(value(server, sql)).isEqualTo("t");
    }
  }

  @Test
  void aPortThatIsTakenIsOneSentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> AlidadeServer.start(configuration(taken.getLocalPort())))
          .isInstanceOf(StartupException.class)
          .hasMessage(
              "cannot listen on 127.0.0.1:"
                  + taken.getLocalPort()
                  + ": the port is taken or not allowed; choose another with --pg-port");
    }
    AlidadeServer.start(configuration(0)).close(); // Nothing was left open.
  }

  @Test
  void aDirectoryThatIsInUseIsOneSentence() throws Exception {
    try (AlidadeServer server = AlidadeServer.start(configuration(0))) {
      assertThat(server.data()).isEqualTo(data());
      assertThatThrownBy(() -> AlidadeServer.start(configuration(0)))
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("in use")
          .hasMessageContaining(data().toString());
    }
  }

  @Test
  void aDirectoryThatIsNotOursIsOneSentenceAndLeftAlone() throws Exception {
    Files.createDirectories(data());
    Files.writeString(data().resolve("holiday.txt"), "sun");
    assertThatThrownBy(() -> AlidadeServer.start(configuration(0)))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining(data().toString());
    assertThat(data()).isDirectoryNotContaining(f -> !f.endsWith("holiday.txt"));
  }

  @Test
  void aSecondCloseDoesNothing() throws Exception {
    AlidadeServer server = AlidadeServer.start(configuration(0));
    server.close();
    server.close();
  }

  @Test
  void anIndexBeyondTheLimitOfPinnedMemoryIsCached() throws Exception {
    String create =
        "CREATE INDEX v ON t USING hnsw (embedding vector_l2_ops) WITH (memory = pinned)";
    String residence = "SELECT residence FROM alidade_vector_indexes";
    try (AlidadeServer server = AlidadeServer.start(configuration(0))) {
      run(server, "CREATE TABLE t (id int PRIMARY KEY, embedding vector(3))");
      run(
          server, // So many that the index gets a file of its own.
          "INSERT INTO t SELECT g, ARRAY[g, g, 1]::float4[]::vector FROM generate_series(1, 100)"
              + " g");
      run(server, create);
      run(server, "CHECKPOINT");
    }
    try (AlidadeServer server = AlidadeServer.start(configuration(0))) {
      assertThat(value(server, "SHOW alidade.pinned_memory_limit")).isEqualTo("2GB");
      assertThat(value(server, residence)).isEqualTo("pinned");
    }
    Map<String, String> nothing = Map.of("alidade.pinned_memory_limit", "0");
    ServerConfiguration small = new ServerConfiguration(data(), "127.0.0.1", 0, nothing);
    try (AlidadeServer server = AlidadeServer.start(small)) {
      assertThat(value(server, "SHOW alidade.pinned_memory_limit")).isEqualTo("0");
      assertThat(value(server, residence)).isEqualTo("cached");
      assertThatThrownBy(() -> run(server, create.replace(" v ", " w ")))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("does not fit into the memory for pinned indexes");
    }
  }

  private Path data() {
    return directory.resolve("data");
  }

  private ServerConfiguration configuration(int port) {
    return new ServerConfiguration(data(), "127.0.0.1", port, Map.of());
  }

  private static void run(AlidadeServer server, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String value(AlidadeServer server, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).isTrue();
      return result.getString(1);
    }
  }
}
