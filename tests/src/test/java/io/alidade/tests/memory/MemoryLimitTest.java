package io.alidade.tests.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.tests.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server with a small heap and a small limit for changes: it is loaded with many times the
/// limit, asked for more than it has, and never ends. Without a vector index, which would make it
/// slow on the machine code that tests run on: what graphs take, `MemoryTest` in storage measures.
///
/// `-Dtest.memory.megabytes` says how much is loaded (100).
@Timeout(600)
class MemoryLimitTest {
  private static final int MEGABYTES = Integer.getInteger("test.memory.megabytes", 100);
  private static final int HEAP_MEGABYTES = 256;
  private static final int LIMIT_MEGABYTES = 32;

  /// The Java machine beside its heap: compilers and what they made, classes, threads, buffers; and
  /// what the allocator keeps.
  private static final int OTHER_MEGABYTES = 300;

  private static final int CLIENTS = 3;
  private static final int ROWS_AT_ONCE = 500;

  /// A vector of 64 numbers, and a text of about 700 bytes.
  private static final int ROW_BYTES = 1000;

  private static final String ROWS =
      """
      INSERT INTO items SELECT g, repeat(md5(g::text), 22),
        ARRAY(SELECT sin(g * 7 + d) FROM generate_series(1, 64) d)::vector
      FROM generate_series(%d, %d) g\
      """;

  @TempDir private Path data;

  @Test
  void aLoadOfManyTimesTheLimitStaysWithinItAndKeepsWhatWasAcknowledged() throws Exception {
    long rows = (long) MEGABYTES * (1 << 20) / ROW_BYTES / CLIENTS / ROWS_AT_ONCE * ROWS_AT_ONCE;
    AtomicLong mostMegabytes = new AtomicLong();
    try (ServerProcess server = start()) {
      try (Connection c = server.connect();
          Statement s = c.createStatement()) {
        s.execute("CREATE EXTENSION IF NOT EXISTS vector");
        s.execute("CREATE TABLE items (id bigint PRIMARY KEY, body text, v vector(64))");
      }
      try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
          Connection reading = server.connect()) {
        List<Future<?>> loads = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
          long first = client * 100_000_000L;
          loads.add(threads.submit(() -> load(server, first, rows)));
        }
        while (!loads.stream().allMatch(Future::isDone)) {
          mostMegabytes.accumulateAndGet(ownMegabytes(server.pid()), Math::max);
          assertThat(one(reading, "SELECT count(*) FROM (SELECT id FROM items LIMIT 5) t"))
              .isBetween(0L, 5L);
          Thread.sleep(50);
        }
        for (Future<?> load : loads) {
          load.get();
        }
        assertThat(one(reading, "SELECT count(*) FROM items")).isEqualTo(CLIENTS * rows);
        refuseWhatIsTooMuch(server, reading, CLIENTS * rows);
      }
      mostMegabytes.accumulateAndGet(ownMegabytes(server.pid()), Math::max);
      assertThat(server.stop()).isZero();
    }
    System.out.println("MemoryLimitTest: " + mostMegabytes + " MB of the process's own at most");
    assertThat(mostMegabytes.get())
        .isLessThan(HEAP_MEGABYTES + LIMIT_MEGABYTES * 3 / 2 + OTHER_MEGABYTES);
    try (ServerProcess server = start();
        Connection c = server.connect()) {
      assertThat(one(c, "SELECT count(*) FROM items")).isEqualTo(CLIENTS * rows);
      assertThat(
              one(
                  c,
                  "SELECT id FROM items ORDER BY v <-> (SELECT v FROM items WHERE id = 7) LIMIT 1"))
          .isEqualTo(7);
    }
  }

  private ServerProcess start() {
    return ServerProcess.start(
        List.of("-Xmx" + HEAP_MEGABYTES + "m"),
        data.resolve("data"),
        "-c",
        "alidade.memory_limit=" + LIMIT_MEGABYTES + "MB");
  }

  private static Void load(ServerProcess server, long first, long rows) throws SQLException {
    try (Connection c = server.connect();
        Statement s = c.createStatement()) {
      for (long row = 0; row < rows; row += ROWS_AT_ONCE) {
        s.execute(ROWS.formatted(first + row, first + row + ROWS_AT_ONCE - 1));
      }
    }
    return null;
  }

  /// One transaction, and statements, that take more than there is: each fails, and nobody else.
  private static void refuseWhatIsTooMuch(ServerProcess server, Connection beside, long rows)
      throws SQLException {
    for (String tooMuch :
        List.of(
            ROWS.formatted(300_000_000, 300_200_000),
            "UPDATE items SET body = body || '.'",
            "SELECT array_agg(body) FROM items a, generate_series(1, 20)",
            "SELECT body FROM items a, generate_series(1, 20) ORDER BY body || a.id",
            "SELECT count(*) FROM items a JOIN items b ON a.body || '' = b.body || ''"
                + " JOIN items c ON c.body || '' = a.body || ''")) {
      try (Connection c = server.connect();
          Statement s = c.createStatement()) {
        assertThatThrownBy(() -> s.execute(tooMuch))
            .as(tooMuch)
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("53200"));
        assertThat(one(c, "SELECT 1")).isEqualTo(1);
      }
      assertThat(one(beside, "SELECT count(*) FROM items")).isEqualTo(rows);
    }
  }

  private static long one(Connection c, String query) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet found = s.executeQuery(query)) {
      found.next();
      return found.getLong(1);
    }
  }

  /// What the process has that is no mapped file.
  private static long ownMegabytes(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
      }
    }
    throw new IOException("no RssAnon of process " + pid);
  }
}
