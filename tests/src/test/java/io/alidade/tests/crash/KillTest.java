package io.alidade.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.tests.ServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server is killed at random moments while clients commit, checkpoints run and files are merged;
/// what was acknowledged must be there after the restart, and no transaction by halves.
///
/// Two kinds of client keep the books. Each *ledger* client commits numbered transactions of one
/// row in each of two tables with the same number, every tenth one large; it remembers the last
/// number whose COMMIT was acknowledged. Each *transfer* client moves an amount from one account to
/// another, so the sum of all balances never changes.
///
/// `-Dtest.rounds` says how many kills (20), `-Dtest.seed` repeats a run.
class KillTest {
  private static final List<String> UPKEEP =
      List.of("CHECKPOINT", "CHECKPOINT", "VACUUM", "CHECKPOINT", "VACUUM FULL");

  private static final int ROUNDS = Integer.getInteger("test.rounds", 20);
  private static final int LEDGERS = 2;
  private static final int ACCOUNTS = 20;
  private static final int OPENING_BALANCE = 100;
  private static final int LARGE_TRANSACTION_ROWS = 400;

  @TempDir Path data;

  /// The last acknowledged number of each ledger client; a commit that was under way at the kill
  /// may or may not be there.
  private final AtomicLong[] acknowledged = new AtomicLong[LEDGERS];

  private final AtomicLong[] attempted = new AtomicLong[LEDGERS];

  private final Queue<SQLException> unexpected = new ConcurrentLinkedQueue<>();

  @Test
  void acknowledgedCommitsSurviveAndNoneIsHalfThere() throws Exception {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("KillTest: seed " + seed + ", rounds " + ROUNDS);
    Random random = new Random(seed);
    for (int i = 0; i < LEDGERS; i++) {
      acknowledged[i] = new AtomicLong();
      attempted[i] = new AtomicLong();
    }
    createTables();
    for (int round = 1; round <= ROUNDS; round++) {
      try (ServerProcess server = ServerProcess.start(data)) {
        verify(server, "before round " + round + ", seed " + seed);
        loadAndKill(server, random);
        assertThat(unexpected).as("errors in round " + round + ", seed " + seed).isEmpty();
      }
    }
    try (ServerProcess server = ServerProcess.start(data)) {
      verify(server, "at the end, seed " + seed);
      assertThat(server.stop()).isZero();
    }
    assertThat(acknowledged[0].get()).as("commits were acknowledged at all").isPositive();
  }

  private void createTables() throws SQLException {
    try (ServerProcess server = ServerProcess.start(data);
        Connection c = server.connect();
        Statement s = c.createStatement()) {
      s.execute("CREATE EXTENSION IF NOT EXISTS vector");
      s.execute(
          "CREATE TABLE ledger_a (id bigint PRIMARY KEY, client int, n bigint, v vector(8), t"
              + " text)");
      s.execute("CREATE TABLE ledger_b (id bigint PRIMARY KEY, client int, n bigint)");
      s.execute("CREATE INDEX ON ledger_a USING hnsw (v vector_l2_ops)");
      s.execute("CREATE INDEX ON ledger_b (n)");
      s.execute("CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)");
      s.execute(
          "INSERT INTO account SELECT n, %d FROM generate_series(1, %d) AS g(n)"
              .formatted(OPENING_BALANCE, ACCOUNTS));
    }
  }

