package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.find;
import static io.alidade.storage.Fixture.row;
import static io.alidade.storage.Fixture.rows;
import static io.alidade.storage.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.search.Checkpoint;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.merge.MergePolicy;
import io.alidade.storage.table.TableView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Random operations, commits, rollbacks, checkpoints, merges and reopenings, against a plain map.
@Timeout(120)
class ModelTest {
  private static final int STEPS = 400;
  private static final int IDS = 60;

  @TempDir Path directory;

  private final long seed = Long.getLong("test.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void theDatabaseHoldsWhatAMapHolds() throws Exception {
    System.out.println("ModelTest: -Dtest.seed=" + seed);
    Map<Long, String> model = new TreeMap<>();
    Database database = Database.open(directory, DatabaseOptions.DEFAULT);
    try {
      int table = createTable(database, "items");
      try (Transaction transaction = begin(database)) {
        transaction.apply(new CatalogChange.CreateIndex(Fixture.hnsw(transaction, table)));
        transaction.apply(
            new CatalogChange.CreateIndex(
                Fixture.btree(transaction, table, 2, IndexDefinition.Uniqueness.NOT_UNIQUE)));
        transaction.commit(Durability.FORCED);
      }
      for (int step = 0; step < STEPS; step++) {
        int dice = random.nextInt(100);
        if (dice < 3) {
          database.close();
          database = Database.open(directory, DatabaseOptions.DEFAULT);
        } else if (dice < 8) {
          database.checkpoint();
        } else if (dice < 12) {
          vacuum(database, table);
        } else {
          model = transaction(database, table, model);
        }
        assertThat(rows(database, table)).as("seed %d, step %d", seed, step).isEqualTo(model);
      }
      assertLookupsAgree(database, table, model);
      database.awaitIndexes(Checkpoint.NONE);
    } finally {
      database.close();
    }
  }

  private void vacuum(Database database, int table) {
    MergePolicy.Extent[] extents = MergePolicy.Extent.values();
    database.vacuum(List.of(table), extents[random.nextInt(extents.length)], Checkpoint.NONE);
  }

  /// Merges segments while a transaction is open that has changed rows of them, and while another
  /// one reads what was there before.
  private void vacuumBeside(Database database, int table, Map<Long, String> before) {
    try (Transaction reader = database.begin(IsolationLevel.REPEATABLE_READ, Checkpoint.NONE)) {
      reader.beginStatement();
      vacuum(database, table);
      assertThat(rows(reader, table)).as("seed %d, old view", seed).isEqualTo(before);
    }
  }

  private Map<Long, String> transaction(Database database, int table, Map<Long, String> before) {
    Map<Long, String> mine = new TreeMap<>(before);
    try (Transaction transaction = begin(database)) {
      int count = 1 + random.nextInt(12);
      for (int i = 0; i < count; i++) {
        if (random.nextInt(4) == 0) {
          Map<Long, String> kept = new TreeMap<>(mine);
          Savepoint savepoint = transaction.savepoint();
          change(transaction, table, mine);
          if (random.nextBoolean()) {
            transaction.rollbackTo(savepoint);
            mine = kept;
          }
        } else {
          change(transaction, table, mine);
        }
        if (random.nextInt(20) == 0) {
          vacuumBeside(database, table, before);
        }
        transaction.beginStatement();
      }
      assertThat(rows(transaction, table)).as("seed %d, inside", seed).isEqualTo(mine);
      if (random.nextInt(4) == 0) {
        return before;
      }
      transaction.commit(random.nextBoolean() ? Durability.FORCED : Durability.APPENDED);
      return mine;
    }
  }

  private void change(Transaction transaction, int table, Map<Long, String> mine) {
    transaction.beginStatement();
    long id = random.nextInt(IDS);
    String word = random.nextInt(5) == 0 ? null : "w" + random.nextInt(1000);
    Object[] row = row(id, word, random.nextInt(10) == 0 ? null : random.nextInt(100));
    if (random.nextInt(8) == 0) {
      row[3] = null;
    }
    if (random.nextInt(200) == 0) {
      transaction.truncate(table);
      mine.clear();
    } else if (!mine.containsKey(id)) {
      transaction.insert(table, row);
      mine.put(id, text(row));
    } else if (random.nextInt(3) == 0) {
      assertThat(Fixture.delete(transaction, table, id)).isEqualTo(WriteOutcome.DONE);
      mine.remove(id);
    } else {
      assertThat(Fixture.update(transaction, table, row)).isEqualTo(WriteOutcome.DONE);
      mine.put(id, text(row));
    }
  }

  private static void assertLookupsAgree(Database database, int table, Map<Long, String> model) {
    try (Transaction transaction = begin(database);
        TableView view = transaction.table(table)) {
      for (long id = 0; id < IDS; id++) {
        var found = find(view, id);
        assertThat(found.isPresent()).as("id %d", id).isEqualTo(model.containsKey(id));
        if (found.isPresent()) {
          assertThat(text(view.row(found.get()))).isEqualTo(model.get(id));
        }
      }
    }
  }
}
