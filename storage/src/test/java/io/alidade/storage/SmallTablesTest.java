package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.btree;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.hnsw;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static io.alidade.storage.Fixture.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.search.Checkpoint;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.table.TableView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many tables that are empty or small.
final class SmallTablesTest {
  private static final int TABLES = 60;
  private static final int ROWS = Checkpointer.MIN_ROWS_FOR_INDEX_FILES - 1;

  @TempDir private Path directory;

  @Test
  void anEmptyTableHasNoFiles() throws Exception {
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
      tables(database);
      database.checkpoint();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aSmallTableHasOneFileAndItsIndexesAreThereAfterAStart() throws Exception {
    List<Integer> tables;
    Map<Path, Object> written;
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
      tables = tables(database);
      for (int table : tables) {
        insert(database, table, someRows());
      }
      database.checkpoint();
      written = files();
      assertThat(written).hasSize(TABLES);
      insert(database, tables.getFirst(), row(1000, "more", 1));
      database.checkpoint();
      assertThat(files()).as("what did not change is left alone").containsAllEntriesOf(written);
      assertThat(files()).hasSize(TABLES + 1);
      assertAllIsThere(database, tables);
    }
    try (Database database = Database.open(directory, DatabaseOptions.DEFAULT)) {
      assertThat(rows(database, tables.getFirst())).hasSize(ROWS + 1);
      assertAllIsThere(database, tables);
      database.checkpoint();
      assertThat(files()).containsAllEntriesOf(written);
    }
  }

  private static void assertAllIsThere(Database database, List<Integer> tables) {
    database.awaitIndexes(Checkpoint.NONE);
    for (int table : tables.subList(1, TABLES)) {
      assertThat(rows(database, table)).hasSize(ROWS);
      try (Transaction transaction = begin(database);
          TableView view = transaction.table(table)) {
        for (IndexDefinition index : view.definition().indexes()) {
          assertThat(database.indexStatistics(index.oid()).orElseThrow().indexedRows())
              .isEqualTo(ROWS);
        }
        assertThat(Fixture.find(view, ROWS)).isPresent();
        assertThat(Fixture.find(view, ROWS + 1)).isEmpty();
      }
    }
  }

  private static Object[][] someRows() {
    Object[][] rows = new Object[ROWS][];
    for (int i = 0; i < ROWS; i++) {
      rows[i] = row(i + 1, "word " + i, i % 7);
    }
    return rows;
  }

  private static List<Integer> tables(Database database) {
    List<Integer> tables = new ArrayList<>();
    for (int i = 0; i < TABLES; i++) {
      int table = createTable(database, "small" + i);
      try (Transaction transaction = begin(database)) {
        transaction.apply(new CatalogChange.CreateIndex(hnsw(transaction, table)));
        transaction.apply(
            new CatalogChange.CreateIndex(
                btree(transaction, table, 2, IndexDefinition.Uniqueness.NOT_UNIQUE)));
        transaction.commit(Durability.FORCED);
      }
      tables.add(table);
    }
    return tables;
  }

  /// The files of segments and when they were written.
  private Map<Path, Object> files() throws IOException {
    Map<Path, Object> files = new TreeMap<>();
    try (Stream<Path> listed = Files.list(directory.resolve("segments"))) {
      for (Path file : listed.toList()) {
        files.put(file, Files.getLastModifiedTime(file));
      }
    }
    return files;
  }
}
