package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static io.alidade.storage.Fixture.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.Searcher;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.table.TableView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Indexes made anew: they answer as before, whoever writes meanwhile.
@Timeout(120)
class ReindexTest {
  @TempDir Path directory;

  private static void fill(Database database, int table, int from, int to) {
    Object[][] rows = new Object[to - from][];
    for (int i = from; i < to; i++) {
      rows[i - from] = row(i, "w" + i, i);
    }
    insert(database, table, rows);
  }

  private static List<Integer> indexes(Database database, int table) {
    return database.catalog().table(table).orElseThrow().indexes().stream()
        .map(IndexDefinition::oid)
        .toList();
  }

  private static void requireAnswers(Database database, int table, int rows) {
    assertThat(rows(database, table)).hasSize(rows);
    try (Transaction transaction = begin(database);
        TableView view = transaction.table(table)) {
      for (int id = 0; id < rows; id += 37) {
        assertThat(Fixture.find(view, id)).as("row %d", id).isPresent();
        var found =
            new Searcher()
                .search(
                    view.segments(),
                    new VectorQuery(
                        3,
                        (float[]) row(id, "", 0)[3],
                        Distance.L2,
                        1,
                        Filter.ALL,
                        Optional.empty(),
                        SearchOptions.DEFAULT),
                    Checkpoint.NONE);
        assertThat(found.distance(0)).isZero();
      }
    }
  }

  @Test
  void indexesAnswerAsBeforeWhileRowsAreWrittenAndAfterARestart() throws Exception {
    int table;
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
      table = createTable(database, "items");
      int created = table;
      try (Transaction transaction = begin(database)) {
        transaction.apply(new CatalogChange.CreateIndex(Fixture.hnsw(transaction, created)));
        transaction.commit(Durability.FORCED);
      }
      fill(database, table, 0, 2000);
      database.checkpoint();
      fill(database, table, 2000, 3000);
      List<Integer> before = indexes(database, table);
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(() -> {
            for (int i = 3000; i < 4000; i += 50) {
              fill(database, created, i, i + 50);
            }
          });
      for (int round = 0; round < 3; round++) {
        database.reindex(before, Checkpoint.NONE);
      }
      writer.join();
      assertThat(indexes(database, table)).isEqualTo(before);
      requireAnswers(database, table, 4000);
      assertThat(database.indexBuilds()).isEmpty();
    }
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
      requireAnswers(database, table, 4000);
    }
    assertThat(DatabaseCheck.run(directory, DatabaseCheck.Mode.VERIFY).findings()).isEmpty();
  }

  @Test
  void indexesInMemoryAreMadeAnew() {
    try (Database database = Database.inMemory(DatabaseOptions.DEFAULT)) {
      int table = createTable(database, "items");
      try (Transaction transaction = begin(database)) {
        transaction.apply(new CatalogChange.CreateIndex(Fixture.hnsw(transaction, table)));
        transaction.commit(Durability.FORCED);
      }
      fill(database, table, 0, 500);
      Map<Long, String> rows = rows(database, table);
      database.reindex(indexes(database, table), Checkpoint.NONE);
      fill(database, table, 500, 600);
      database.awaitIndexes(Checkpoint.NONE);
      requireAnswers(database, table, 600);
      assertThat(rows(database, table)).containsAllEntriesOf(rows);
    }
  }
}
