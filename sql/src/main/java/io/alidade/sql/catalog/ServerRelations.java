package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.EvaluationContext;
import io.alidade.storage.backup.LogArchiver;
import io.alidade.storage.catalog.Catalog;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Relations about the server and its schemas: `pg_namespace`, `pg_database`, `pg_roles`,
/// `pg_settings`, `pg_description` and `pg_tables`.
final class ServerRelations {

  private static final int PG_NAMESPACE = 2615;
  private static final int PG_DATABASE = 1262;
  private static final int PG_ROLES = 12_001;
  private static final int PG_SETTINGS = 12_120;
  private static final int PG_DESCRIPTION = 2609;
  private static final int PG_TABLES = 12_075;
  private static final int PG_STAT_ARCHIVER = 12_250;
  static final long DATABASE_OID = 5;
  private static final int UTF8 = 6;

  private ServerRelations() {}

  static List<SystemRelation> all() {
    return List.of(
        pgNamespace(),
        pgDatabase(),
        pgRoles(),
        pgSettings(),
        pgDescription(),
        pgTables(),
        pgStatArchiver());
  }

  private static SystemRelation pgNamespace() {
    return new RelationColumns()
        .some(ColumnType.OID, "oid")
        .some(ColumnType.NAME, "nspname")
        .some(ColumnType.OID, "nspowner")
        .optional(RelationColumns.TEXT_ARRAY, "nspacl")
        .of(PG_NAMESPACE, "pg_namespace", (catalog, context) -> namespaces(catalog.catalog()));
  }

  private static Stream<@Nullable Object[]> namespaces(Catalog catalog) {
    Stream<@Nullable Object[]> stored =
        catalog.schemas().stream().map(schema -> namespace(schema.oid(), schema.name()));
    return Stream.concat(
        stored,
        Stream.<@Nullable Object[]>of(
            namespace(CatalogNames.INFORMATION_SCHEMA_OID, SystemRelations.INFORMATION_SCHEMA)));
  }

  private static @Nullable Object[] namespace(int oid, String name) {
    return new @Nullable Object[] {(long) oid, name, CatalogNames.OWNER_OID, null};
  }

  private static SystemRelation pgDatabase() {
    return new RelationColumns()
        .some(ColumnType.OID, "oid")
        .some(ColumnType.NAME, "datname")
        .some(ColumnType.OID, "datdba")
        .some(ColumnType.INT4, "encoding")
        .some(ColumnType.CHAR, "datlocprovider")
        .some(ColumnType.BOOL, "datistemplate", "datallowconn")
        .some(ColumnType.INT4, "datconnlimit")
        .some(ColumnType.TEXT, "datcollate", "datctype")
        .optional(ColumnType.TEXT, "daticulocale")
        .optional(RelationColumns.TEXT_ARRAY, "datacl")
        .of(
            PG_DATABASE,
            "pg_database",
            (catalog, context) ->
                Stream.<@Nullable Object[]>of(
                    new @Nullable Object[] {
                      DATABASE_OID,
                      context.currentDatabase(),
                      CatalogNames.OWNER_OID,
                      UTF8,
                      "c",
                      false,
                      true,
                      -1,
                      "C.UTF-8",
                      "C.UTF-8",
                      null,
                      null
                    }));
  }

  private static SystemRelation pgRoles() {
    return new RelationColumns()
        .some(ColumnType.OID, "oid")
        .some(ColumnType.NAME, "rolname")
        .some(ColumnType.BOOL, "rolsuper", "rolinherit", "rolcreaterole", "rolcreatedb")
        .some(ColumnType.BOOL, "rolcanlogin", "rolreplication", "rolbypassrls")
        .some(ColumnType.INT4, "rolconnlimit")
        .optional(ColumnType.TIMESTAMPTZ, "rolvaliduntil")
        .of(PG_ROLES, "pg_roles", (catalog, context) -> roles(context));
  }

  /// There is one role; every client that connects is it, by whatever name.
  private static Stream<@Nullable Object[]> roles(EvaluationContext context) {
    return Stream.<@Nullable Object[]>of(
        new @Nullable Object[] {
          CatalogNames.OWNER_OID,
          context.currentUser(),
          true,
          true,
          true,
          true,
          true,
          false,
          true,
          -1,
          null
        });
  }

  private static SystemRelation pgSettings() {
    return new RelationColumns()
        .some(ColumnType.TEXT, "name")
        .optional(ColumnType.TEXT, "setting", "unit", "category", "short_desc")
        .optional(ColumnType.TEXT, "context", "vartype", "source", "boot_val", "reset_val")
        .of(
            PG_SETTINGS,
            "pg_settings",
            (catalog, context) ->
                context.settings().stream()
                    .map(setting ->
                        new @Nullable Object[] {
                          setting.name(),
                          setting.value(),
                          null,
                          null,
                          setting.description(),
                          "user",
                          "string",
                          "session",
                          null,
                          null
                        }));
  }

  private static SystemRelation pgDescription() {
    return new RelationColumns()
        .some(ColumnType.OID, "objoid", "classoid")
        .some(ColumnType.INT4, "objsubid")
        .some(ColumnType.TEXT, "description")
        .of(PG_DESCRIPTION, "pg_description", (catalog, context) -> Stream.empty());
  }

  private static SystemRelation pgTables() {
    return new RelationColumns()
        .some(ColumnType.NAME, "schemaname", "tablename", "tableowner")
        .optional(ColumnType.NAME, "tablespace")
        .some(ColumnType.BOOL, "hasindexes", "hasrules", "hastriggers", "rowsecurity")
        .of(
            PG_TABLES,
            "pg_tables",
            (catalog, context) ->
                catalog.catalog().tables().stream()
                    .map(table ->
                        new @Nullable Object[] {
                          table.schema(),
                          table.name(),
                          context.currentUser(),
                          null,
                          !table.indexes().isEmpty(),
                          false,
                          false,
                          false
                        }));
  }

  /// Our files of archived log in the place of PostgreSQL's WAL segments; why it failed last in the
  /// place of the file that it failed for.
  private static SystemRelation pgStatArchiver() {
    return new RelationColumns()
        .some(ColumnType.INT8, "archived_count")
        .optional(ColumnType.TEXT, "last_archived_wal")
        .optional(ColumnType.TIMESTAMPTZ, "last_archived_time")
        .some(ColumnType.INT8, "failed_count")
        .optional(ColumnType.TEXT, "last_failed_wal")
        .optional(ColumnType.TIMESTAMPTZ, "last_failed_time", "stats_reset")
        .of(PG_STAT_ARCHIVER, "pg_stat_archiver", (catalog, context) -> archiver(context));
  }

  private static Stream<@Nullable Object[]> archiver(EvaluationContext context) {
    LogArchiver.Status status =
        context.logArchive().orElse(new LogArchiver.Status(-1, "", 0, 0, 0, 0, ""));
    boolean archived = status.files() > 0;
    boolean failed = status.failures() > 0;
    return Stream.<@Nullable Object[]>of(
        new @Nullable Object[] {
          status.files(),
          archived ? status.lastFile() : null,
          archived ? (Object) status.lastMicros() : null,
          status.failures(),
          failed ? status.lastFailure() : null,
          failed ? (Object) status.lastFailureMicros() : null,
          null
        });
  }
}
