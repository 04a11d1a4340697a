package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.TableDefinition;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The views of SQL's standard information schema over users' tables.
final class InformationSchema {

  private static final int TABLES = 13_000;
  private static final int COLUMNS = 13_001;
  private static final int SCHEMATA = 13_002;

  private InformationSchema() {}

  static List<SystemRelation> all() {
    return List.of(tables(), columns(), schemata());
  }

  private static SystemRelation tables() {
    return new RelationColumns()
        .some(ColumnType.NAME, "table_catalog", "table_schema", "table_name")
        .some(ColumnType.TEXT, "table_type", "is_insertable_into", "is_typed")
        .inInformationSchema(
            TABLES,
            "tables",
            (catalog, context) ->
                catalog.catalog().tables().stream()
                    .map(table ->
                        new @Nullable Object[] {
                          context.currentDatabase(),
                          table.schema(),
                          table.name(),
                          "BASE TABLE",
                          "YES",
                          "NO"
                        }));
  }

  private static SystemRelation columns() {
    return new RelationColumns()
        .some(ColumnType.NAME, "table_catalog", "table_schema", "table_name", "column_name")
        .some(ColumnType.INT4, "ordinal_position")
        .optional(ColumnType.TEXT, "column_default")
        .some(ColumnType.TEXT, "is_nullable", "data_type")
        .optional(ColumnType.INT4, "character_maximum_length", "numeric_precision")
        .optional(ColumnType.INT4, "numeric_scale", "datetime_precision")
        .some(ColumnType.NAME, "udt_catalog", "udt_schema", "udt_name")
        .some(ColumnType.TEXT, "is_identity", "is_generated", "is_updatable")
        .inInformationSchema(
            COLUMNS,
            "columns",
            (catalog, context) ->
                catalog.catalog().tables().stream()
                    .flatMap(table ->
                        IntStream.range(0, table.columns().size())
                            .mapToObj(i -> column(table, i, context.currentDatabase()))));
  }

  private static @Nullable Object[] column(TableDefinition table, int i, String database) {
    ColumnDefinition column = table.columns().get(i);
    ColumnType type = column.type();
    return new @Nullable Object[] {
      database,
      table.schema(),
      table.name(),
      column.name(),
      i + 1,
      column.defaultExpression().orElse(null),
      column.isNullable() ? "YES" : "NO",
      dataType(type),
      lengthOf(type),
      precision(type),
      scale(type),
      datetimePrecision(type),
      database,
      type.kind() == ColumnType.Kind.VECTOR || type.kind() == ColumnType.Kind.HALFVEC
          ? "public"
          : "pg_catalog",
      type.kind() == ColumnType.Kind.ARRAY
          ? "_" + type.elementType().kind().typeName()
          : type.kind().typeName(),
      "NO",
      "NEVER",
      "YES"
    };
  }

  private static @Nullable Integer lengthOf(ColumnType type) {
    return switch (type.kind()) {
      case VARCHAR, BIT, VARBIT -> type.hasModifier() ? type.modifier() : null;
      default -> null;
    };
  }

  private static String dataType(ColumnType type) {
    return switch (type.kind()) {
      case ARRAY -> "ARRAY";
      case VECTOR, HALFVEC -> "USER-DEFINED";
      case BOOL,
          INT2,
          INT4,
          INT8,
          FLOAT4,
          FLOAT8,
          NUMERIC,
          TEXT,
          VARCHAR,
          NAME,
          CHAR,
          BYTEA,
          UUID,
          DATE,
          TIMESTAMP,
          TIMESTAMPTZ,
          JSONB,
          OID,
          REGPROC,
          REGCLASS,
          REGTYPE,
          BIT,
          VARBIT ->
          type.kind().sqlName();
    };
  }

  private static @Nullable Integer precision(ColumnType type) {
    if (type.kind() == ColumnType.Kind.NUMERIC) {
      return type.hasModifier() ? type.numericPrecision() : null;
    }
    return switch (type.kind().typeName()) {
      case "int2" -> 16;
      case "int4" -> 32;
      case "int8" -> 64;
      case "float4" -> 24;
      case "float8" -> 53;
      default -> null;
    };
  }

  private static @Nullable Integer scale(ColumnType type) {
    if (type.kind() == ColumnType.Kind.NUMERIC) {
      return type.hasModifier() ? type.numericScale() : null;
    }
    return switch (type.kind().typeName()) {
      case "int2", "int4", "int8" -> 0;
      default -> null;
    };
  }

  private static @Nullable Integer datetimePrecision(ColumnType type) {
    return switch (type.kind().typeName()) {
      case "date" -> 0;
      case "timestamp", "timestamptz" -> 6;
      default -> null;
    };
  }

  private static SystemRelation schemata() {
    return new RelationColumns()
        .some(ColumnType.NAME, "catalog_name", "schema_name", "schema_owner")
        .inInformationSchema(
            SCHEMATA,
            "schemata",
            (catalog, context) ->
                Stream.concat(
                        catalog.catalog().schemas().stream().map(schema -> schema.name()),
                        Stream.of(SystemRelations.INFORMATION_SCHEMA))
                    .map(name ->
                        new @Nullable Object[] {
                          context.currentDatabase(), name, context.currentUser()
                        }));
  }
}