  private void loadAndKill(ServerProcess server, Random random) throws InterruptedException {
    AtomicBoolean stopped = new AtomicBoolean();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < LEDGERS; i++) {
      int client = i;
      clients.add(Thread.ofPlatform().start(() -> commitLedger(server, client, stopped)));
    }
    long transferSeed = random.nextLong();
    clients.add(Thread.ofPlatform().start(() -> transfer(server, transferSeed, stopped)));
    clients.add(Thread.ofPlatform().start(() -> keepUp(server, stopped)));
    TimeUnit.MILLISECONDS.sleep(random.nextInt(50, 900));
    server.kill();
    stopped.set(true);
    for (Thread client : clients) {
      client.join();
    }
  }

  private void commitLedger(ServerProcess server, int client, AtomicBoolean stopped) {
    try (Connection c = server.connect();
        PreparedStatement a =
            c.prepareStatement("INSERT INTO ledger_a VALUES (?, ?, ?, CAST(? AS vector), ?)");
        PreparedStatement b = c.prepareStatement("INSERT INTO ledger_b VALUES (?, ?, ?)")) {
      c.setAutoCommit(false);
      while (!stopped.get()) {
        long n = attempted[client].incrementAndGet();
        int rows = n % 10 == 0 ? LARGE_TRANSACTION_ROWS : 1;
        for (int row = 0; row < rows; row++) {
          long id = (n * LEDGERS + client) * LARGE_TRANSACTION_ROWS + row;
          a.setLong(1, id);
          a.setInt(2, client);
          a.setLong(3, n);
          a.setString(4, "[%d,%d,3,4,5,6,7,8]".formatted(n, row));
          a.setString(5, "text ".repeat(row % 50));
          a.addBatch();
          b.setLong(1, id);
          b.setInt(2, client);
          b.setLong(3, n);
          b.addBatch();
        }
        a.executeBatch();
        b.executeBatch();
        c.commit();
        acknowledged[client].set(n);
      }
    } catch (SQLException e) {
      noteUnlessKilled(e);
    }
  }

  private void transfer(ServerProcess server, long seed, AtomicBoolean stopped) {
    Random random = new Random(seed);
    try (Connection c = server.connect();
        PreparedStatement s =
            c.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?")) {
      c.setAutoCommit(false);
      while (!stopped.get()) {
        int amount = random.nextInt(1, 10);
        s.setInt(1, -amount);
        s.setInt(2, random.nextInt(1, ACCOUNTS + 1));
        s.executeUpdate();
        s.setInt(1, amount);
        s.setInt(2, random.nextInt(1, ACCOUNTS + 1));
        s.executeUpdate();
        c.commit();
      }
    } catch (SQLException e) {
      noteUnlessKilled(e);
    }
  }

  private void keepUp(ServerProcess server, AtomicBoolean stopped) {
    try (Connection c = server.connect();
        Statement s = c.createStatement()) {
      for (int turn = 0; !stopped.get(); turn++) {
        s.execute(UPKEEP.get(turn % UPKEEP.size()));
        TimeUnit.MILLISECONDS.sleep(60);
      }
    } catch (SQLException e) {
      noteUnlessKilled(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void verify(ServerProcess server, String when) throws SQLException {
    try (Connection c = server.connect();
        Statement s = c.createStatement()) {
      for (int client = 0; client < LEDGERS; client++) {
        verifyLedger(s, client, when);
      }
      assertThat(number(s, "SELECT sum(balance) FROM account"))
          .as("the sum of all balances " + when)
          .isEqualTo((long) ACCOUNTS * OPENING_BALANCE);
      assertThat(number(s, "SELECT count(*) FROM account")).as(when).isEqualTo(ACCOUNTS);
    }
  }

  /// Every number up to the last acknowledged one is there, whole, in both tables; later ones are
  /// whole or absent.
  private void verifyLedger(Statement s, int client, String when) throws SQLException {
    String counts =
        "SELECT a.n, a.rows, b.rows FROM (SELECT n, count(*) AS rows FROM ledger_a WHERE client ="
            + " %d GROUP BY n) a FULL JOIN (SELECT n, count(*) AS rows FROM ledger_b WHERE client ="
            + " %d GROUP BY n) b ON a.n = b.n ORDER BY 1";
    long last = 0;
    try (ResultSet rows = s.executeQuery(counts.formatted(client, client))) {
      while (rows.next()) {
        long n = rows.getLong(1);
        long expected = n % 10 == 0 ? LARGE_TRANSACTION_ROWS : 1;
        String what = "transaction %d of client %d %s".formatted(n, client, when);
        assertThat(rows.getLong(2)).as(what + " in ledger_a").isEqualTo(expected);
        assertThat(rows.getLong(3)).as(what + " in ledger_b").isEqualTo(expected);
        if (n <= acknowledged[client].get()) {
          assertThat(n).as("no gap before " + what).isEqualTo(last + 1);
        }
        last = n;
      }
    }
    assertThat(last)
        .as("the last transaction of client %d %s", client, when)
        .isBetween(acknowledged[client].get(), attempted[client].get());
    acknowledged[client].set(last); // What is there now stays there; numbering goes on after it.
    attempted[client].set(last);
  }

  /// A lost connection is what the test is about; any other error is one.
  private void noteUnlessKilled(SQLException e) {
    boolean lost = e.getSQLState() != null && e.getSQLState().startsWith("08");
    if (!lost) {
      unexpected.add(e);
    }
  }

  private static long number(Statement s, String sql) throws SQLException {
    try (ResultSet rows = s.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
