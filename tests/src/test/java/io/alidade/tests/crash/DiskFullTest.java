package io.alidade.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.storage.CheckReport;
import io.alidade.storage.DatabaseCheck;
import io.alidade.tests.ServerProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The disk of a server is full; skipped where nothing can be mounted.
@Timeout(300)
class DiskFullTest {
  private static final String DISK_FULL = "53100";
  private static final int DISK_MEGABYTES = 256;
  private static final int BALLAST_MEGABYTES = 100;
  private static final int TEXT_BYTES = 100_000;

  /// More rows than fit.
  private static final int MOST_ROWS = 10 * DISK_MEGABYTES;

  @TempDir Path scratch;

  private static void createTable(ServerProcess server) throws SQLException {
    try (Connection c = server.connect();
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE filled (id bigint PRIMARY KEY, t text)");
    }
  }

  private static void insert(Connection c, long id) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("INSERT INTO filled VALUES (?, ?)")) {
      s.setLong(1, id);
      s.setString(2, "x".repeat(TEXT_BYTES));
      s.executeUpdate();
    }
  }

  /// @return how many rows were committed; the next one was refused
  private static long insertUntilFull(Connection c) {
    for (long id = 0; id < MOST_ROWS; id++) {
      try {
        insert(c, id);
      } catch (SQLException full) {
        assertThat(full.getSQLState()).as(full.getMessage()).isEqualTo(DISK_FULL);
        assertThat(full.getMessage()).contains("No space left on device");
        return id;
      }
    }
    throw new AssertionError("the disk never was full");
  }

  /// Takes all the space that there is.
  private static Path fill(Path directory) throws IOException {
    Path rest = directory.resolve("rest");
    byte[] block = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(rest)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full.getMessage()).contains("No space left");
    }
    return rest;
  }

  private static long number(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet rows = s.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void aFullDiskRefusesWritesUntilThereIsSpaceAndNothingElse() throws Exception {
    LoopDisk.assumePossible(scratch);
    try (LoopDisk disk =
        LoopDisk.make(scratch.resolve("disk.img"), scratch.resolve("disk"), DISK_MEGABYTES)) {
      Path data = disk.path().resolve("data");
      Path ballast = disk.path().resolve("ballast");
      Files.write(ballast, new byte[BALLAST_MEGABYTES << 20]);
      long rows;
      try (ServerProcess server = ServerProcess.start(data);
          Connection c = server.connect()) {
        createTable(server);
        rows = insertUntilFull(c);
        assertThat(rows).as("rows before the disk was full").isPositive();
        assertThat(number(c, "SELECT count(*) FROM filled")).isEqualTo(rows);
        assertThat(number(c, "SELECT sum(length(t)) FROM filled")).isEqualTo(rows * TEXT_BYTES);
        assertThatThrownBy(() -> insert(c, MOST_ROWS)).hasMessageContaining("No space left");
        Path rest = fill(disk.path());
        assertThatThrownBy(() -> number(c, "CHECKPOINT"))
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(DISK_FULL));
        try (Stream<Path> segments = Files.list(data.resolve("segments"))) {
          assertThat(segments).as("halves of files").isEmpty();
        }

        Files.delete(rest);
        Files.delete(ballast);
        insert(c, rows);
        insert(c, rows + 1);
        rows += 2;
        assertThat(number(c, "SELECT count(*) FROM filled")).isEqualTo(rows);
        server.kill();
      }
      CheckReport report = DatabaseCheck.run(data, DatabaseCheck.Mode.VERIFY);
      assertThat(report.isSound()).as("%s", report).isTrue();
      try (ServerProcess server = ServerProcess.start(data);
          Connection c = server.connect()) {
        assertThat(number(c, "SELECT count(*) FROM filled")).isEqualTo(rows);
        assertThat(number(c, "SELECT count(DISTINCT id) FROM filled WHERE id < " + rows))
            .isEqualTo(rows);
      }
    }
  }
}
