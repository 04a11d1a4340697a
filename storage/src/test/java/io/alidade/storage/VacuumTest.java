package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static io.alidade.storage.Fixture.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.merge.MergePolicy.Extent;
import io.alidade.storage.table.TableView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sealed segments written anew: what stays, what goes, who goes on reading and writing meanwhile.
@Timeout(120)
class VacuumTest {
  private static final int EMBEDDINGS = 3000;
  private static final int ROUNDS = 15;
  private static final int IDS = 200;

  @TempDir Path directory;

  private final long seed = Long.getLong("test.seed", System.nanoTime());

  private Database open() throws Exception {
    return Database.open(directory, DatabaseOptions.DEFAULT);
  }

  private static TableStatistics statistics(Database database, int table) {
    return database.tableStatistics(table).orElseThrow();
  }

  private static void delete(Database database, int table, long from, long to) {
    try (Transaction transaction = begin(database)) {
      for (long id = from; id < to; id++) {
        Fixture.delete(transaction, table, id);
      }
      transaction.commit(Durability.FORCED);
    }
  }

  private static void fill(Database database, int table, long from, long to) {
    Object[][] rows = new Object[(int) (to - from)][];
    for (long id = from; id < to; id++) {
      rows[(int) (id - from)] = row(id, id % 7 == 0 ? null : "word " + id, (int) id);
    }
    insert(database, table, rows);
  }

  private static void vacuum(Database database, int table) {
    database.vacuum(List.of(table), Extent.DEAD_VERSIONS, Checkpoint.NONE);
  }

