package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.find;
import static io.alidade.storage.Fixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SegmentView;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.merge.MergePolicy;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process that commits under load is killed at a random moment, again and again; what it said
/// was committed is there, and nothing is there by half.
@Timeout(180)
class KillTest {
  private static final int ROUNDS = 5;
  private static final int ACCOUNTS = 50;
  private static final int WRITERS = 3;
  private static final int START_BALANCE = 100;

  @TempDir Path directory;

  private final long seed = Long.getLong("test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void whatWasAcknowledgedSurvivesAndNothingIsHalfThere() throws Exception {
    System.out.println("KillTest: -Dtest.seed=" + seed);
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
      for (String name : List.of("left", "right")) {
        int table = createTable(database, name);
        List<Object[]> accounts = new ArrayList<>();
        for (int id = 0; id < ACCOUNTS; id++) {
          accounts.add(row(id, "account", START_BALANCE));
        }
        Fixture.insert(database, table, accounts.toArray(Object[][]::new));
      }
      int journal = createTable(database, "journal");
      try (Transaction transaction = begin(database)) {
        transaction.apply(new CatalogChange.CreateIndex(Fixture.hnsw(transaction, journal)));
        transaction.commit(Durability.FORCED);
      }
    }
    List<Long> acknowledged = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      acknowledged.addAll(runAndKill(round));
      CheckReport report = DatabaseCheck.run(directory, DatabaseCheck.Mode.VERIFY);
      assertThat(report.isSound()).as("seed %d, round %d: %s", seed, round, report).isTrue();
      try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
        assertThat(balances(database)).as("seed %d", seed).isEqualTo(2L * ACCOUNTS * START_BALANCE);
        assertThat(Fixture.rows(database, table(database, "journal")).keySet())
            .as("seed %d, round %d", seed, round)
            .containsAll(acknowledged);
      }
    }
    assertThat(acknowledged).isNotEmpty();
  }

  private List<Long> runAndKill(int round) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "-Xmx256m"));
    command.addAll(List.of(Load.class.getName(), directory.toString(), String.valueOf(round)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<Long> acknowledged = new ArrayList<>();
    long lifetime = 300 + random.nextInt(1200);
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine(); // "ready"
      assertThat(line).isEqualTo("ready");
      Thread killer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  Thread.sleep(lifetime);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                // Through the process itself it would also close the output that is being read.
                process.toHandle().destroyForcibly();
              });
      for (line = out.readLine(); line != null; line = out.readLine()) {
        if (line.endsWith(".")) { // A line that was cut off by the end says nothing.
          acknowledged.add(Long.valueOf(line.substring(0, line.length() - 1)));
        }
      }
      killer.join();
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return acknowledged;
  }

  private static int table(Database database, String name) {
    return database.catalog().table("public", name).orElseThrow().oid();
  }

  private static long balances(Database database) {
    long sum = 0;
    try (Transaction transaction = begin(database)) {
      for (String name : List.of("left", "right")) {
        try (TableView view = transaction.table(table(database, name))) {
          for (int i = 0; i < view.segments().size(); i++) {
            SegmentView segment = view.segments().get(i);
            for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
              if (segment.isVisible(ordinal)) {
                sum += (Integer) view.row(new RowReference(i, ordinal), new int[] {2})[0];
              }
            }
          }
        }
      }
    }
    return sum;
  }

  /// The process that is killed: it moves money between two tables, keeps a journal, and prints the
  /// journal's number after each commit.
  static final class Load {
    private Load() {}

    public static void main(String[] arguments) throws Exception {
      Database database = Database.open(Path.of(arguments[0]), DatabaseOptions.DEFAULT);
      int round = Integer.parseInt(arguments[1]);
      say("ready");
      for (int writer = 0; writer < WRITERS; writer++) {
        long first = (round * (long) WRITERS + writer) * 1_000_000;
        Thread.ofPlatform().start(() -> write(database, first));
      }
      for (int turn = 0; true; turn++) {
        Thread.sleep(100);
        if (turn % 3 == 2) {
          database.vacuum(
              List.of(table(database, "left")), MergePolicy.Extent.DEAD_VERSIONS, Checkpoint.NONE);
          database.vacuum(
              List.of(table(database, "right")), MergePolicy.Extent.EVERYTHING, Checkpoint.NONE);
        } else {
          database.checkpoint();
        }
      }
    }

    private static void write(Database database, long first) {
      Random random = new Random(first);
      for (long number = first; true; number++) {
        try (Transaction transaction = begin(database)) {
          int amount = random.nextInt(10);
          // Always in the same order of tables and accounts: no deadlocks.
          add(transaction, table(database, "left"), random.nextInt(ACCOUNTS), -amount);
          transaction.beginStatement();
          add(transaction, table(database, "right"), random.nextInt(ACCOUNTS), amount);
          transaction.insert(table(database, "journal"), row(number, "moved", amount));
          transaction.commit(Durability.FORCED);
        }
        say(number + ".");
      }
    }

    private static void add(Transaction transaction, int table, long id, int amount) {
      while (true) {
        try (TableView view = transaction.table(table)) {
          RowReference found = find(view, id).orElseThrow();
          int balance = (Integer) view.row(found, new int[] {2})[0];
          if (transaction.update(view, found, row(id, "account", balance + amount))
              == WriteOutcome.DONE) {
            return;
          }
        }
        transaction.retryStatement();
      }
    }

    private static synchronized void say(String line) {
      System.out.println(line);
      System.out.flush();
    }
  }
}
