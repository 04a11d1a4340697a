package io.alidade.storage;

import io.alidade.engine.SearchResult;
import io.alidade.engine.Searcher;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// `(id bigint, embedding vector(96))` with vectors that lie about as embeddings do: few dimensions
/// matter, mixed over all. A row's vector follows from its id.
final class EmbeddingTable {
  static final int DIMENSIONS = 96;
  private static final int LATENT = 14;
  private static final float[][] MIX = mix();

  private final Database database;
  private final Searcher searcher = new Searcher();
  final int oid;
  final int index;

  private EmbeddingTable(Database database, int oid, int index) {
    this.database = database;
    this.oid = oid;
    this.index = index;
  }

  static EmbeddingTable create(Database database, Map<String, String> options) {
    try (Transaction transaction = Fixture.begin(database)) {
      int oid = transaction.allocateOid();
      transaction.apply(
          new CatalogChange.CreateTable(
              new TableDefinition(
                  oid,
                  Catalog.PUBLIC,
                  "doc",
                  TableDefinition.FIRST_GENERATION,
                  List.of(
                      ColumnDefinition.notNull("id", ColumnType.INT8),
                      ColumnDefinition.nullable("embedding", ColumnType.vector(DIMENSIONS))),
                  List.of())));
      int index = transaction.allocateOid();
      transaction.apply(new CatalogChange.CreateIndex(index(index, oid, options)));
      transaction.commit(Durability.FORCED);
      return new EmbeddingTable(database, oid, index);
    }
  }

  private static IndexDefinition index(int index, int table, Map<String, String> options) {
    return new IndexDefinition(
        index,
        "doc_embedding_idx",
        table,
        IndexDefinition.Method.HNSW,
        List.of(IndexDefinition.Key.ascending(1)),
        IndexDefinition.Uniqueness.NOT_UNIQUE,
        Optional.of(Distance.COSINE),
        options);
  }

  /// The index with these options, to be created.
  IndexDefinition definition(Map<String, String> options) {
    return index(index, oid, options);
  }

  /// The same table of a database that was opened again.
  EmbeddingTable in(Database opened) {
    return new EmbeddingTable(opened, oid, index);
  }

  private static float[][] mix() {
    Random random = new Random(7);
    float[][] mix = new float[LATENT][DIMENSIONS];
    for (float[] row : mix) {
      for (int i = 0; i < DIMENSIONS; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return mix;
  }

  static float[] vector(long id) {
    Random random = new Random(id * 0x9E3779B97F4A7C15L);
    float[] vector = new float[DIMENSIONS];
    for (float[] direction : MIX) {
      float share = (float) random.nextGaussian();
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] += share * direction[i];
      }
    }
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] += 0.3f * (float) random.nextGaussian();
    }
    return vector;
  }

  void insert(long from, long to) {
    List<Object[]> rows = new ArrayList<>();
    for (long id = from; id < to; id++) {
      rows.add(new Object[] {id, vector(id)});
    }
    Fixture.insert(database, oid, rows.toArray(Object[][]::new));
  }

  void setOptions(Map<String, String> options) {
    try (Transaction transaction = Fixture.begin(database)) {
      transaction.apply(new CatalogChange.SetIndexOptions(index, options));
      transaction.commit(Durability.FORCED);
    }
  }

  VectorIndexStatistics statistics() {
    return database.vectorIndexStatistics(index).orElseThrow();
  }

  /// The share of the 10 true nearest that a search finds, over some queries.
  double recall(int queries, long seed) {
    double found = 0;
    Random random = new Random(seed);
    for (int query = 0; query < queries; query++) {
      float[] vector = vector(-1 - random.nextInt(1_000_000));
      try (Transaction transaction = Fixture.begin(database);
          TableView view = transaction.table(oid)) {
        List<Long> exact = nearest(view, vector, SearchOptions.Mode.EXACT);
        List<Long> some = nearest(view, vector, SearchOptions.Mode.APPROXIMATE);
        found += some.stream().filter(exact::contains).count() / (double) exact.size();
      }
    }
    return found / queries;
  }

  private List<Long> nearest(TableView view, float[] query, SearchOptions.Mode mode) {
    VectorQuery question =
        new VectorQuery(
            1,
            query,
            Distance.COSINE,
            10,
            Filter.ALL,
            Optional.empty(),
            new SearchOptions(80, mode));
    SearchResult result = searcher.search(view.vectorSegments(), question, Checkpoint.NONE);
    List<Long> ids = new ArrayList<>();
    for (int hit = 0; hit < result.size(); hit++) {
      RowReference place = view.found(result.segment(hit), result.ordinal(hit));
      ids.add((Long) view.row(place, new int[] {0})[0]);
    }
    return ids;
  }
}