  @Test
  void aTransactionBetweenTwoStatementsKeepsNoDeadVersions() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      fill(database, table, 0, 1000);
      database.checkpoint();
      try (Transaction idle = begin(database);
          TableView open = idle.table(table)) {
        delete(database, table, 0, 900);
        vacuum(database, table);
        assertThat(statistics(database, table).rowVersions()).isEqualTo(1000);
        idle.endStatement();
        vacuum(database, table);
        assertThat(statistics(database, table).rowVersions()).isEqualTo(100);
        assertThat(rows(open)).as("a view that is open stays as it is").hasSize(1000);
        idle.beginStatement();
        assertThat(rows(idle, table)).hasSize(100);
      }
    }
  }

  @Test
  void aSnapshotThatIsTooOldKeepsNoDeadVersionsAndIsReadNoMore() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      fill(database, table, 0, 1000);
      database.checkpoint();
      try (Transaction old = database.begin(IsolationLevel.REPEATABLE_READ, Checkpoint.NONE)) {
        old.beginStatement();
        try (TableView open = old.table(table)) {
          delete(database, table, 0, 900);
          old.endStatement();
          vacuum(database, table);
          assertThat(statistics(database, table).rowVersions()).isEqualTo(1000);
          database.limitSnapshots(Duration.ofMillis(1));
          Thread.sleep(5);
          vacuum(database, table);
          assertThat(statistics(database, table).rowVersions()).isEqualTo(100);
          assertThat(rows(open)).hasSize(1000);
        }
        old.beginStatement();
        assertThatExceptionOfType(DatabaseException.class)
            .isThrownBy(() -> old.table(table))
            .withMessage("snapshot too old")
            .satisfies(e -> assertThat(e.state()).isEqualTo(SqlState.SNAPSHOT_TOO_OLD));
      }
      assertThat(rows(database, table)).hasSize(100);
    }
  }

  @Test
  void deadVersionsGoAndTheirSpaceComesBack() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      fill(database, table, 0, 2000);
      database.checkpoint();
      delete(database, table, 500, 1900);
      Map<Long, String> before = rows(database, table);
      database.checkpoint();
      long bytes = statistics(database, table).fileBytes();

      database.vacuum(List.of(table), Extent.DEAD_VERSIONS, Checkpoint.NONE);

      assertThat(statistics(database, table).rowVersions()).isEqualTo(600);
      assertThat(statistics(database, table).fileBytes()).isLessThan(bytes / 2);
      assertThat(rows(database, table)).isEqualTo(before);
    }
    try (Database database = open()) {
      int table = database.catalog().table("public", "items").orElseThrow().oid();
      assertThat(rows(database, table)).hasSize(600);
      assertThat(statistics(database, table).rowVersions()).isEqualTo(600);
    }
  }

  @Test
  void aFullVacuumLeavesOneSegment() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      for (int i = 0; i < 3; i++) {
        fill(database, table, 100L * i, 100L * (i + 1));
        database.checkpoint();
      }
      Map<Long, String> before = rows(database, table);
      assertThat(statistics(database, table).segments()).isEqualTo(4); // And the empty one.

      database.vacuum(List.of(table), Extent.EVERYTHING, Checkpoint.NONE);

      assertThat(statistics(database, table).segments()).isEqualTo(2);
      assertThat(rows(database, table)).isEqualTo(before);
    }
  }

  @Test
  void segmentsOfOneSizeAreMergedInTheBackground() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      for (int i = 0; i < 12; i++) {
        fill(database, table, 10L * i, 10L * (i + 1));
        database.checkpoint();
      }
      awaitSegments(database, table, 5);

      assertThat(rows(database, table)).hasSize(120);
    }
  }

  @Test
  void aTableWithoutRowsKeepsNothing() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      fill(database, table, 0, 100);
      database.checkpoint();
      delete(database, table, 0, 100);

      database.vacuum(List.of(table), Extent.DEAD_VERSIONS, Checkpoint.NONE);

      assertThat(statistics(database, table).fileBytes()).isZero();
      fill(database, table, 0, 5);
      assertThat(rows(database, table)).hasSize(5);
    }
  }

  @Test
  void whatAnOpenSnapshotSeesStays() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      fill(database, table, 0, 60);
      database.checkpoint();
      fill(database, table, 60, 101);
      delete(database, table, 100, 101); // Before the snapshot: this one goes.
      database.checkpoint();
      try (Transaction reader = database.begin(IsolationLevel.REPEATABLE_READ, Checkpoint.NONE)) {
        reader.beginStatement();
        Map<Long, String> then = rows(reader, table);
        delete(database, table, 0, 90);

        database.vacuum(List.of(table), Extent.EVERYTHING, Checkpoint.NONE);

        assertThat(statistics(database, table).segments()).as("merged").isEqualTo(2);
        assertThat(rows(reader, table)).isEqualTo(then);
        assertThat(statistics(database, table).rowVersions()).isEqualTo(100);
      }
      database.vacuum(List.of(table), Extent.DEAD_VERSIONS, Checkpoint.NONE);
      assertThat(statistics(database, table).rowVersions()).isEqualTo(10);
    }
  }

  @Test
  void aRowChangedBySomebodyElseAfterAMergeIsNotChangedAgainByAnOldView() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      fill(database, table, 0, 10);
      database.checkpoint();
      delete(database, table, 9, 10);
      try (Transaction slow = begin(database);
          TableView view = slow.table(table)) {
        var third = Fixture.find(view, 3).orElseThrow();
        var fourth = Fixture.find(view, 4).orElseThrow();
        database.vacuum(List.of(table), Extent.EVERYTHING, Checkpoint.NONE);
        try (Transaction quick = begin(database)) {
          Fixture.update(quick, table, row(3, "quick", 3));
          quick.commit(Durability.FORCED);
        }

        assertThat(slow.update(view, third, row(3, "slow", 3)))
            .isEqualTo(WriteOutcome.CHANGED_SINCE);
        assertThat(slow.update(view, fourth, row(4, "slow", 4))).isEqualTo(WriteOutcome.DONE);
        assertThat(slow.delete(view, fourth)).isEqualTo(WriteOutcome.ALREADY_WRITTEN);
        slow.commit(Durability.FORCED);
      }
      assertThat(rows(database, table).get(3L)).startsWith("quick|");
      assertThat(rows(database, table).get(4L)).startsWith("slow|");
      assertThat(rows(database, table)).hasSize(9);
    }
  }

  @Test
  void whatATransactionDeletedBeforeAMergeStaysDeletedForIt() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      fill(database, table, 0, 10);
      database.checkpoint();
      delete(database, table, 0, 1);
      try (Transaction transaction = begin(database)) {
        Fixture.delete(transaction, table, 5);
        Savepoint savepoint = transaction.savepoint();
        Fixture.delete(transaction, table, 6);

        database.vacuum(List.of(table), Extent.EVERYTHING, Checkpoint.NONE);
        transaction.beginStatement();
        assertThat(rows(transaction, table)).doesNotContainKeys(5L, 6L).hasSize(7);
        transaction.rollbackTo(savepoint);
        transaction.beginStatement();
        assertThat(rows(transaction, table)).doesNotContainKeys(5L).containsKey(6L).hasSize(8);
        transaction.insert(table, row(5, "again", 5)); // Its key is free for this transaction.
        transaction.commit(Durability.FORCED);
      }
      assertThat(rows(database, table)).hasSize(9);
      assertThat(rows(database, table).get(5L)).startsWith("again|");
    }
  }

  @Test
  void rowsChangeWhileTheirSegmentsAreMerged() throws Exception {
    System.out.println("VacuumTest: -Dtest.seed=" + seed);
    try (Database database = open();
        ExecutorService executor = Executors.newCachedThreadPool()) {
      int table = createTable(database, "items");
      try (Transaction transaction = begin(database)) {
        transaction.apply(new CatalogChange.CreateIndex(Fixture.hnsw(transaction, table)));
        transaction.apply(
            new CatalogChange.CreateIndex(
                Fixture.btree(transaction, table, 2, IndexDefinition.Uniqueness.NOT_UNIQUE)));
        transaction.commit(Durability.FORCED);
      }
      fill(database, table, 0, IDS);
      AtomicBoolean done = new AtomicBoolean();
      Future<Integer> updates = executor.submit(() -> update(database, table, done));
      Extent[] extents = Extent.values();
      for (int round = 0; round < ROUNDS; round++) {
        database.vacuum(List.of(table), extents[round % 2], Checkpoint.NONE);
      }
      done.set(true);
      int count = updates.get();

      // Each update adds 1 to one row: none is lost, none is done twice.
      int sum = 0;
      try (Transaction transaction = begin(database);
          TableView view = transaction.table(table)) {
        for (long id = 0; id < IDS; id++) {
          sum += (Integer) view.row(Fixture.find(view, id).orElseThrow())[2] - (int) id;
        }
      }
      assertThat(sum).as("seed %d", seed).isEqualTo(count);
      assertThat(rows(database, table)).hasSize(IDS);
    }
  }

  private int update(Database database, int table, AtomicBoolean done) {
    Random random = new Random(seed);
    int count = 0;
    while (!done.get()) {
      long id = random.nextInt(IDS);
      try (Transaction transaction = begin(database);
          TableView view = transaction.table(table)) {
        var found = Fixture.find(view, id).orElseThrow();
        int price = (Integer) view.row(found)[2];
        if (transaction.update(view, found, row(id, "updated", price + 1)) == WriteOutcome.DONE) {
          transaction.commit(Durability.APPENDED);
          count++;
        }
      }
    }
    return count;
  }

  @Test
  void theMergedGraphFindsWhatTheGraphsBeforeFound() throws Exception {
    try (Database database = open()) {
      EmbeddingTable table = EmbeddingTable.create(database, Map.of());
      for (int i = 0; i < 3; i++) {
        table.insert((long) EMBEDDINGS * i, (long) EMBEDDINGS * (i + 1));
        database.awaitIndexes(Checkpoint.NONE);
        database.checkpoint();
      }

      database.vacuum(List.of(table.oid), Extent.EVERYTHING, Checkpoint.NONE);

      IndexStatistics index = database.indexStatistics(table.index).orElseThrow();
      assertThat(index.indexedRows()).isEqualTo(3 * EMBEDDINGS);
      assertThat(statistics(database, table.oid).segments()).isEqualTo(2);
      assertThat(table.recall(30, seed)).isGreaterThanOrEqualTo(0.95);
    }
  }

  @Test
  void aVacuumThatIsCancelledLeavesTheTableAsItWas() throws Exception {
    try (Database database = open()) {
      EmbeddingTable table = EmbeddingTable.create(database, Map.of());
      table.insert(0, EMBEDDINGS);
      database.checkpoint();
      table.insert(EMBEDDINGS, 2 * EMBEDDINGS);
      database.checkpoint();
      long bytes = segmentBytes();
      AtomicLong most = new AtomicLong();

      assertThatExceptionOfType(DatabaseException.class)
          .isThrownBy(() ->
              database.vacuum(
                  List.of(table.oid),
                  Extent.EVERYTHING,
                  () -> {
                    most.accumulateAndGet(segmentBytes(), Math::max);
                    if (most.get() > bytes + bytes / 4) { // Rows are written, the graph is not.
                      throw new DatabaseException(SqlState.QUERY_CANCELED, "canceled");
                    }
                  }))
          .extracting(DatabaseException::state)
          .isEqualTo(SqlState.QUERY_CANCELED);

      assertThat(segmentBytes()).as("what was written of it went").isEqualTo(bytes);
      assertThat(statistics(database, table.oid).liveRows()).isEqualTo(2 * EMBEDDINGS);
      database.vacuum(List.of(table.oid), Extent.EVERYTHING, Checkpoint.NONE);
      assertThat(statistics(database, table.oid).segments()).isEqualTo(2);
    }
  }

  private long segmentBytes() {
    try (Stream<Path> files = Files.list(directory.resolve("segments"))) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void segmentsOneOfWhichHasNothingLeftAreAllWrittenAnew() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      for (int i = 0; i < 3; i++) {
        fill(database, table, 20L * i, 20L * (i + 1));
        database.checkpoint();
      }
      delete(database, table, 0, 30); // All of the first, half of the second.

      database.vacuum(List.of(table), Extent.DEAD_VERSIONS, Checkpoint.NONE);

      assertThat(statistics(database, table).rowVersions()).isEqualTo(30);
      assertThat(rows(database, table)).hasSize(30);
    }
  }

  @Test
  void filesOfSegmentsThatNoManifestEverNamedGo() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      String kilobyte = "k".repeat(1024);
      for (int i = 0; i < 16; i++) { // Four make one of the next size, four of which make one.
        Object[][] rows = new Object[1300][];
        for (int j = 0; j < rows.length; j++) {
          rows[j] = row(1300L * i + j, i + "-" + j + kilobyte, j); // Else it is kept once.
        }
        insert(database, table, rows);
        database.checkpoint();
        if (i % 4 == 3) {
          awaitSegments(database, table, i == 15 ? 2 : i / 4 + 2); // And the empty one.
        }
      }

      database.checkpoint();

      assertThat(rows(database, table)).hasSize(16 * 1300);
      assertThat(segmentBytes()).isEqualTo(statistics(database, table).fileBytes());
    }
  }

  /// Until there are at most so many; the test's time is the limit.
  private static void awaitSegments(Database database, int table, int most)
      throws InterruptedException {
    while (statistics(database, table).segments() > most) {
      Thread.sleep(20);
    }
  }
}
