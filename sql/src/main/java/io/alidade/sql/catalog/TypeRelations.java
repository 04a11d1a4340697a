package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.codec.TypeOids;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.ExtensionDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `pg_type` and `pg_extension`.
final class TypeRelations {

  private static final int PG_TYPE = 1247;
  private static final int PG_EXTENSION = 3079;

  private TypeRelations() {}

  static List<SystemRelation> all() {
    return List.of(pgType(), pgExtension());
  }

  private static SystemRelation pgType() {
    return new RelationColumns()
        .some(ColumnType.OID, "oid")
        .some(ColumnType.NAME, "typname")
        .some(ColumnType.OID, "typnamespace", "typowner")
        .some(ColumnType.INT2, "typlen")
        .some(ColumnType.BOOL, "typbyval")
        .some(ColumnType.CHAR, "typtype", "typcategory")
        .some(ColumnType.BOOL, "typispreferred", "typisdefined")
        .some(ColumnType.CHAR, "typdelim")
        .some(ColumnType.OID, "typrelid", "typelem", "typarray")
        .some(ColumnType.REGPROC, "typinput")
        .some(ColumnType.BOOL, "typnotnull")
        .some(ColumnType.OID, "typbasetype")
        .some(ColumnType.INT4, "typtypmod", "typndims")
        .some(ColumnType.OID, "typcollation")
        .optional(ColumnType.TEXT, "typdefault")
        .of(PG_TYPE, "pg_type", (catalog, context) -> types(catalog));
  }

  private static Stream<@Nullable Object[]> types(CatalogReader catalog) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind != Kind.ARRAY)
        .flatMap(kind -> Stream.of(base(kind, catalog), array(kind, catalog)));
  }

  private static Optional<ExtensionDefinition> vectorExtension(CatalogReader catalog) {
    return catalog.catalog().extension("vector");
  }

  private static @Nullable Object[] base(Kind kind, CatalogReader catalog) {
    ColumnType type = ColumnType.of(kind);
    short length = TypeOids.length(type);
    return new @Nullable Object[] {
      (long) TypeOids.oid(type),
      kind.typeName(),
      namespace(kind, catalog),
      CatalogNames.OWNER_OID,
      length,
      length > 0 && length <= Long.BYTES,
      "b",
      category(kind),
      isPreferred(kind),
      true,
      ",",
      0L,
      0L,
      (long) TypeOids.arrayOid(kind),
      SystemFunctions.inputOf(kind),
      false,
      0L,
      -1,
      0,
      isText(kind) ? CatalogNames.DEFAULT_COLLATION : 0L,
      null
    };
  }

  private static @Nullable Object[] array(Kind kind, CatalogReader catalog) {
    return new @Nullable Object[] {
      (long) TypeOids.arrayOid(kind),
      "_" + kind.typeName(),
      namespace(kind, catalog),
      CatalogNames.OWNER_OID,
      TypeOids.VARIABLE_LENGTH,
      false,
      "b",
      "A",
      false,
      true,
      ",",
      0L,
      (long) TypeOids.oid(ColumnType.of(kind)),
      0L,
      SystemFunctions.ARRAY_IN,
      false,
      0L,
      -1,
      0,
      isText(kind) ? CatalogNames.DEFAULT_COLLATION : 0L,
      null
    };
  }

  /// The types of pgvector are built in, so that columns of them work before its extension is
  /// created; clients look for them where the extension puts them.
  private static Long namespace(Kind kind, CatalogReader catalog) {
    if (kind != Kind.VECTOR && kind != Kind.HALFVEC) {
      return (long) Catalog.PG_CATALOG_OID;
    }
    return vectorExtension(catalog)
        .flatMap(extension -> catalog.catalog().schema(extension.schema()))
        .map(schema -> (long) schema.oid())
        .orElse((long) Catalog.PUBLIC_OID);
  }

  private static String category(Kind kind) {
    return switch (kind) {
      case BOOL -> "B";
      case INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC, OID, REGPROC, REGCLASS, REGTYPE -> "N";
      case TEXT, VARCHAR, NAME -> "S";
      case CHAR -> "Z";
      case DATE, TIMESTAMP, TIMESTAMPTZ -> "D";
      case BYTEA, UUID, JSONB, VECTOR, HALFVEC -> "U";
      case BIT, VARBIT -> "V";
      case ARRAY -> "A";
    };
  }

  private static boolean isPreferred(Kind kind) {
    return kind == Kind.BOOL
        || kind == Kind.FLOAT8
        || kind == Kind.OID
        || kind == Kind.TEXT
        || kind == Kind.TIMESTAMPTZ
        || kind == Kind.VARBIT;
  }

  private static boolean isText(Kind kind) {
    return kind == Kind.TEXT || kind == Kind.VARCHAR;
  }

  private static SystemRelation pgExtension() {
    return new RelationColumns()
        .some(ColumnType.OID, "oid")
        .some(ColumnType.NAME, "extname")
        .some(ColumnType.OID, "extowner", "extnamespace")
        .some(ColumnType.BOOL, "extrelocatable")
        .some(ColumnType.TEXT, "extversion")
        .of(
            PG_EXTENSION,
            "pg_extension",
            (catalog, context) ->
                catalog.catalog().extensions().stream()
                    .map(extension ->
                        new @Nullable Object[] {
                          (long) extension.oid(),
                          extension.name(),
                          CatalogNames.OWNER_OID,
                          catalog
                              .catalog()
                              .schema(extension.schema())
                              .map(schema -> (long) schema.oid())
                              .orElse(0L),
                          true,
                          extension.version()
                        }));
  }
}
