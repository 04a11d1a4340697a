package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.model.codec.TypeOids;
import io.alidade.sql.function.EvaluationContext;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.ConstraintDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `pg_class`, `pg_attribute` and `pg_attrdef`: relations and their columns.
final class ClassRelations {

  private static final int PG_CLASS = 1259;
  private static final int PG_ATTRIBUTE = 1249;
  private static final int PG_ATTRDEF = 2604;

  /// PostgreSQL numbers types of rows; ours have none, so clients see that there is no such type.
  private static final long NO_OID = 0;

  /// Where `relpages` and `reltuples` stand in a row, and what PostgreSQL calls a page.
  private static final int PAGES = 9;

  private static final int TUPLES = 10;
  private static final long PAGE_BYTES = 8192;

  /// Places in [#row]: `relchecks` and `relhastriggers`.
  private static final int CHECKS = 17;

  private static final int TRIGGERS = 19;

  private ClassRelations() {}

  static List<SystemRelation> all() {
    return List.of(pgClass(), pgAttribute(), pgAttrdef());
  }

  private static SystemRelation pgClass() {
    return new RelationColumns()
        .some(ColumnType.OID, "oid")
        .some(ColumnType.NAME, "relname")
        .some(ColumnType.OID, "relnamespace", "reltype", "reloftype", "relowner", "relam")
        .some(ColumnType.OID, "relfilenode", "reltablespace")
        .some(ColumnType.INT4, "relpages")
        .some(ColumnType.FLOAT4, "reltuples")
        .some(ColumnType.OID, "reltoastrelid")
        .some(ColumnType.BOOL, "relhasindex", "relisshared")
        .some(ColumnType.CHAR, "relpersistence", "relkind")
        .some(ColumnType.INT2, "relnatts", "relchecks")
        .some(ColumnType.BOOL, "relhasrules", "relhastriggers", "relhassubclass")
        .some(ColumnType.BOOL, "relrowsecurity", "relforcerowsecurity", "relispopulated")
        .some(ColumnType.CHAR, "relreplident")
        .some(ColumnType.BOOL, "relispartition")
        .optional(RelationColumns.TEXT_ARRAY, "relacl", "reloptions")
        .optional(ColumnType.TEXT, "relpartbound")
        .of(PG_CLASS, "pg_class", ClassRelations::classes);
  }

  private static Stream<@Nullable Object[]> classes(
      CatalogReader reader, EvaluationContext context) {
    Catalog catalog = reader.catalog();
    Stream<@Nullable Object[]> stored =
        catalog.tables().stream()
            .flatMap(table ->
                Stream.concat(
                    Stream.<@Nullable Object[]>of(
                        analyzed(table(table, catalog), table.oid(), context)),
                    table.indexes().stream()
                        .map(index ->
                            analyzed(index(index, table, catalog), table.oid(), context))));
    return Stream.concat(stored, SystemRelations.all().stream().map(ClassRelations::system));
  }

  /// Fills in what ANALYZE of a table has found: how many rows, in how many pages.
  private static @Nullable Object[] analyzed(
      @Nullable Object[] row, int table, EvaluationContext context) {
    Object oid = row[0];
    context
        .profile(table)
        .ifPresent(profile -> {
          EvaluationContext.SizeOf rows = EvaluationContext.SizeOf.ROWS;
          long bytes = oid == null ? 0 : context.relationBytes((Long) oid, rows).orElse(0);
          row[PAGES] = (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(bytes, PAGE_BYTES));
          row[TUPLES] = (float) profile.rows();
        });
    return row;
  }

  private static @Nullable Object[] table(TableDefinition table, Catalog catalog) {
    @Nullable Object[] row =
        row(
            table.oid(),
            table.name(),
            CatalogNames.schemaOid(catalog, table.schema()),
            CatalogNames.TABLE_METHOD,
            !table.indexes().isEmpty(),
            "r",
            table.columns().size());
    row[CHECKS] =
        (short)
            table.constraints().stream()
                .filter(ConstraintDefinition.Check.class::isInstance)
                .count();
    // Foreign keys are kept by triggers in PostgreSQL; psql looks for them only where there are.
    row[TRIGGERS] =
        !catalog.references(table.oid()).isEmpty()
            || table.constraints().stream()
                .anyMatch(ConstraintDefinition.ForeignKey.class::isInstance);
    return row;
  }

  private static @Nullable Object[] index(
      IndexDefinition index, TableDefinition table, Catalog catalog) {
    @Nullable Object[] row =
        row(
            index.oid(),
            index.name(),
            CatalogNames.schemaOid(catalog, table.schema()),
            CatalogNames.methodOid(index.method()),
            false,
            "i",
            index.keys().size());
    if (!index.options().isEmpty()) {
      row[row.length - 2] =
          index.options().entrySet().stream()
              .map(option -> option.getKey() + "=" + option.getValue())
              .toList();
    }
    return row;
  }

