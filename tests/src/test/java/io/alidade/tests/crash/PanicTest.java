package io.alidade.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.tests.ServerProcess;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server whose log fails ends itself instead of going on.
@Timeout(120)
class PanicTest {
  private static final long CUT_AT = 1 << 20;
  private static final int TEXT_BYTES = 20_000;

  /// Far more than fits before the cut.
  private static final int MOST_ROWS = 1000;

  @TempDir Path scratch;

  /// The file that is appended to is cut off behind what is written, as no disk should do.
  @Test
  void aServerWhoseLogFailsEndsItselfAndHasLostNothingItAcknowledged() throws Exception {
    Path data = scratch.resolve("data");
    long acknowledged = 0;
    try (ServerProcess server =
        ServerProcess.start(List.of("-XX:ErrorFile=" + scratch.resolve("error.log")), data)) {
      try (Connection c = server.connect();
          Statement s = c.createStatement()) {
        s.execute("CREATE TABLE filled (id bigint PRIMARY KEY, t text)");
        try (FileChannel log = FileChannel.open(logFile(data), StandardOpenOption.WRITE)) {
          assertThat(log.size()).isGreaterThan(CUT_AT);
          log.truncate(CUT_AT);
        }
        acknowledged = insertUntilLost(c);
      }
      assertThat(server.awaitExit()).isNotZero();
      assertThat(acknowledged).isBetween(1L, MOST_ROWS - 1L);
    }
    try (ServerProcess server = ServerProcess.start(data);
        Connection c = server.connect();
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery("SELECT count(*) FROM filled")) {
      rows.next();
      assertThat(rows.getLong(1)).isBetween(acknowledged, acknowledged + 1);
    }
  }

  private static Path logFile(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("log"))) {
      return files
          .filter(it -> it.toString().endsWith(".cq4") && !it.toString().contains("/next-"))
          .max(Comparator.comparing(Path::toString))
          .orElseThrow();
    }
  }

  private static long insertUntilLost(Connection c) throws SQLException {
    long id = 0;
    try (PreparedStatement s = c.prepareStatement("INSERT INTO filled VALUES (?, ?)")) {
      for (; id < MOST_ROWS; id++) {
        s.setLong(1, id);
        s.setString(2, "x".repeat(TEXT_BYTES));
        s.executeUpdate();
      }
    } catch (SQLException lost) {
      assertThat(lost.getSQLState()).as(lost.getMessage()).startsWith("08");
    }
    return id;
  }
}
