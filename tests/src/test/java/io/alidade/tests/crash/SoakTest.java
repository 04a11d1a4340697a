package io.alidade.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.storage.CheckReport;
import io.alidade.storage.DatabaseCheck;
import io.alidade.tests.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server under a mixed load for long: inserts, updates, deletes, COPY, searches, indexes that
/// come and go, checkpoints, VACUUM. In the end every row is as its writer's model has it, and
/// memory and disk have stayed within bounds.
///
/// `-Dtest.soak.seconds` says how long (60), `-Dtest.seed` repeats the writers' choices.
class SoakTest {
  private static final int SECONDS = Integer.getInteger("test.soak.seconds", 60);
  private static final int WRITERS = 3;
  private static final int HEAP_MEGABYTES = 384;

  /// Beside the heap: the compilers and what they made, classes, threads, network buffers, and rows
  /// and graphs of the mutable segments, which lie outside of the heap.
  private static final int OTHER_MEGABYTES = 640;

  /// The log: the directory in use, the next, and at most two that a checkpoint under way still
  /// needs, of 64 MB each; the rows are some megabytes, and as many again while they are merged.
  private static final int DISK_MEGABYTES = 4 * 64 + 100;

  /// How long a load must last until growth means something.
  private static final int LONG_SECONDS = 900;

  private static final List<String> UPKEEP =
      List.of(
          "CHECKPOINT",
          "CREATE INDEX items_price ON items (price)",
          "VACUUM items",
          "DROP INDEX items_hnsw",
          "CREATE INDEX items_hnsw ON items USING hnsw (v vector_l2_ops)",
          "CHECKPOINT",
          "DROP INDEX items_price",
          "VACUUM FULL items");

  @TempDir Path data;

  private final long seed = Long.getLong("test.seed", System.nanoTime());
  private final List<SoakWriter> writers = new ArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<Long> ownMegabytes = new ArrayList<>();
  private long mostDiskMegabytes;
  private volatile boolean stopped;

  @Test
  void everyAnswerIsRightAndMemoryAndDiskStayBounded() throws Exception {
    System.out.println("SoakTest: seed " + seed + ", seconds " + SECONDS);
    try (ServerProcess server = start()) {
      try (Connection c = server.connect();
          Statement s = c.createStatement()) {
        s.execute("CREATE EXTENSION IF NOT EXISTS vector");
        s.execute(
            "CREATE TABLE items (id bigint PRIMARY KEY, word text, price int, v vector("
                + SoakWriter.DIMENSIONS
                + "))");
        s.execute("CREATE INDEX items_hnsw ON items USING hnsw (v vector_l2_ops)");
      }
      load(server);
      assertThat(failures).as("failures of clients, seed %d", seed).isEmpty();
      verify(server);
      assertThat(server.stop()).isZero();
    }
    CheckReport report = DatabaseCheck.run(data, DatabaseCheck.Mode.VERIFY);
    assertThat(report.isSound()).as("%s", report).isTrue();
    try (ServerProcess server = start()) {
      verify(server);
    }
    verifyBounds();
  }

  private ServerProcess start() {
    return ServerProcess.start(List.of("-Xmx" + HEAP_MEGABYTES + "m"), data);
  }

