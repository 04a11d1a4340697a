package io.alidade.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.CatalogChange;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Changes of codes that come one after the other, that are taken back and that are ended.
@Timeout(120)
class CodeChangeTest {
  private static final int ROWS = 4500;
  private static final String BINARY = "binary (one bit, query of 4 bits)";
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  @TempDir Path directory;

  private Database open() throws Exception {
    return Database.open(directory, DatabaseOptions.DEFAULT);
  }

  private static Map<String, String> quantization(String method) {
    return Map.of("quantization", method);
  }

  private static EmbeddingTable loaded(Database database, Map<String, String> options) {
    EmbeddingTable table = EmbeddingTable.create(database, options);
    table.insert(0, ROWS);
    database.awaitIndexes(Checkpoint.NONE);
    return table;
  }

  private static void requireRecall(EmbeddingTable table) {
    assertThat(table.recall(10, SEED)).as("seed %d", SEED).isGreaterThanOrEqualTo(0.9);
  }

  @Test
  void replacedCodesDoNotStayInMemory() throws Exception {
    try (Database database = open()) {
      EmbeddingTable table = loaded(database, quantization("binary"));
      long before = table.statistics().memoryBytes();
      for (int round = 0; round < 5; round++) {
        for (String method : List.of("scalar", "binary")) {
          table.setOptions(quantization(method));
          database.awaitIndexes(Checkpoint.NONE);
        }
        assertThat(table.statistics().memoryBytes()).isEqualTo(before);
      }
    }
  }

  @Test
  void aChangeThatIsTakenBackLeavesTheCodesInUse() throws Exception {
    try (Database database = open()) {
      EmbeddingTable table = loaded(database, quantization("binary"));
      long before = table.statistics().memoryBytes();
      for (int round = 0; round < 5; round++) {
        table.setOptions(quantization("product"));
        Thread.sleep(5L * round); // Until it has begun, or not.
        table.setOptions(quantization("binary"));
        requireRecall(table);
        database.awaitIndexes(Checkpoint.NONE);
        assertThat(table.statistics().method()).isEqualTo(BINARY);
        assertThat(table.statistics().memoryBytes()).isEqualTo(before);
      }
    }
  }

  @Test
  void aChangeDoesNotDelayTheEndOfADatabase() throws Exception {
    Database database = open();
    EmbeddingTable table;
    try (database) {
      table = loaded(database, quantization("binary"));
      table.setOptions(Map.of("quantization", "product", "compression", "x4"));
    }
    try (Database opened = open()) {
      opened.awaitIndexes(Checkpoint.NONE);
      assertThat(table.in(opened).statistics().method()).isEqualTo("product (x4)");
    }
  }

  @Test
  void aStatementThatCreatesAnIndexIsEndedWhereverItIs() throws Exception {
    try (Database database = open()) {
      EmbeddingTable table = loaded(database, quantization("binary"));
      try (Transaction transaction = Fixture.begin(database)) {
        transaction.apply(new CatalogChange.DropIndex(table.index));
        transaction.commit(Durability.FORCED);
      }
      for (int passes = 1; passes < 70; passes += 17) {
        AtomicLong left = new AtomicLong(passes);
        Checkpoint cancel =
            () -> {
              if (left.decrementAndGet() < 0) {
                throw new DatabaseException(SqlState.QUERY_CANCELED, "enough");
              }
            };
        try (Transaction transaction = database.begin(IsolationLevel.READ_COMMITTED, cancel)) {
          transaction.beginStatement();
          assertThatExceptionOfType(DatabaseException.class)
              .isThrownBy(() ->
                  transaction.apply(
                      new CatalogChange.CreateIndex(table.definition(quantization("scalar")))))
              .withMessage("enough");
        }
      }
      assertThat(database.indexBuilds()).isEmpty();
    }
  }
}
