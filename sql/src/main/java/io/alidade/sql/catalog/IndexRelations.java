package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `pg_index`, `pg_am` and `pg_indexes`.
final class IndexRelations {

  private static final int PG_INDEX = 2610;
  private static final int PG_AM = 2601;
  private static final int PG_INDEXES = 12_085;
  private static final short DESCENDING_NULLS_FIRST = 3;

  private IndexRelations() {}

  static List<SystemRelation> all() {
    return List.of(pgIndex(), pgAm(), pgIndexes());
  }

  private record Indexed(TableDefinition table, IndexDefinition index) {}

  private static Stream<Indexed> indexes(CatalogReader reader) {
    return reader.catalog().tables().stream()
        .flatMap(table -> table.indexes().stream().map(index -> new Indexed(table, index)));
  }

  private static List<Short> keyNumbers(IndexDefinition index) {
    return index.columns().stream().map(column -> (short) (column + 1)).toList();
  }

  private static SystemRelation pgIndex() {
    return new RelationColumns()
        .some(ColumnType.OID, "indexrelid", "indrelid")
        .some(ColumnType.INT2, "indnatts", "indnkeyatts")
        .some(ColumnType.BOOL, "indisunique", "indnullsnotdistinct", "indisprimary")
        .some(ColumnType.BOOL, "indisexclusion", "indimmediate", "indisclustered", "indisvalid")
        .some(ColumnType.BOOL, "indcheckxmin", "indisready", "indislive", "indisreplident")
        .some(RelationColumns.INT2_VECTOR, "indkey")
        .some(RelationColumns.OID_VECTOR, "indcollation", "indclass")
        .some(RelationColumns.INT2_VECTOR, "indoption")
        .optional(ColumnType.TEXT, "indexprs", "indpred")
        .of(PG_INDEX, "pg_index", (catalog, context) -> indexes(catalog).map(IndexRelations::row));
  }

  private static @Nullable Object[] row(Indexed indexed) {
    IndexDefinition index = indexed.index;
    short keys = (short) index.keys().size();
    List<Long> none = index.keys().stream().map(key -> 0L).toList();
    return new @Nullable Object[] {
      (long) index.oid(),
      (long) indexed.table.oid(),
      keys,
      keys,
      index.isUnique(),
      false,
      index.isPrimaryKey(),
      false,
      !index.isUnique() || indexed.table.isUniqueAtOnce(index),
      false,
      true,
      false,
      true,
      true,
      false,
      keyNumbers(index),
      none,
      none,
      index.keys().stream()
          .map(key ->
              key.order() == IndexDefinition.Order.DESCENDING ? DESCENDING_NULLS_FIRST : (short) 0)
          .toList(),
      null,
      null
    };
  }

  private static SystemRelation pgAm() {
    Map<String, Long> methods =
        Map.of(
            "alidade", CatalogNames.TABLE_METHOD,
            "btree", CatalogNames.methodOid(IndexDefinition.Method.BTREE),
            "hnsw", CatalogNames.methodOid(IndexDefinition.Method.HNSW));
    return new RelationColumns()
        .some(ColumnType.OID, "oid")
        .some(ColumnType.NAME, "amname")
        .some(ColumnType.CHAR, "amtype")
        .of(
            PG_AM,
            "pg_am",
            (catalog, context) ->
                methods.entrySet().stream()
                    .map(method ->
                        new @Nullable Object[] {
                          method.getValue(),
                          method.getKey(),
                          method.getValue() == CatalogNames.TABLE_METHOD ? "t" : "i"
                        }));
  }

  private static SystemRelation pgIndexes() {
    return new RelationColumns()
        .some(ColumnType.NAME, "schemaname", "tablename", "indexname")
        .optional(ColumnType.NAME, "tablespace")
        .some(ColumnType.TEXT, "indexdef")
        .of(
            PG_INDEXES,
            "pg_indexes",
            (catalog, context) ->
                indexes(catalog)
                    .map(indexed ->
                        new @Nullable Object[] {
                          indexed.table.schema(),
                          indexed.table.name(),
                          indexed.index.name(),
                          null,
                          CatalogNames.definition(indexed.table, indexed.index)
                        }));
  }
}
