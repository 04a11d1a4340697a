package io.alidade.storage;

import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogChange;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Short ways to do with a database what every test needs.
final class Fixture {
  static final int DIMENSIONS = 8;

  private Fixture() {}

  static Transaction begin(Database database) {
    Transaction transaction = database.begin(IsolationLevel.READ_COMMITTED, Checkpoint.NONE);
    transaction.beginStatement();
    return transaction;
  }

  /// `(id bigint primary key, word text, price integer, embedding vector(8))`.
  static int createTable(Database database, String name) {
    try (Transaction transaction = begin(database)) {
      int oid = createTable(transaction, name);
      transaction.commit(Durability.FORCED);
      return oid;
    }
  }

  static int createTable(Transaction transaction, String name) {
    int oid = transaction.allocateOid();
    IndexDefinition key =
        new IndexDefinition(
            transaction.allocateOid(),
            name + "_pkey",
            oid,
            IndexDefinition.Method.BTREE,
            List.of(IndexDefinition.Key.ascending(0)),
            IndexDefinition.Uniqueness.PRIMARY_KEY,
            Optional.empty(),
            Map.of());
    transaction.apply(
        new CatalogChange.CreateTable(
            new TableDefinition(
                oid,
                Catalog.PUBLIC,
                name,
                TableDefinition.FIRST_GENERATION,
                List.of(
                    ColumnDefinition.notNull("id", ColumnType.INT8),
                    ColumnDefinition.nullable("word", ColumnType.TEXT),
                    ColumnDefinition.nullable("price", ColumnType.INT4),
                    ColumnDefinition.nullable("embedding", ColumnType.vector(DIMENSIONS))),
                List.of(key))));
    return oid;
  }

  static IndexDefinition hnsw(Transaction transaction, int table) {
    return new IndexDefinition(
        transaction.allocateOid(),
        "hnsw_" + table,
        table,
        IndexDefinition.Method.HNSW,
        List.of(IndexDefinition.Key.ascending(3)),
        IndexDefinition.Uniqueness.NOT_UNIQUE,
        Optional.of(Distance.L2),
        Map.of("m", "8"));
  }

  static IndexDefinition btree(
      Transaction transaction, int table, int column, IndexDefinition.Uniqueness uniqueness) {
    int oid = transaction.allocateOid();
    return new IndexDefinition(
        oid,
        "btree_" + oid,
        table,
        IndexDefinition.Method.BTREE,
        List.of(IndexDefinition.Key.ascending(column)),
        uniqueness,
        Optional.empty(),
        Map.of());
  }

  static Object[] row(long id, String word, Integer price) {
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) Math.sin(id * 31 + i);
    }
    return new Object[] {id, word, price, vector};
  }

  static void insert(Database database, int table, Object[]... rows) {
    try (Transaction transaction = begin(database)) {
      transaction.insertAll(table, List.of(rows));
      transaction.commit(Durability.FORCED);
    }
  }

  static Optional<RowReference> find(TableView view, long id) {
    return view.lookup(view.definition().primaryKey().orElseThrow(), List.of(id));
  }

  static WriteOutcome update(Transaction transaction, int table, Object[] row) {
    try (TableView view = transaction.table(table)) {
      return transaction.update(view, find(view, (Long) row[0]).orElseThrow(), row);
    }
  }

  static WriteOutcome delete(Transaction transaction, int table, long id) {
    try (TableView view = transaction.table(table)) {
      return transaction.delete(view, find(view, id).orElseThrow());
    }
  }

  /// All that a transaction sees of a table: id and the rest as text, by scanning.
  static Map<Long, String> rows(Transaction transaction, int table) {
    try (TableView view = transaction.table(table)) {
      return rows(view);
    }
  }

  static Map<Long, String> rows(TableView view) {
    Map<Long, String> rows = new TreeMap<>();
    for (int i = 0; i < view.segments().size(); i++) {
      SegmentView segment = view.segments().get(i);
      for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
        if (segment.isVisible(ordinal)) {
          Object[] row = view.row(new RowReference(i, ordinal));
          String before = rows.put((Long) row[0], text(row));
          if (before != null) {
            throw new AssertionError("row " + row[0] + " is there twice");
          }
        }
      }
    }
    return rows;
  }

  static String text(Object[] row) {
    return row[1] + "|" + row[2] + "|" + java.util.Arrays.toString((float[]) row[3]);
  }

  static Map<Long, String> rows(Database database, int table) {
    try (Transaction transaction = begin(database)) {
      return rows(transaction, table);
    }
  }
}