  private static @Nullable Object[] system(SystemRelation relation) {
    boolean inCatalog = relation.schema().equals(Catalog.PG_CATALOG);
    return row(
        relation.oid(),
        relation.name(),
        inCatalog ? Catalog.PG_CATALOG_OID : CatalogNames.INFORMATION_SCHEMA_OID,
        0,
        false,
        inCatalog ? "r" : "v",
        relation.columns().size());
  }

  private static @Nullable Object[] row(
      int oid, String name, long schema, long method, boolean hasIndex, String kind, int columns) {
    return new @Nullable Object[] {
      (long) oid,
      name,
      schema,
      NO_OID,
      NO_OID,
      CatalogNames.OWNER_OID,
      method,
      (long) oid,
      0L,
      0,
      -1f, // Never analysed.
      0L,
      hasIndex,
      false,
      "p",
      kind,
      (short) columns,
      (short) 0,
      false,
      false,
      false,
      false,
      false,
      true,
      "d",
      false,
      null,
      null,
      null
    };
  }

  private static SystemRelation pgAttribute() {
    return new RelationColumns()
        .some(ColumnType.OID, "attrelid")
        .some(ColumnType.NAME, "attname")
        .some(ColumnType.OID, "atttypid")
        .some(ColumnType.INT4, "attstattarget")
        .some(ColumnType.INT2, "attlen", "attnum")
        .some(ColumnType.INT4, "attndims", "atttypmod")
        .some(ColumnType.BOOL, "attbyval")
        .some(ColumnType.CHAR, "attalign", "attstorage", "attcompression")
        .some(ColumnType.BOOL, "attnotnull", "atthasdef", "atthasmissing")
        .some(ColumnType.CHAR, "attidentity", "attgenerated")
        .some(ColumnType.BOOL, "attisdropped", "attislocal")
        .some(ColumnType.INT4, "attinhcount")
        .some(ColumnType.OID, "attcollation")
        .optional(RelationColumns.TEXT_ARRAY, "attacl", "attoptions", "attfdwoptions")
        .of(PG_ATTRIBUTE, "pg_attribute", (catalog, context) -> attributes(catalog));
  }

  private static Stream<@Nullable Object[]> attributes(CatalogReader reader) {
    Stream<@Nullable Object[]> stored =
        reader.catalog().tables().stream()
            .flatMap(table ->
                Stream.concat(
                    attributes(table.oid(), table.columns()),
                    table.indexes().stream().flatMap(index -> attributes(index, table))));
    Stream<@Nullable Object[]> system =
        SystemRelations.all().stream()
            .flatMap(relation -> attributes(relation.oid(), relation.columns()));
    return Stream.concat(stored, system);
  }

  private static Stream<@Nullable Object[]> attributes(
      int relation, List<ColumnDefinition> columns) {
    return IntStream.range(0, columns.size())
        .mapToObj(i -> attribute(relation, columns.get(i), i + 1));
  }

  private static Stream<@Nullable Object[]> attributes(
      IndexDefinition index, TableDefinition table) {
    return IntStream.range(0, index.keys().size())
        .mapToObj(i -> {
          ColumnDefinition key = table.columns().get(index.keys().get(i).column());
          return attribute(index.oid(), ColumnDefinition.nullable(key.name(), key.type()), i + 1);
        });
  }

  private static @Nullable Object[] attribute(int relation, ColumnDefinition column, int number) {
    ColumnType type = column.type();
    short length = TypeOids.length(type);
    boolean text = type.kind() == ColumnType.Kind.TEXT || type.kind() == ColumnType.Kind.VARCHAR;
    return new @Nullable Object[] {
      (long) relation,
      column.name(),
      (long) TypeOids.oid(type),
      -1,
      length,
      (short) number,
      type.kind() == ColumnType.Kind.ARRAY ? 1 : 0,
      TypeOids.typeModifier(type),
      length > 0 && length <= Long.BYTES,
      "i",
      length > 0 ? "p" : "x",
      "",
      !column.isNullable(),
      column.defaultExpression().isPresent(),
      false,
      "",
      "",
      false,
      true,
      0,
      text ? CatalogNames.DEFAULT_COLLATION : 0L,
      null,
      null,
      null
    };
  }

  private static SystemRelation pgAttrdef() {
    return new RelationColumns()
        .some(ColumnType.OID, "oid", "adrelid")
        .some(ColumnType.INT2, "adnum")
        .some(ColumnType.TEXT, "adbin")
        .of(PG_ATTRDEF, "pg_attrdef", (catalog, context) -> defaults(catalog));
  }

  private static Stream<@Nullable Object[]> defaults(CatalogReader reader) {
    return reader.catalog().tables().stream()
        .flatMap(table ->
            IntStream.range(0, table.columns().size()).boxed().flatMap(i -> defaultOf(table, i)));
  }

  private static Stream<@Nullable Object[]> defaultOf(TableDefinition table, int column) {
    return table.columns().get(column).defaultExpression().stream()
        .map(text ->
            new @Nullable Object[] {
              // One number for each; it names nothing that could be looked up elsewhere.
              (long) table.oid() * TableDefinition.MAX_COLUMNS + column,
              (long) table.oid(),
              (short) (column + 1),
              text
            });
  }
}
