package io.alidade.bench.endtoend;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// How many single-row INSERTs a second are committed by so many clients at once, each forced, and
/// the processor time that one takes in the server and in the clients.
///
/// Each client is a thread with a JDBC connection of its own that prepares its statement on the
/// server and commits every row by itself. Servers take turns for each number of clients, so what
/// else the machine does meets all of them.
final class CommitMeasurement {

  private final List<ServerUnderTest> servers;
  private final List<Integer> clientCounts;
  private final int rounds;
  private final double secondsPerPass;

  CommitMeasurement(
      List<ServerUnderTest> servers,
      List<Integer> clientCounts,
      int rounds,
      double secondsPerPass) {
    this.servers = servers;
    this.clientCounts = clientCounts;
    this.rounds = rounds;
    this.secondsPerPass = secondsPerPass;
  }

  /// What one server did with so many clients in one round.
  private record Pass(double commitsPerSecond, double serverMicros, double clientMicros) {}

  /// Has each server commit for a while, so that a JVM has compiled what it needs.
  void warmUp(double seconds) throws SQLException, InterruptedException {
    for (ServerUnderTest server : servers) {
      Pass unused = pass(server, clientCounts.getLast(), seconds);
    }
  }

  void run() throws SQLException, InterruptedException {
    List<List<List<Pass>>> passes = new ArrayList<>(); // By the number of clients, then server.
    clientCounts.forEach(_ -> {
      List<List<Pass>> ofServers = new ArrayList<>();
      servers.forEach(_ -> ofServers.add(new ArrayList<>()));
      passes.add(ofServers);
    });
    for (int round = 0; round < rounds; round++) {
      for (int count = 0; count < clientCounts.size(); count++) {
        for (int server = 0; server < servers.size(); server++) {
          passes
              .get(count)
              .get(server)
              .add(pass(servers.get(server), clientCounts.get(count), secondsPerPass));
        }
      }
    }
    report(passes);
  }

  private void report(List<List<List<Pass>>> passes) {
    for (int server = 0; server < servers.size(); server++) {
      double alone = 0;
      for (int count = 0; count < clientCounts.size(); count++) {
        List<Pass> these = passes.get(count).get(server);
        double rate = WriteMeasurement.median(these.stream().map(Pass::commitsPerSecond).toList());
        double first =
            WriteMeasurement.median(
                passes.get(count).getFirst().stream().map(Pass::commitsPerSecond).toList());
        alone = count == 0 ? rate : alone;
        System.out.printf(
            "%2d clients: %s %.0f commits/s (median of %d; %.2f times the first row's;"
                + " alidade/this %.2f), processor time a commit: server %.0f us, clients %.0f us%n",
            clientCounts.get(count),
            servers.get(server).name(),
            rate,
            rounds,
            rate / alone,
            first / rate,
            WriteMeasurement.median(these.stream().map(Pass::serverMicros).toList()),
            WriteMeasurement.median(these.stream().map(Pass::clientMicros).toList()));
      }
    }
  }

  private Pass pass(ServerUnderTest server, int clients, double seconds)
      throws SQLException, InterruptedException {
    try (Connection control = server.connect()) {
      Sql.execute(control, "DROP TABLE IF EXISTS committed");
      Sql.execute(
          control, "CREATE TABLE committed (id bigint PRIMARY KEY, name text, amount integer)");
      AtomicBoolean stopped = new AtomicBoolean();
      CyclicBarrier ready = new CyclicBarrier(clients + 1);
      try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
        List<Future<Long>> commits = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
          long firstId = (long) client << Integer.SIZE;
          commits.add(threads.submit(() -> commit(server, firstId, ready, stopped)));
        }
        ready.await();
        long serverBefore = server.allProcessorNanos(control);
        long clientsBefore = ProcessFigures.processorNanos(ProcessHandle.current().pid());
        long begun = System.nanoTime();
        Thread.sleep((long) (seconds * 1e3));
        long serverAfter = server.allProcessorNanos(control);
        long clientsAfter = ProcessFigures.processorNanos(ProcessHandle.current().pid());
        stopped.set(true);
        double passed = (System.nanoTime() - begun) / 1e9;
        double all = 0;
        for (Future<Long> one : commits) {
          all += one.get();
        }
        return new Pass(
            all / passed,
            (serverAfter - serverBefore) / 1e3 / all,
            (clientsAfter - clientsBefore) / 1e3 / all);
      } catch (ExecutionException | java.util.concurrent.BrokenBarrierException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static long commit(
      ServerUnderTest server, long firstId, CyclicBarrier ready, AtomicBoolean stopped)
      throws Exception {
    try (Connection connection = server.connect();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO committed VALUES (?, ?, ?)")) {
      for (long id = -10; id < 0; id++) { // So that the driver has prepared it on the server.
        insert(insert, firstId - 1 + id);
      }
      ready.await();
      long commits = 0;
      while (!stopped.get()) {
        insert(insert, firstId + commits);
        commits++;
      }
      return commits;
    }
  }

  private static void insert(PreparedStatement insert, long id) throws SQLException {
    insert.setLong(1, id);
    insert.setString(2, "a row of some sixty bytes, as tables of orders or events have them");
    insert.setInt(3, (int) id);
    insert.executeUpdate();
  }
}
