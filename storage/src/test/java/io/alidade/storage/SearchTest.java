package io.alidade.storage;

import static io.alidade.storage.Fixture.begin;
import static io.alidade.storage.Fixture.createTable;
import static io.alidade.storage.Fixture.delete;
import static io.alidade.storage.Fixture.insert;
import static io.alidade.storage.Fixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.SearchResult;
import io.alidade.engine.Searcher;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.FilteredScan;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The engine's searches over views: sealed, mutable and a transaction's own rows together.
@Timeout(60)
class SearchTest {
  private static final int ROWS = 3000;
  private static final int LIMIT = 10;

  @TempDir Path directory;

  private final Searcher searcher = new Searcher();
  private Database database;
  private int table;

  @BeforeEach
  void load() throws Exception {
    database = Database.open(directory, DatabaseOptions.DEFAULT);
    table = createTable(database, "items");
    insertRange(0, ROWS / 2);
    try (Transaction transaction = begin(database)) {
      transaction.apply(new CatalogChange.CreateIndex(Fixture.hnsw(transaction, table)));
      transaction.apply(
          new CatalogChange.CreateIndex(
              Fixture.btree(transaction, table, 2, IndexDefinition.Uniqueness.NOT_UNIQUE)));
      transaction.commit(Durability.FORCED);
    }
    database.checkpoint();
    insertRange(ROWS / 2, ROWS);
  }

  private void insertRange(int from, int to) {
    List<Object[]> rows = new ArrayList<>();
    for (int id = from; id < to; id++) {
      rows.add(row(id, "w", id % 100));
    }
    insert(database, table, rows.toArray(Object[][]::new));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private List<Long> nearest(
      TableView view, float[] query, Filter filter, SearchOptions.Mode mode) {
    VectorQuery question =
        new VectorQuery(
            3, query, Distance.L2, LIMIT, filter, Optional.empty(), new SearchOptions(200, mode));
    SearchResult found = searcher.search(view.vectorSegments(), question, Checkpoint.NONE);
    List<Long> ids = new ArrayList<>();
    for (int hit = 0; hit < found.size(); hit++) {
      RowReference place = view.found(found.segment(hit), found.ordinal(hit));
      ids.add((Long) view.row(place, new int[] {0})[0]);
    }
    return ids;
  }

  private static float[] vector(long id) {
    return (float[]) row(id, "", 0)[3];
  }

  @Test
  void ownRowsAreFoundAndOwnDeletionsAreNot() {
    try (Transaction transaction = begin(database)) {
      Object[] mine = row(100_000, "mine", 1);
      mine[3] = vector(7);
      transaction.insert(table, mine);
      delete(transaction, table, 7);
      transaction.beginStatement();
      try (TableView view = transaction.table(table)) {
        assertThat(view.segments()).hasSize(3);
        assertThat(nearest(view, vector(7), Filter.ALL, SearchOptions.Mode.APPROXIMATE))
            .hasSize(LIMIT)
            .startsWith(100_000L)
            .doesNotContain(7L);
      }
    }
    try (Transaction transaction = begin(database);
        TableView view = transaction.table(table)) {
      assertThat(nearest(view, vector(7), Filter.ALL, SearchOptions.Mode.APPROXIMATE))
          .startsWith(7L)
          .doesNotContain(100_000L);
    }
  }

  @Test
  void aFilteredSearchGivesTheWholeLimitFromAllSegments() {
    Filter cheap = new Filter.Compare(2, Filter.Comparison.LESS, 3);
    try (Transaction transaction = begin(database);
        TableView view = transaction.table(table)) {
      List<Long> found = nearest(view, vector(5), cheap, SearchOptions.Mode.APPROXIMATE);
      assertThat(found).hasSize(LIMIT).allMatch(id -> id % 100 < 3);
      List<Long> exact = nearest(view, vector(5), cheap, SearchOptions.Mode.EXACT);
      assertThat(found).containsAll(exact.subList(0, LIMIT / 2));
    }
  }

  @Test
  void aScanByAnIndexSeesOnlyWhatTheViewSees() {
    Filter exact = new Filter.Compare(2, Filter.Comparison.EQUAL, 42);
    try (Transaction transaction = begin(database)) {
      delete(transaction, table, 42);
      transaction.beginStatement();
      transaction.insert(table, row(200_000, "mine", 42));
      transaction.beginStatement();
      try (TableView view = transaction.table(table)) {
        int count = 0;
        for (SegmentView segment : view.segments()) {
          FilteredScan scan = FilteredScan.open(segment, exact, Checkpoint.NONE);
          while (scan.hasNext()) {
            int ignored = scan.nextInt();
            count++;
          }
        }
        assertThat(count).isEqualTo(ROWS / 100);
      }
    }
  }
}
