package io.alidade.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.SearchResult;
import io.alidade.engine.Searcher;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.model.Half;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Columns of half floats and of bits: in memory, in the log, sealed, and with what indexes find.
@Timeout(120)
class NarrowVectorsTest {
  private static final Searcher SEARCHER = new Searcher();
  private static final int ROWS = 600;
  private static final int HALVES = 37;
  private static final int BITS = 101;
  private static final List<Distance> DISTANCES =
      List.of(Distance.L2, Distance.COSINE, Distance.HAMMING, Distance.JACCARD);

  @TempDir Path directory;

  private Database open() throws Exception {
    return Database.open(directory, DatabaseOptions.DEFAULT);
  }

  @Test
  void rowsAndIndexesComeBackFromTheLogAndFromSealedFiles() throws Exception {
    int table;
    try (Database database = open()) {
      table = create(database);
      insert(database, table, 0);
      requireAll(database, table, ROWS);
      assertThat(bytesOfARow(database, table)).containsExactly(HALVES * 2, (BITS + 7) / 8);
    }
    try (Database database = open()) { // Replayed.
      requireAll(database, table, ROWS);
      database.checkpoint();
      requireAll(database, table, ROWS);
      insert(database, table, ROWS);
    }
    try (Database database = open()) { // Half of it mapped, half of it replayed.
      requireAll(database, table, 2 * ROWS);
    }
  }

  @Test
  void aTransactionFindsItsOwnRows() throws Exception {
    try (Database database = Database.inMemory(DatabaseOptions.DEFAULT)) {
      int table = create(database);
      insert(database, table, 0);
      try (Transaction transaction = Fixture.begin(database)) {
        BitString bits = bits(1_000_000);
        transaction.insertAll(
            table, List.<Object[]>of(new Object[] {1_000_000L, halves(1_000_000), bits}));
        transaction.beginStatement();
        try (TableView view = transaction.table(table)) {
          assertThat(nearest(view, 2, bits.toFloats(), Distance.HAMMING, Filter.ALL))
              .isEqualTo(1_000_000);
        }
      }
    }
  }

  private static int create(Database database) {
    try (Transaction transaction = Fixture.begin(database)) {
      int oid = transaction.allocateOid();
      transaction.apply(
          new CatalogChange.CreateTable(
              new TableDefinition(
                  oid,
                  Catalog.PUBLIC,
                  "narrow",
                  TableDefinition.FIRST_GENERATION,
                  List.of(
                      ColumnDefinition.notNull("id", ColumnType.INT8),
                      ColumnDefinition.nullable("halves", ColumnType.halfvec(HALVES)),
                      ColumnDefinition.nullable("bits", ColumnType.bit(BITS))),
                  List.of())));
      for (Distance distance : DISTANCES) {
        transaction.apply(
            new CatalogChange.CreateIndex(
                new IndexDefinition(
                    transaction.allocateOid(),
                    "narrow_" + distance,
                    oid,
                    IndexDefinition.Method.HNSW,
                    List.of(IndexDefinition.Key.ascending(column(distance))),
                    IndexDefinition.Uniqueness.NOT_UNIQUE,
                    Optional.of(distance),
                    Map.of())));
      }
      transaction.commit(Durability.FORCED);
      return oid;
    }
  }

  private static int column(Distance distance) {
    return distance.isOfBits() ? 2 : 1;
  }

  private static float[] halves(long id) {
    Random random = new Random(id * 0x9E3779B97F4A7C15L);
    float[] vector = new float[HALVES];
    for (int i = 0; i < HALVES; i++) {
      vector[i] = Half.round((float) random.nextGaussian());
    }
    return vector;
  }

  private static BitString bits(long id) {
    byte[] bytes = new byte[BitString.bytes(BITS)];
    new Random(id * 0x9E3779B97F4A7C15L).nextBytes(bytes);
    return BitString.of(BITS, bytes);
  }

  private static boolean isNull(long id) {
    return id % 50 == 7;
  }

  private static void insert(Database database, int table, int from) {
    Object[][] rows = new Object[ROWS][];
    for (int i = 0; i < ROWS; i++) {
      long id = from + i;
      rows[i] = new Object[] {id, isNull(id) ? null : halves(id), isNull(id) ? null : bits(id)};
    }
    Fixture.insert(database, table, rows);
  }

  private static void requireAll(Database database, int table, int rows) {
    database.awaitIndexes(Checkpoint.NONE);
    try (Transaction transaction = Fixture.begin(database);
        TableView view = transaction.table(table)) {
      for (long id = 0; id < rows; id += 31) {
        if (isNull(id)) {
          continue;
        }
        Filter own = new Filter.Compare(0, Filter.Comparison.EQUAL, id);
        for (Distance distance : DISTANCES) {
          float[] query = distance.isOfBits() ? bits(id).toFloats() : halves(id);
          assertThat(nearest(view, column(distance), query, distance, Filter.ALL)).isEqualTo(id);
          assertThat(nearest(view, column(distance), query, distance, own)).isEqualTo(id);
        }
      }
    }
  }

  /// The nearest row, whose values must be those that were stored.
  private static long nearest(
      TableView view, int column, float[] query, Distance distance, Filter filter) {
    VectorQuery question =
        new VectorQuery(
            column, query, distance, 1, filter, Optional.empty(), SearchOptions.DEFAULT);
    SearchResult result = SEARCHER.search(view.vectorSegments(), question, Checkpoint.NONE);
    assertThat(result.size()).isEqualTo(1);
    RowReference place = view.found(result.segment(0), result.ordinal(0));
    @Nullable Object[] row = view.row(place, new int[] {0, 1, 2});
    long id = (Long) row[0];
    assertThat(row[1]).isEqualTo(halves(id));
    assertThat(row[2]).isEqualTo(bits(id));
    return id;
  }

  private static List<Integer> bytesOfARow(Database database, int table) {
    try (Transaction transaction = Fixture.begin(database);
        TableView view = transaction.table(table)) {
      return List.of(1, 2).stream()
          .map(column -> view.segments().getFirst().vectors(column))
          .map(vectors -> vectors.element().rowBytes(vectors.dimensions()))
          .toList();
    }
  }
}