  private void load(ServerProcess server) throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      SoakWriter writer = new SoakWriter(i, WRITERS, seed);
      writers.add(writer);
      threads.add(client(server, writer::step));
    }
    threads.add(client(server, new SoakSearches(seed)::step));
    int[] turn = {0};
    threads.add(
        client(
            server,
            c -> {
              run(c, UPKEEP.get(turn[0]++ % UPKEEP.size()));
              TimeUnit.MILLISECONDS.sleep(500);
            }));
    for (int second = 0; second < SECONDS && failures.isEmpty(); second++) {
      TimeUnit.SECONDS.sleep(1);
      ownMegabytes.add(ownMegabytes(server.pid()));
      mostDiskMegabytes = Math.max(mostDiskMegabytes, diskBytes() >> 20);
    }
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /// What a client does again and again.
  private interface Step {
    void run(Connection connection) throws SQLException, IOException, InterruptedException;
  }

  private Thread client(ServerProcess server, Step step) {
    return Thread.ofPlatform()
        .start(() -> {
          try (Connection c = server.connect()) {
            while (!stopped) {
              step.run(c);
            }
          } catch (Throwable e) { // Assertions, too: the test fails with it.
            failures.add(e);
          }
        });
  }

  private void verify(ServerProcess server) throws SQLException {
    Map<Long, String> expected = new TreeMap<>();
    writers.forEach(writer -> expected.putAll(writer.model()));
    Map<Long, String> actual = new TreeMap<>();
    try (Connection c = server.connect();
        Statement s = c.createStatement()) {
      try (ResultSet rows = s.executeQuery("SELECT id, word, price, v::text FROM items")) {
        while (rows.next()) {
          actual.put(
              rows.getLong(1),
              SoakWriter.contents(rows.getString(2), rows.getInt(3), rows.getString(4)));
        }
      }
      assertThat(actual).as("all rows, seed %d", seed).isEqualTo(expected);
      verifyAnswers(s, expected);
    }
    assertThat(expected).as("the load has left rows").hasSizeGreaterThan(100);
  }

  /// By key, by an indexed column, and the nearest to what is stored, which is itself.
  private void verifyAnswers(Statement s, Map<Long, String> expected) throws SQLException {
    List<Long> ids = new ArrayList<>(expected.keySet());
    Random random = new Random(seed);
    int found = 0;
    int asked = 100;
    for (int i = 0; i < asked; i++) {
      long id = ids.get(random.nextInt(ids.size()));
      String[] parts = SoakWriter.parts(expected.get(id));
      String byKey = "SELECT count(*) FROM items WHERE id = " + id + " AND price = " + parts[1];
      assertThat(number(s, byKey)).as("row %d, seed %d", id, seed).isEqualTo(1);
      String nearest =
          "SELECT v <-> '%s' FROM items ORDER BY v <-> '%s' LIMIT 1".formatted(parts[2], parts[2]);
      found += decimal(s, nearest) == 0 ? 1 : 0;
    }
    assertThat(found).as("stored vectors that are found, seed %d", seed).isGreaterThan(95);
  }

  private void verifyBounds() {
    long most = ownMegabytes.stream().mapToLong(Long::longValue).max().orElse(0);
    System.out.printf("SoakTest: most own memory %d MB, disk %d MB%n", most, mostDiskMegabytes);
    assertThat(most).as("own memory, MB").isLessThan(HEAP_MEGABYTES + OTHER_MEGABYTES);
    assertThat(mostDiskMegabytes).as("disk, MB").isLessThan(DISK_MEGABYTES);
    int count = ownMegabytes.size();
    if (count >= LONG_SECONDS) {
      long early = most(ownMegabytes.subList(count / 4, count / 2));
      long late = most(ownMegabytes.subList(count * 3 / 4, count));
      assertThat(late).as("own memory in the end, MB, early %d", early).isLessThan(early * 5 / 4);
    }
  }

  private static long most(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /// Anonymous memory: mapped files belong to the page cache.
  private static long ownMegabytes(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.isReadable(status)) {
      return 0; // Not on this system.
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
        .sum();
  }

  private long diskBytes() throws IOException {
    long bytes = 0;
    List<Path> files;
    try (Stream<Path> walked = Files.walk(data)) {
      files = walked.toList();
    } catch (java.io.UncheckedIOException e) {
      return 0; // A directory went meanwhile; the next second looks again.
    }
    for (Path file : files) {
      try {
        bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
      } catch (NoSuchFileException e) {
        bytes += 0; // It went meanwhile.
      }
    }
    return bytes;
  }

  private static void run(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }

  private static long number(Statement s, String sql) throws SQLException {
    try (ResultSet rows = s.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static double decimal(Statement s, String sql) throws SQLException {
    try (ResultSet rows = s.executeQuery(sql)) {
      rows.next();
      return rows.getDouble(1);
    }
  }

  /// Asks for neighbours and looks whether the answer can be one.
  private static final class SoakSearches {
    private static final int K = 10;
    private final Random random;

    SoakSearches(long seed) {
      random = new Random(seed + WRITERS);
    }

    void step(Connection c) throws SQLException {
      String query = SoakWriter.vector(random);
      Map<Long, Double> seen = new HashMap<>();
      double last = 0;
      try (Statement s = c.createStatement();
          ResultSet rows =
              s.executeQuery(
                  "SELECT id, v <-> '%s' AS d FROM items ORDER BY d LIMIT %d"
                      .formatted(query, K))) {
        while (rows.next()) {
          assertThat(seen.put(rows.getLong(1), rows.getDouble(2))).as("a row twice").isNull();
          assertThat(rows.getDouble(2)).as("distances in order").isGreaterThanOrEqualTo(last);
          last = rows.getDouble(2);
        }
      }
      assertThat(seen.size()).isLessThanOrEqualTo(K);
    }
  }
}
