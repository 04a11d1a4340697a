package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.delete;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static io.alidade.storage.Fixture.rows;
import static io.alidade.storage.Fixture.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import io.alidade.model.Jsonb;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RecoveryTest {
  @TempDir Path directory;

  private Database open() throws Exception {
    return Database.open(directory, DatabaseOptions.DEFAULT);
  }

  @Test
  void whatWasCommittedIsThereAgainFromTheLog() throws Exception {
    int table;
    try (Database database = open()) {
      table = createTable(database, "items");
      insert(database, table, row(1, "one", 1), row(2, "two", 2));
      try (Transaction transaction = begin(database)) {
        update(transaction, table, row(1, "uno", 1));
        delete(transaction, table, 2);
        transaction.insert(table, row(3, "three", 3));
        transaction.commit(Durability.FORCED);
      }
    }
    try (Database database = open()) {
      assertThat(rows(database, table)).containsOnlyKeys(1L, 3L);
      assertThat(rows(database, table).get(1L)).startsWith("uno");
      assertThat(database.lastCommitted().value()).isEqualTo(3);
      insert(database, table, row(2, "again", 2));
      assertThatThrownBy(() -> insert(database, table, row(3, "again", 2)))
          .isInstanceOf(RowRejectedException.class);
    }
  }

  @Test
  void aCheckpointChangesNothingThatIsSeen() throws Exception {
    int table;
    try (Database database = open()) {
      table = createTable(database, "items");
      for (int i = 0; i < 300; i++) {
        insert(database, table, row(i, "word " + i, i % 7 == 0 ? null : i));
      }
      var before = rows(database, table);
      try (Transaction reader = begin(database);
          TableView view = reader.table(table)) {
        database.checkpoint();
        assertThat(rows(view)).isEqualTo(before);
        assertThat(rows(database, table)).isEqualTo(before);
        try (Transaction transaction = begin(database)) {
          delete(transaction, table, 5);
          update(transaction, table, row(6, "six", 6));
          transaction.commit(Durability.FORCED);
        }
        assertThat(rows(view)).isEqualTo(before);
      }
      assertThat(rows(database, table)).hasSize(299).doesNotContainKey(5L);
      assertThat(rows(database, table).get(6L)).startsWith("six");
    }
    for (int round = 0; round < 3; round++) {
      try (Database database = open()) {
        assertThat(rows(database, table)).hasSize(299 - round).doesNotContainKey(5L);
        try (Transaction transaction = begin(database)) {
          delete(transaction, table, 100 + round);
          transaction.commit(Durability.FORCED);
        }
        database.checkpoint();
      }
    }
  }

  @Test
  void allTypesSurviveTheLogAndAFile() throws Exception {
    List<ColumnType> types =
        List.of(
            ColumnType.BOOL,
            ColumnType.INT2,
            ColumnType.INT4,
            ColumnType.INT8,
            ColumnType.FLOAT4,
            ColumnType.FLOAT8,
            ColumnType.NUMERIC,
            ColumnType.TEXT,
            ColumnType.BYTEA,
            ColumnType.UUID,
            ColumnType.DATE,
            ColumnType.TIMESTAMPTZ,
            ColumnType.JSONB,
            ColumnType.vector(3),
            ColumnType.VECTOR,
            ColumnType.arrayOf(ColumnType.TEXT));
    Object[] values = {
      true,
      (short) -3,
      70000,
      Long.MIN_VALUE,
      1.5f,
      -0.0,
      new BigDecimal("-12345678901234567890.50"),
      "naïve 文",
      new byte[] {0, -1},
      new UUID(-1, 7),
      -5,
      99L,
      Jsonb.parse("{\"a\": [1, null]}"),
      new float[] {1, 2, 3},
      new float[] {9},
      Arrays.asList("x", null, ""),
    };
    int oid;
    try (Database database = open()) {
      try (Transaction transaction = begin(database)) {
        oid = transaction.allocateOid();
        List<ColumnDefinition> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
          columns.add(ColumnDefinition.nullable("c" + i, types.get(i)));
        }
        transaction.apply(
            new CatalogChange.CreateTable(
                new TableDefinition(oid, "public", "all", 1, columns, List.of())));
        transaction.insertAll(oid, List.of(values, new Object[types.size()], values));
        transaction.commit(Durability.FORCED);
      }
    }
    for (int round = 0; round < 2; round++) {
      try (Database database = open()) {
        try (Transaction transaction = begin(database);
            TableView view = transaction.table(oid)) {
          assertThat(view.row(new RowReference(0, 0))).isEqualTo(values);
          assertThat(view.row(new RowReference(0, 1))).containsOnlyNulls();
          assertThat(view.row(new RowReference(0, 2))).isEqualTo(values);
        }
        database.checkpoint();
      }
    }
  }

  @Test
  void aVectorIndexAnswersFromMemoryFromTheLogAndFromItsFile() throws Exception {
    int table;
    try (Database database = open()) {
      table = createTable(database, "items");
      List<Object[]> rows = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        rows.add(row(i, "w", i));
      }
      insert(database, table, rows.toArray(Object[][]::new));
      try (Transaction transaction = begin(database)) {
        transaction.apply(new CatalogChange.CreateIndex(Fixture.hnsw(transaction, table)));
        transaction.commit(Durability.FORCED);
      }
      assertIndexed(database, table, 2000);
    }
    try (Database database = open()) {
      database.awaitIndexes(Checkpoint.NONE);
      assertIndexed(database, table, 2000);
      database.checkpoint();
      assertIndexed(database, table, 2000);
    }
    try (Database database = open()) {
      assertIndexed(database, table, 2000);
      insert(database, table, row(5000, "new", 1));
      database.awaitIndexes(Checkpoint.NONE);
      database.checkpoint();
    }
    try (Database database = open()) {
      assertIndexed(database, table, 2001);
    }
  }

  private static void assertIndexed(Database database, int table, int rows) {
    int index = database.catalog().table(table).orElseThrow().indexes().getLast().oid();
    IndexStatistics statistics = database.indexStatistics(index).orElseThrow();
    assertThat(statistics.rows()).isEqualTo(rows);
    assertThat(statistics.indexedRows()).isEqualTo(rows);
    try (Transaction transaction = begin(database);
        TableView view = transaction.table(table)) {
      for (var segment : view.segments()) {
        assertThat(segment.vectorIndex(3, Distance.L2)).isPresent();
      }
    }
  }

  @Test
  void aLargeTransactionGoesAheadInChunksAndCommitsAsOne() throws Exception {
    int table;
    try (Database database = open()) {
      table = createTable(database, "items");
      try (Transaction transaction = begin(database)) {
        load(transaction, table, 0, 20);
        Savepoint savepoint = transaction.savepoint();
        load(transaction, table, 1000, 10);
        transaction.rollbackTo(savepoint);
        transaction.beginStatement();
        delete(transaction, table, 3);
        database.checkpoint(); // While chunks of an open transaction lie in the log.
        transaction.commit(Durability.FORCED);
      }
      assertThat(ids(database, table)).hasSize(19).doesNotContain(3L);
    }
    try (Database database = open()) {
      assertThat(ids(database, table)).hasSize(19).doesNotContain(3L);
    }
  }

  @Test
  void aLargeTransactionThatIsRolledBackLeavesNothing() throws Exception {
    int table;
    try (Database database = open()) {
      table = createTable(database, "items");
      try (Transaction transaction = begin(database)) {
        load(transaction, table, 0, 20);
      }
      insert(database, table, row(1, "one", 1));
      try (Transaction transaction = begin(database)) {
        load(transaction, table, 100, 10);
        database.close(); // As it is.
      }
    }
    try (Database database = open()) {
      assertThat(rows(database, table)).containsOnlyKeys(1L);
    }
  }

  private static void load(Transaction transaction, int table, long from, int megabytes) {
    String large = "x".repeat(1 << 20);
    for (long id = from; id < from + megabytes; id++) {
      transaction.insert(table, row(id, large + id, 1));
    }
  }

  private static List<Long> ids(Database database, int table) {
    return List.copyOf(rows(database, table).keySet());
  }

  @Test
  void aDamagedSegmentFileIsNamed() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      insert(database, table, row(1, "one", 1), row(2, "two", 2));
      database.checkpoint();
    }
    Path file;
    try (Stream<Path> files = Files.list(directory.resolve("segments"))) {
      file = files.filter(it -> it.toString().endsWith(".rows")).findFirst().orElseThrow();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {0x55}), channel.size() / 2);
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining(file.toString());
    Files.delete(file);
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("missing");
  }

  @Test
  void aMissingManifestIsRefusedAndTakesNoFileWithIt() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      insert(database, table, row(1, "one", 1));
    }
    try (Database database = open()) {
      database.checkpoint(); // The log of the run before goes.
      int table = database.catalog().table("public", "items").orElseThrow().oid();
      insert(database, table, row(2, "two", 2));
    }
    Path segments = directory.resolve("segments");
    Path manifest = directory.resolve("MANIFEST");
    byte[] bytes = Files.readAllBytes(manifest);
    List<Path> before = files(segments);
    assertThat(before).isNotEmpty();
    Files.delete(manifest);

    assertThatThrownBy(this::open).isInstanceOf(CorruptFileException.class);

    assertThat(files(segments)).isEqualTo(before);
    Files.write(manifest, bytes); // Found again.
    try (Database database = open()) {
      assertThat(
              Fixture.rows(
                  database, database.catalog().table("public", "items").orElseThrow().oid()))
          .hasSize(2);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  @Test
  void droppedTablesAndTheirFilesGo() throws Exception {
    try (Database database = open()) {
      int table = createTable(database, "items");
      insert(database, table, row(1, "one", 1));
      database.checkpoint();
      try (Transaction transaction = begin(database)) {
        transaction.apply(new CatalogChange.DropTable(table));
        transaction.commit(Durability.FORCED);
      }
      database.checkpoint();
    }
    try (Stream<Path> files = Files.list(directory.resolve("segments"))) {
      assertThat(files).isEmpty();
    }
    try (Database database = open()) {
      assertThat(database.catalog().tables()).isEmpty();
    }
  }

  @Test
  void theCheckpointComesByItselfWhenMuchWasLogged() throws Exception {
    try (Database database =
        Database.open(directory, DatabaseOptions.DEFAULT.withCheckpointLogBytes(1 << 20))) {
      int table = createTable(database, "items");
      try (Transaction transaction = begin(database)) {
        load(transaction, table, 0, 3);
        transaction.commit(Durability.FORCED);
      }
      long end = System.nanoTime() + 20_000_000_000L;
      while (!Files.exists(directory.resolve("MANIFEST")) && System.nanoTime() < end) {
        Thread.sleep(10);
      }
      assertThat(directory.resolve("MANIFEST")).exists();
    }
  }
}
