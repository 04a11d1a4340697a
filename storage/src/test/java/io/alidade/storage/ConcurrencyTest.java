package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.find;
import static io.alidade.storage.Fixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SegmentView;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Writers, readers, checkpoints and changes of definitions at the same time.
@Timeout(120)
class ConcurrencyTest {
  private static final int ACCOUNTS = 40;
  private static final int BALANCE = 100;
  private static final long MILLIS = 4000;

  @TempDir Path directory;

  private final long seed = Long.getLong("test.seed", System.nanoTime());
  private volatile boolean running = true;

  @Test
  void everyViewIsOneMomentWhateverGoesOn() throws Exception {
    System.out.println("ConcurrencyTest: -Dtest.seed=" + seed);
    AtomicInteger transfers = new AtomicInteger();
    AtomicInteger views = new AtomicInteger();
    int table;
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      table = createTable(database, "accounts");
      List<Object[]> accounts = new ArrayList<>();
      for (int id = 0; id < ACCOUNTS; id++) {
        accounts.add(row(id, "account", BALANCE));
      }
      Fixture.insert(database, table, accounts.toArray(Object[][]::new));
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Random random = new Random(seed + i);
        all.add(threads.submit(() -> transfer(database, table, random, transfers)));
      }
      all.add(threads.submit(() -> read(database, table, views)));
      all.add(threads.submit(() -> checkpoint(database)));
      all.add(threads.submit(() -> changeDefinitions(database, table)));
      Thread.sleep(MILLIS);
      running = false;
      for (Future<?> one : all) {
        one.get();
      }
      assertSum(database, table);
    }
    assertThat(transfers).hasPositiveValue();
    assertThat(views).hasPositiveValue();
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
      assertSum(database, table);
    }
  }

  private void transfer(Database database, int table, Random random, AtomicInteger done) {
    while (running) {
      try (Transaction transaction = begin(database)) {
        int amount = random.nextInt(10);
        add(transaction, table, random.nextInt(ACCOUNTS), -amount);
        transaction.beginStatement();
        add(transaction, table, random.nextInt(ACCOUNTS), amount);
        transaction.commit(random.nextBoolean() ? Durability.FORCED : Durability.APPENDED);
        done.incrementAndGet();
      } catch (DatabaseException e) {
        assertThat(e.state()).as(e.message()).isEqualTo(SqlState.DEADLOCK_DETECTED);
      }
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

  private void read(Database database, int table, AtomicInteger views) {
    while (running) {
      assertSum(database, table);
      views.incrementAndGet();
    }
  }

  private static void assertSum(Database database, int table) {
    try (Transaction transaction = begin(database);
        TableView view = transaction.table(table)) {
      long sum = 0;
      int count = 0;
      for (int i = 0; i < view.segments().size(); i++) {
        SegmentView segment = view.segments().get(i);
        for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
          if (segment.isVisible(ordinal)) {
            sum += (Integer) view.row(new RowReference(i, ordinal))[2];
            count++;
          }
        }
      }
      assertThat(count).isEqualTo(ACCOUNTS);
      assertThat(sum).isEqualTo((long) ACCOUNTS * BALANCE);
    }
  }

  private void checkpoint(Database database) {
    while (running) {
      database.checkpoint();
    }
  }

  private void changeDefinitions(Database database, int table) {
    int round = 0;
    while (running) {
      round++;
      int index;
      try (Transaction transaction = begin(database)) {
        IndexDefinition definition =
            round % 2 == 0
                ? Fixture.hnsw(transaction, table)
                : Fixture.btree(transaction, table, 2, IndexDefinition.Uniqueness.NOT_UNIQUE);
        index = definition.oid();
        transaction.apply(new CatalogChange.CreateIndex(definition));
        int other = createTable(transaction, "other" + round);
        transaction.insert(other, row(1, "one", 1));
        transaction.commit(Durability.FORCED);
      }
      database.awaitIndexes(Checkpoint.NONE);
      try (Transaction transaction = begin(database)) {
        int other = transaction.catalog().table("public", "other" + round).orElseThrow().oid();
        transaction.truncate(other);
        transaction.apply(new CatalogChange.DropIndex(index));
        if (round % 3 == 0) {
          transaction.apply(new CatalogChange.DropTable(other));
        }
        transaction.commit(Durability.FORCED);
      }
    }
  }
}
