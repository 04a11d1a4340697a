package io.alidade.tests.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.tests.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `alidade backup` and `alidade restore` against a running server: under load, with a table beside
/// others, to a point in time, and killed in the middle.
@Timeout(240)
class BackupCommandsTest {
  private static final int ACCOUNTS = 20;
  private static final int OPENING_BALANCE = 100;
  private static final int ITEMS = 4000;

  @TempDir Path directory;

  private final long seed = Long.getLong("test.seed", System.nanoTime());

  private record Result(int status, String out, String err) {}

  private static Process begin(String... arguments) throws IOException {
    List<String> command = ServerProcess.program();
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).start();
  }

  private static Result alidade(String... arguments) throws Exception {
    Process process = begin(arguments);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(
        process.exitValue(), out, err.replaceAll("(?m)^WARNING: Using incubator.*\n", ""));
  }

  private static void fill(ServerProcess server) throws SQLException {
    try (Connection c = server.connect();
        Statement s = c.createStatement()) {
      s.execute("CREATE EXTENSION IF NOT EXISTS vector");
      s.execute("CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL)");
      s.execute(
          "INSERT INTO account SELECT g, %d FROM generate_series(1, %d) g"
              .formatted(OPENING_BALANCE, ACCOUNTS));
      s.execute("CREATE TABLE item (id int PRIMARY KEY, v vector(32))");
      s.execute("CREATE INDEX ON item USING hnsw (v vector_l2_ops)");
      Random random = new Random(7);
      for (int i = 0; i < ITEMS; ) {
        StringBuilder rows = new StringBuilder("INSERT INTO item VALUES ");
        for (int j = 0; j < 500; j++, i++) {
          rows.append(j == 0 ? "" : ",").append('(').append(i).append(",'").append(vector(random));
          rows.append("')");
        }
        s.execute(rows.toString());
      }
      s.execute("CHECKPOINT");
    }
  }

  private static String vector(Random random) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < 32; i++) {
      text.append(i == 0 ? "" : ",").append(random.nextInt(1000));
    }
    return text.append(']').toString();
  }

  private static List<String> query(ServerProcess server, String sql) throws SQLException {
    try (Connection c = server.connect();
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  /// The nearest of some vectors, in order.
  private static List<String> nearest(ServerProcess server, String table) throws SQLException {
    List<String> found = new ArrayList<>();
    Random random = new Random(8);
    for (int i = 0; i < 10; i++) {
      found.addAll(
          query(
              server,
              "SELECT id FROM %s ORDER BY v <-> '%s' LIMIT 10".formatted(table, vector(random))));
    }
    return found;
  }

  private void transferUntil(ServerProcess server, AtomicBoolean enough, long clientSeed) {
    Random random = new Random(clientSeed);
    try (Connection c = server.connect();
        Statement s = c.createStatement()) {
      c.setAutoCommit(false);
      while (!enough.get()) {
        int one = 1 + random.nextInt(ACCOUNTS);
        int other = 1 + random.nextInt(ACCOUNTS);
        s.execute("UPDATE account SET balance = balance - 1 WHERE id = " + Math.min(one, other));
        s.execute("UPDATE account SET balance = balance + 1 WHERE id = " + Math.max(one, other));
        c.commit();
      }
    } catch (SQLException e) {
      assertThat(enough.get()).as("the server was killed: %s", e).isTrue();
    }
  }

  private static void assertSum(ServerProcess server) throws SQLException {
    assertThat(query(server, "SELECT sum(balance) FROM account"))
        .containsExactly(String.valueOf(ACCOUNTS * OPENING_BALANCE));
  }

  @Test
  void aBusyServerIsBackedUpAndRestored() throws Exception {
    System.out.println("BackupCommandsTest: -Dtest.seed=" + seed);
    Path archive = directory.resolve("archive");
    Path whole = directory.resolve("whole.backup");
    Path one = directory.resolve("one.backup");
    Path data = directory.resolve("data");
    List<String> answers;
    String lsn;
    try (ServerProcess server =
        ServerProcess.start(
            data, "--log-archive", archive.toString(), "-c", "log_archive_interval=1")) {
      fill(server);
      answers = nearest(server, "item");
      AtomicBoolean enough = new AtomicBoolean();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        long clientSeed = seed + i;
        clients.add(Thread.ofPlatform().start(() -> transferUntil(server, enough, clientSeed)));
      }
      Result taken = alidade("backup", "--to", whole.toString(), "--url", server.url());
      assertThat(taken.err()).isEmpty();
      assertThat(taken.status()).isZero();
      assertThat(taken.out()).contains("whole database", "2 tables", "sha256");
      assertThat(alidade("backup", "--to", whole.toString(), "--url", server.url()).err())
          .contains("is there already");
      Result table =
          alidade("backup", "--to", one.toString(), "--table", "item", "--url", server.url());
      assertThat(table.err()).isEmpty();
      assertThat(table.out()).contains("one table");
      lsn = query(server, "SELECT pg_current_wal_lsn()").getFirst();
      Thread.sleep(200);
      enough.set(true);
      for (Thread client : clients) {
        client.join();
      }
      restoreBeside(server, one, answers);
      assertThat(Files.list(data.resolve("snapshots"))).isEmpty();
      assertThat(query(server, "SELECT failed_count FROM pg_stat_archiver")).containsExactly("0");
      assertThat(server.stop()).isZero();
    }
    verify(whole);

    Path restored = directory.resolve("restored");
    Result result = alidade("restore", whole.toString(), "--data", restored.toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("restored and verified", "2 tables");
    try (ServerProcess server = ServerProcess.start(restored)) {
      assertSum(server);
      assertThat(nearest(server, "item")).isEqualTo(answers);
    }
    Path then = directory.resolve("then");
    result =
        alidade(
            "restore",
            whole.toString(),
            "--data",
            then.toString(),
            "--log-archive",
            archive.toString(),
            "--to-lsn",
            lsn);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("(" + lsn + ")");
    try (ServerProcess server = ServerProcess.start(then)) {
      assertSum(server);
      assertThat(query(server, "SELECT pg_current_wal_lsn()")).containsExactly(lsn);
      assertThat(nearest(server, "item")).isEqualTo(answers);
    }
  }

  private static void restoreBeside(ServerProcess server, Path backup, List<String> answers)
      throws Exception {
    Result taken = alidade("restore", backup.toString(), "--url", server.url());
    assertThat(taken.status()).isEqualTo(1);
    assertThat(taken.err()).contains("relation \"item\" already exists");
    Result beside =
        alidade("restore", backup.toString(), "--url", server.url(), "--as", "item_then");
    assertThat(beside.err()).isEmpty();
    assertThat(beside.status()).isZero();
    assertThat(nearest(server, "item_then")).isEqualTo(answers);
    assertThat(query(server, "SELECT count(*) FROM alidade_list_snapshots()")).containsExactly("0");
  }

  private void verify(Path backup) throws Exception {
    assertThat(alidade("backup", "--verify", backup.toString()).status()).isZero();
    byte[] bytes = Files.readAllBytes(backup);
    bytes[bytes.length / 3] ^= 1;
    Path damaged = directory.resolve("damaged.backup");
    Files.write(damaged, bytes);
    Result result = alidade("backup", "--verify", damaged.toString());
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).startsWith("damaged: ").contains("checksum");
    Path nothing = directory.resolve("nothing");
    assertThat(alidade("restore", damaged.toString(), "--data", nothing.toString()).status())
        .isEqualTo(1);
    assertThat(Files.list(nothing)).isEmpty();
    assertThat(alidade("backup", "--verify", directory.resolve("no").toString()).status())
        .isEqualTo(2);
  }

  @Test
  void kill9InTheMiddleLeavesEverythingInOrder() throws Exception {
    Path data = directory.resolve("data");
    Path file = directory.resolve("file.backup");
    Random random = new Random(seed);
    try (ServerProcess server = ServerProcess.start(data)) {
      fill(server);
      // The client dies: the server lets go of the snapshot.
      Process client = begin("backup", "--to", file.toString(), "--url", server.url());
      awaitSomethingIn(data.resolve("snapshots"), client);
      client.destroyForcibly().waitFor();
      assertSum(server);
      for (int i = 0; i < 100 && !isEmpty(data.resolve("snapshots")); i++) {
        Thread.sleep(50);
      }
      assertThat(Files.list(data.resolve("snapshots"))).isEmpty();
      Files.deleteIfExists(file);
      // The server dies.
      client = begin("backup", "--to", file.toString(), "--url", server.url());
      awaitSomethingIn(data.resolve("snapshots"), client);
      Thread.sleep(random.nextInt(20));
      server.kill();
      if (client.waitFor() != 0) {
        assertThat(file).doesNotExist();
      }
      Files.deleteIfExists(file);
    }
    try (ServerProcess server = ServerProcess.start(data)) {
      assertSum(server);
      assertThat(Files.list(data.resolve("snapshots"))).isEmpty();
      assertThat(alidade("backup", "--to", file.toString(), "--url", server.url()).status())
          .isZero();
    }
    Path target = directory.resolve("target");
    for (int round = 0; round < 3; round++) {
      Process restore = begin("restore", file.toString(), "--data", target.toString());
      awaitSomethingIn(target, restore);
      Thread.sleep(random.nextInt(150));
      restore.destroyForcibly().waitFor();
      if (!Files.exists(target.resolve("ALIDADE_VERSION"))) {
        Result refused = alidade("serve", "--data", target.toString(), "--pg-port", "0");
        assertThat(refused.err()).contains("holds a restore that did not finish");
      }
    }
    if (!Files.exists(target.resolve("ALIDADE_VERSION"))) {
      Result result = alidade("restore", file.toString(), "--data", target.toString());
      assertThat(result.err()).isEmpty();
    }
    try (ServerProcess server = ServerProcess.start(target)) {
      assertSum(server);
    }
  }

  @Test
  void anArchiveGoesOnAfterTheServerWasKilled() throws Exception {
    Path data = directory.resolve("data");
    Path archive = directory.resolve("archive");
    Path file = directory.resolve("file.backup");
    String[] archived = {"--log-archive", archive.toString(), "-c", "log_archive_interval=1"};
    int rows = 0;
    for (int round = 0; round < 3; round++) {
      try (ServerProcess server = ServerProcess.start(data, archived);
          Connection c = server.connect();
          Statement s = c.createStatement()) {
        if (round == 0) {
          s.execute("CREATE TABLE note (id int PRIMARY KEY, round int)");
          assertThat(alidade("backup", "--to", file.toString(), "--url", server.url()).status())
              .isZero();
        }
        assertThat(query(server, "SELECT count(*) FROM note")).containsExactly("" + rows);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
        while (System.nanoTime() < end) { // Some of it is archived at the kill, some is not.
          s.execute("INSERT INTO note VALUES (%d, %d)".formatted(rows++, round));
        }
        server.kill();
      } catch (SQLException closing) {
        assertThat(rows).as("%s", closing).isPositive(); // The connection has gone.
      }
    }
    try (ServerProcess server = ServerProcess.start(data, archived)) {
      assertThat(server.stop()).isZero(); // Archives the rest.
    }
    Path target = directory.resolve("target");
    Result result =
        alidade(
            "restore",
            file.toString(),
            "--data",
            target.toString(),
            "--log-archive",
            archive.toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    try (ServerProcess server = ServerProcess.start(target)) {
      assertThat(query(server, "SELECT count(*) FROM note")).containsExactly("" + rows);
      assertThat(query(server, "SELECT max(id) + 1 FROM note")).containsExactly("" + rows);
    }
  }

  private static void awaitSomethingIn(Path path, Process process) throws Exception {
    while (process.isAlive() && (!Files.exists(path) || isEmpty(path))) {
      Thread.sleep(2);
    }
  }

  private static boolean isEmpty(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isEmpty();
    }
  }
}
