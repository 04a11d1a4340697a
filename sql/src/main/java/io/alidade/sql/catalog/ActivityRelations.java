package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.EvaluationContext;
import io.alidade.storage.TableStatistics;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.merge.UpkeepProgress;
import io.alidade.storage.merge.UpkeepProgress.Kind;
import io.alidade.storage.merge.UpkeepProgress.Phase;
import io.alidade.storage.table.TableActivity;
import java.time.Instant;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is done to tables: `pg_stat_all_tables` and `pg_stat_user_tables`, `pg_stat_user_indexes`,
/// `pg_stat_database`, and the progress of VACUUM, ANALYZE and merges.
///
/// Counts are since the database was opened. What is not counted, such as scans, is NULL.
final class ActivityRelations {
  private static final int ALL_TABLES = 12_140;
  private static final int USER_TABLES = 12_148;
  private static final int ALL_INDEXES = 12_170;
  private static final int USER_INDEXES = 12_179;
  private static final int DATABASE = 12_223;
  private static final int VACUUM_PROGRESS = 12_252;
  private static final int ANALYZE_PROGRESS = 12_248;
  private static final int MERGES = 12_901;
  private static final long PAGE_BYTES = 8192;
  private static final long MICROS = 1_000_000;

  private ActivityRelations() {}

  static java.util.List<SystemRelation> all() {
    return java.util.List.of(
        tables(ALL_TABLES, "pg_stat_all_tables"),
        tables(USER_TABLES, "pg_stat_user_tables"),
        indexes(ALL_INDEXES, "pg_stat_all_indexes"),
        indexes(USER_INDEXES, "pg_stat_user_indexes"),
        database(),
        vacuum(),
        analyze(),
        merges());
  }

  private static SystemRelation tables(int oid, String name) {
    return new RelationColumns()
        .some(ColumnType.OID, "relid")
        .some(ColumnType.NAME, "schemaname", "relname")
        .optional(ColumnType.INT8, "seq_scan", "seq_tup_read", "idx_scan", "idx_tup_fetch")
        .some(ColumnType.INT8, "n_tup_ins", "n_tup_upd", "n_tup_del")
        .optional(ColumnType.INT8, "n_tup_hot_upd")
        .some(ColumnType.INT8, "n_live_tup", "n_dead_tup", "n_mod_since_analyze")
        .optional(ColumnType.INT8, "n_ins_since_vacuum")
        .optional(ColumnType.TIMESTAMPTZ, "last_vacuum", "last_autovacuum")
        .optional(ColumnType.TIMESTAMPTZ, "last_analyze", "last_autoanalyze")
        .some(ColumnType.INT8, "vacuum_count", "autovacuum_count")
        .some(ColumnType.INT8, "analyze_count", "autoanalyze_count")
        .of(
            oid,
            name,
            (catalog, context) ->
                catalog.catalog().tables().stream()
                    .flatMap(table -> table(table, context).stream()));
  }

  private static Optional<@Nullable Object[]> table(
      TableDefinition table, EvaluationContext context) {
    Optional<TableStatistics> sizes = context.tableStatistics(table.oid());
    return context
        .activity(table.oid())
        .map(counts ->
            new @Nullable Object[] {
              (long) table.oid(),
              table.schema(),
              table.name(),
              null,
              null,
              null,
              null,
              counts.inserted(),
              counts.updated(),
              counts.deleted(),
              null,
              sizes.map(TableStatistics::liveRows).orElse(0L),
              sizes.map(it -> it.rowVersions() - it.liveRows()).orElse(0L),
              counts.changesSinceAnalyze(),
              null,
              micros(counts.vacuum()),
              micros(counts.autovacuum()),
              micros(counts.analyze()),
              micros(counts.autoanalyze()),
              counts.vacuum().count(),
              counts.autovacuum().count(),
              counts.analyze().count(),
              counts.autoanalyze().count()
            });
  }

  private static @Nullable Object micros(TableActivity.Upkeep upkeep) {
    Instant last = upkeep.last().orElse(null);
    return last == null ? null : last.getEpochSecond() * MICROS + last.getNano() / 1000;
  }

  private static SystemRelation indexes(int oid, String name) {
    return new RelationColumns()
        .some(ColumnType.OID, "relid", "indexrelid")
        .some(ColumnType.NAME, "schemaname", "relname", "indexrelname")
        .optional(ColumnType.INT8, "idx_scan", "idx_tup_read", "idx_tup_fetch")
        .of(
            oid,
            name,
            (catalog, _) ->
                catalog.catalog().tables().stream()
                    .flatMap(table -> table.indexes().stream().map(index -> index(table, index))));
  }

  private static @Nullable Object[] index(TableDefinition table, IndexDefinition index) {
    return new @Nullable Object[] {
      (long) table.oid(),
      (long) index.oid(),
      table.schema(),
      table.name(),
      index.name(),
      null,
      null,
      null
    };
  }

