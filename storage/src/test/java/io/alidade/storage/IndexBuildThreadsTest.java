package io.alidade.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.search.Checkpoint;
import io.alidade.storage.catalog.CatalogChange;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How many threads build vector indexes, seen by the helpers that are alive afterwards: they stay
/// for a second.
@Timeout(120)
class IndexBuildThreadsTest {
  private static final int ROWS = 3000;
  private static final String LIMIT = "max_indexing_threads";

  @BeforeEach
  void awaitHelpersOfOthers() throws InterruptedException {
    while (helpers() > 0) {
      Thread.sleep(20);
    }
  }

  private static long helpers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("alidade-index-"))
        .count();
  }

  private static Database database(int threads) {
    return Database.inMemory(DatabaseOptions.DEFAULT.withIndexBuildThreads(threads));
  }

  /// Creates an index over rows that are there.
  private static long helpersOfCreation(int serverThreads, int workers, Map<String, String> options)
      throws InterruptedException {
    try (Database database = database(serverThreads)) {
      EmbeddingTable table = EmbeddingTable.create(database, Map.of());
      try (Transaction transaction = Fixture.begin(database)) {
        transaction.apply(new CatalogChange.DropIndex(table.index));
        transaction.commit(Durability.FORCED);
      }
      table.insert(0, ROWS);
      try (Transaction transaction = Fixture.begin(database)) {
        if (workers >= 0) {
          transaction.maintenanceWorkers(workers);
        }
        transaction.apply(new CatalogChange.CreateIndex(table.definition(options)));
        long helpers = helpers();
        transaction.commit(Durability.FORCED);
        assertThat(table.statistics().indexedRows()).isEqualTo(ROWS);
        return helpers;
      }
    }
  }

  @Test
  void anIndexIsCreatedOnAsManyThreadsAsTheServerHas() throws Exception {
    assertThat(helpersOfCreation(3, -1, Map.of())).isEqualTo(2);
  }

  @Test
  void aTransactionChoosesHowManyThreadsCreateItsIndexes() throws Exception {
    assertThat(helpersOfCreation(2, 3, Map.of())).isEqualTo(3);
  }

  @Test
  void withoutWorkersTheCallerCreatesAnIndexAlone() throws Exception {
    assertThat(helpersOfCreation(3, 0, Map.of())).isZero();
  }

  @Test
  void anIndexMayLimitTheThreadsThatCreateIt() throws Exception {
    assertThat(helpersOfCreation(4, 3, Map.of(LIMIT, "2"))).isEqualTo(1);
  }

  private static long helpersOfGrowth(int serverThreads, Map<String, String> options) {
    try (Database database = database(serverThreads)) {
      EmbeddingTable table = EmbeddingTable.create(database, options);
      table.insert(0, ROWS);
      database.awaitIndexes(Checkpoint.NONE);
      assertThat(table.statistics().indexedRows()).isEqualTo(ROWS);
      return helpers();
    }
  }

  @Test
  void rowsAreIndexedInTheBackgroundOnTheServersThreads() {
    assertThat(helpersOfGrowth(4, Map.of())).isEqualTo(3);
  }

  @Test
  void anIndexMayLimitTheThreadsThatExtendIt() {
    assertThat(helpersOfGrowth(4, Map.of(LIMIT, "1"))).isZero();
  }
}
