package io.alidade.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The memory that a table with a vector index takes beside the heap, as the database accounts it;
/// what the whole process takes is measured by `bench.memory`.
@Timeout(300)
class MemoryTest {
  private static final int ROWS = 200_000;
  private static final int DIMENSIONS = 128;
  private static final int BATCH = 5_000;
  private static final int ROW_BYTES = DIMENSIONS * Float.BYTES;

  /// Of the 1.2 GB that 1,000,000 rows of 384 dimensions may take, what is left when the heap and
  /// the JVM have theirs.
  private static final long LARGE_BUDGET = 800L << 20;

  private static final int LARGE_ROWS = 1_000_000;

  @TempDir Path directory;

  private int table;
  private int index;

  @Test
  void aLoadTakesMemoryForWhatIsNotSealedAndServingTakesNextToNone() throws Exception {
    long limit = 24L << 20; // In proportion to the rows as the default is to the large table.
    DatabaseOptions options = DatabaseOptions.DEFAULT.withCheckpointLogBytes(limit);
    try (Database database = Database.open(directory, options)) {
      createTable(database);
      long most = 0;
      for (int first = 0; first < ROWS; first += BATCH) {
        insert(database, first);
        most = Math.max(most, memory(database));
      }
      // A segment that is being sealed and the next, each in tables that double as they grow.
      assertThat(most).as("while rows are loaded").isLessThan(2 * 2 * limit);
      assertThat(most).isLessThan((long) ROWS * ROW_BYTES);
      database.awaitIndexes(Checkpoint.NONE);
      database.checkpoint();
      long served = memory(database);
      assertThat(served).as("when all is sealed").isLessThan(LARGE_BUDGET * ROWS / LARGE_ROWS / 4);
    }
    try (Database database = Database.open(directory, options)) {
      VectorIndexStatistics figures = database.vectorIndexStatistics(index).orElseThrow();
      assertThat(figures.indexedRows()).isEqualTo(ROWS);
      assertThat(memory(database)).as("after opening").isLessThan(1L << 20);
      // Codes are resident even where all else is not: with a graph of m 16, 64 + 140 bytes a row.
      long wanted = (figures.recordBytes() / ROWS + 140) * LARGE_ROWS;
      assertThat(wanted).isLessThan(LARGE_BUDGET);
      assertThat(figures.recordBytes()).isEqualTo(64L * ROWS);
    }
  }

  private long memory(Database database) {
    return database.tableStatistics(table).orElseThrow().memoryBytes()
        + database.vectorIndexStatistics(index).orElseThrow().memoryBytes();
  }

  /// Its index has the least graph: building it is not what is tested.
  private void createTable(Database database) {
    try (Transaction transaction = Fixture.begin(database)) {
      table = transaction.allocateOid();
      index = transaction.allocateOid();
      transaction.apply(
          new CatalogChange.CreateTable(
              new TableDefinition(
                  table,
                  Catalog.PUBLIC,
                  "item",
                  TableDefinition.FIRST_GENERATION,
                  List.of(ColumnDefinition.notNull("v", ColumnType.vector(DIMENSIONS))),
                  List.of())));
      transaction.apply(
          new CatalogChange.CreateIndex(
              new IndexDefinition(
                  index,
                  "item_v",
                  table,
                  IndexDefinition.Method.HNSW,
                  List.of(IndexDefinition.Key.ascending(0)),
                  IndexDefinition.Uniqueness.NOT_UNIQUE,
                  Optional.of(Distance.L2),
                  Map.of("m", "2", "ef_construction", "4", "quantization", "binary"))));
      transaction.commit(Durability.FORCED);
    }
  }

  private void insert(Database database, int first) {
    SplittableRandom random = new SplittableRandom(first);
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      float[] vector = new float[DIMENSIONS];
      for (int j = 0; j < DIMENSIONS; j++) {
        vector[j] = (float) random.nextDouble();
      }
      rows.add(new Object[] {vector});
    }
    Fixture.insert(database, table, rows.toArray(Object[][]::new));
  }
}
