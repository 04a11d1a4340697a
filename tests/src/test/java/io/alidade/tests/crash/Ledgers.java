package io.alidade.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.tests.ServerProcess;
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
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Clients that commit while a server dies, and the books by which they can tell afterwards what
/// has to be there.
///
/// Two kinds of client keep the books. Each *ledger* client commits numbered transactions of one
/// row in each of two tables with the same number, every tenth one large; it remembers the last
/// number whose COMMIT was acknowledged. One of them commits with `synchronous_commit = off`, and
/// remembers when it was told. Each *transfer* client moves an amount from one account to another,
/// so the sum of all balances never changes. Another client has checkpoints made and files merged.
final class Ledgers {
  private static final List<String> UPKEEP =
      List.of("CHECKPOINT", "CHECKPOINT", "VACUUM", "CHECKPOINT", "VACUUM FULL");

  private static final int LEDGERS = 3;

  /// The client that does not wait for the disk.
  private static final int ASYNCHRONOUS = 2;

  /// How long a commit that did not wait may at most be lost to a power failure: ten milliseconds
  /// and two forces, which take long on a busy disk.
  private static final long UNFORCED_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int ACCOUNTS = 20;
  private static final int OPENING_BALANCE = 100;
  private static final int LARGE_TRANSACTION_ROWS = 400;

  /// How the server came to its end.
  enum Death {
    /// The process alone.
    KILLED,
    /// What was not forced is gone.
    POWER_LOSS
  }

  /// The last acknowledged number of each ledger client; a commit that was under way at the end may
  /// or may not be there.
  private final AtomicLong[] acknowledged = new AtomicLong[LEDGERS];

  private final AtomicLong[] attempted = new AtomicLong[LEDGERS];

  /// When which commits that did not wait were acknowledged.
  private final ConcurrentSkipListMap<Long, Long> unforced = new ConcurrentSkipListMap<>();

  private final Queue<SQLException> unexpected = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final List<Thread> clients = new ArrayList<>();

  Ledgers() {
    for (int i = 0; i < LEDGERS; i++) {
      acknowledged[i] = new AtomicLong();
      attempted[i] = new AtomicLong();
    }
  }

  /// How many commits were acknowledged, of the client that has the fewest.
  long leastAcknowledged() {
    long least = Long.MAX_VALUE;
    for (AtomicLong one : acknowledged) {
      least = Math.min(least, one.get());
    }
    return least;
  }

  /// Makes the tables on an empty server.
  void createTables(ServerProcess server) throws SQLException {
    try (Connection c = server.connect();
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

  /// Begins the load.
  void start(ServerProcess server, long seed) {
    stopped.set(false);
    unforced.put(Long.MIN_VALUE, acknowledged[ASYNCHRONOUS].get()); // That came from the disk.
    for (int i = 0; i < LEDGERS; i++) {
      int client = i;
      clients.add(Thread.ofPlatform().start(() -> commitLedger(server, client)));
    }
    clients.add(Thread.ofPlatform().start(() -> transfer(server, seed)));
    clients.add(Thread.ofPlatform().start(() -> keepUp(server)));
  }

  /// Waits for the end of all clients of a server that is dead.
  ///
  /// @param diedNanos when it did the last thing
  void end(Death death, long diedNanos) throws InterruptedException {
    stopped.set(true);
    for (Thread client : clients) {
      client.join();
    }
    clients.clear();
    assertThat(unexpected).as("errors that are not the end of a connection").isEmpty();
    if (death == Death.POWER_LOSS) {
      acknowledged[ASYNCHRONOUS].set(unforced.floorEntry(diedNanos - UNFORCED_NANOS).getValue());
    }
    unforced.clear();
  }

  private void commitLedger(ServerProcess server, int client) {
    try (Connection c = server.connect();
        PreparedStatement a =
            c.prepareStatement("INSERT INTO ledger_a VALUES (?, ?, ?, CAST(? AS vector), ?)");
        PreparedStatement b = c.prepareStatement("INSERT INTO ledger_b VALUES (?, ?, ?)")) {
      if (client == ASYNCHRONOUS) {
        try (Statement s = c.createStatement()) {
          s.execute("SET synchronous_commit = off");
        }
      }
      c.setAutoCommit(false);
      while (!stopped.get()) {
        long n = attempted[client].incrementAndGet();
        insert(a, b, client, n);
        c.commit();
        acknowledged[client].set(n);
        if (client == ASYNCHRONOUS) {
          unforced.put(System.nanoTime(), n);
        }
      }
    } catch (SQLException e) {
      noteUnlessKilled(e);
    }
  }

  private static void insert(PreparedStatement a, PreparedStatement b, int client, long n)
      throws SQLException {
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
  }

  private void transfer(ServerProcess server, long seed) {
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

  private void keepUp(ServerProcess server) {
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

  /// Looks whether everything is there that has to be, and nothing by halves.
  void verify(ServerProcess server, String when) throws SQLException {
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