  private static SystemRelation database() {
    return new RelationColumns()
        .some(ColumnType.OID, "datid")
        .some(ColumnType.NAME, "datname")
        .optional(ColumnType.INT4, "numbackends")
        .optional(ColumnType.INT8, "xact_commit", "xact_rollback", "blks_read", "blks_hit")
        .optional(ColumnType.INT8, "tup_returned", "tup_fetched")
        .some(ColumnType.INT8, "tup_inserted", "tup_updated", "tup_deleted")
        .optional(ColumnType.INT8, "conflicts", "temp_files", "temp_bytes", "deadlocks")
        .optional(ColumnType.TIMESTAMPTZ, "stats_reset")
        .of(
            DATABASE,
            "pg_stat_database",
            (catalog, context) ->
                Stream.<@Nullable Object[]>of(
                    new @Nullable Object[] {
                      ServerRelations.DATABASE_OID,
                      context.currentDatabase(),
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      sum(catalog.catalog(), context, TableActivity.Counts::inserted),
                      sum(catalog.catalog(), context, TableActivity.Counts::updated),
                      sum(catalog.catalog(), context, TableActivity.Counts::deleted),
                      null,
                      null,
                      null,
                      null,
                      null
                    }));
  }

  private static long sum(
      Catalog catalog, EvaluationContext context, ToLongFunction<TableActivity.Counts> figure) {
    return catalog.tables().stream()
        .flatMap(table -> context.activity(table.oid()).stream())
        .mapToLong(figure)
        .sum();
  }

  private static Stream<UpkeepProgress.Snapshot> progress(EvaluationContext context, Kind kind) {
    return context.upkeepProgress().stream().filter(work -> work.kind() == kind);
  }

  /// PostgreSQL's phases; blocks are 8 KB of the files that are read.
  private static SystemRelation vacuum() {
    return new RelationColumns()
        .optional(ColumnType.INT4, "pid")
        .some(ColumnType.OID, "datid")
        .some(ColumnType.NAME, "datname")
        .some(ColumnType.OID, "relid")
        .some(ColumnType.TEXT, "phase")
        .some(ColumnType.INT8, "heap_blks_total", "heap_blks_scanned", "heap_blks_vacuumed")
        .some(ColumnType.INT8, "index_vacuum_count", "max_dead_tuples", "num_dead_tuples")
        .of(
            VACUUM_PROGRESS,
            "pg_stat_progress_vacuum",
            (catalog, context) ->
                progress(context, Kind.VACUUM).map(work -> vacuum(work, context)));
  }

  private static @Nullable Object[] vacuum(
      UpkeepProgress.Snapshot work, EvaluationContext context) {
    long pages = Math.ceilDiv(work.bytes(), PAGE_BYTES);
    long passed = work.total() == 0 ? 0 : pages * work.done() / work.total();
    return new @Nullable Object[] {
      null,
      ServerRelations.DATABASE_OID,
      context.currentDatabase(),
      (long) work.tableOid(),
      switch (work.phase()) {
        case INITIALIZING -> "initializing";
        case ROWS, COLUMNS -> "scanning heap";
        case INDEXES -> "vacuuming indexes";
        case SWITCHING -> "performing final cleanup";
      },
      pages,
      passed,
      passed,
      (long) work.indexesDone(),
      work.dead(),
      work.dead()
    };
  }

  private static SystemRelation analyze() {
    return new RelationColumns()
        .optional(ColumnType.INT4, "pid")
        .some(ColumnType.OID, "datid")
        .some(ColumnType.NAME, "datname")
        .some(ColumnType.OID, "relid")
        .some(ColumnType.TEXT, "phase")
        .some(ColumnType.INT8, "sample_blks_total", "sample_blks_scanned")
        .some(ColumnType.INT8, "ext_stats_total", "ext_stats_computed")
        .some(ColumnType.INT8, "child_tables_total", "child_tables_done")
        .some(ColumnType.OID, "current_child_table_relid")
        .of(
            ANALYZE_PROGRESS,
            "pg_stat_progress_analyze",
            (catalog, context) ->
                progress(context, Kind.ANALYZE).map(work -> analyze(work, context)));
  }

  private static @Nullable Object[] analyze(
      UpkeepProgress.Snapshot work, EvaluationContext context) {
    long pages = Math.ceilDiv(work.bytes(), PAGE_BYTES);
    return new @Nullable Object[] {
      null,
      ServerRelations.DATABASE_OID,
      context.currentDatabase(),
      (long) work.tableOid(),
      work.phase() == Phase.INITIALIZING ? "initializing" : "acquiring sample rows",
      pages,
      work.indexes() == 0 ? 0L : pages * work.indexesDone() / work.indexes(),
      0L,
      0L,
      0L,
      0L,
      0L
    };
  }

  /// Ours: merges, those of VACUUM among them.
  private static SystemRelation merges() {
    return new RelationColumns()
        .some(ColumnType.OID, "relid")
        .some(ColumnType.TEXT, "command", "phase")
        .some(ColumnType.INT4, "segments")
        .some(ColumnType.INT8, "bytes", "cells_total", "cells_done", "dead_versions")
        .some(ColumnType.INT4, "indexes_total", "indexes_done")
        .of(
            MERGES,
            "alidade_merges",
            (_, context) ->
                context.upkeepProgress().stream()
                    .filter(work -> work.kind() != Kind.ANALYZE)
                    .map(ActivityRelations::merge));
  }

  private static @Nullable Object[] merge(UpkeepProgress.Snapshot work) {
    return new @Nullable Object[] {
      (long) work.tableOid(),
      work.kind().name(),
      work.phase().name().toLowerCase(java.util.Locale.ROOT),
      work.segments(),
      work.bytes(),
      work.total(),
      work.done(),
      work.dead(),
      work.indexes(),
      work.indexesDone()
    };
  }
}
