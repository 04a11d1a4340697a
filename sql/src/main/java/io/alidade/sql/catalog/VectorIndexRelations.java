package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.EvaluationContext;
import io.alidade.storage.VectorIndexStatistics;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.IndexDefinition.Method;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.merge.IndexBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `alidade_vector_indexes`, what vector indexes are walked on and take, and
/// `pg_stat_progress_create_index`.
final class VectorIndexRelations {

  private static final int VECTOR_INDEXES = 12_900;
  private static final int PROGRESS = 12_260;

  private VectorIndexRelations() {}

  static List<SystemRelation> all() {
    return List.of(vectorIndexes(), progress());
  }

  private static SystemRelation vectorIndexes() {
    return new RelationColumns()
        .some(ColumnType.NAME, "schemaname", "tablename", "indexname")
        .some(ColumnType.TEXT, "quantization")
        .some(ColumnType.INT4, "segments")
        .some(ColumnType.INT8, "rows", "indexed_rows", "tail_rows")
        .some(ColumnType.TEXT, "method")
        .some(ColumnType.INT8, "vector_bytes", "code_bytes", "record_bytes")
        .optional(ColumnType.FLOAT8, "compression_ratio", "average_recall")
        .some(ColumnType.INT8, "graph_bytes", "memory_bytes")
        .some(ColumnType.TEXT, "residence")
        .some(ColumnType.INT4, "inline_segments")
        .of(
            VECTOR_INDEXES,
            "alidade_vector_indexes",
            (catalog, context) ->
                catalog.catalog().tables().stream().flatMap(table -> indexes(table, context)));
  }

  private static Stream<@Nullable Object[]> indexes(
      TableDefinition table, EvaluationContext context) {
    return table.indexes().stream()
        .filter(index -> index.method() == Method.HNSW)
        .flatMap(index -> row(table, index, context).stream());
  }

  private static Optional<@Nullable Object[]> row(
      TableDefinition table, IndexDefinition index, EvaluationContext context) {
    return context.vectorIndexStatistics(index.oid()).map(figures -> row(table, index, figures));
  }

  private static @Nullable Object[] row(
      TableDefinition table, IndexDefinition index, VectorIndexStatistics figures) {
    return new @Nullable Object[] {
      table.schema(),
      table.name(),
      index.name(),
      index.options().getOrDefault("quantization", "auto").toLowerCase(Locale.ROOT),
      figures.segments(),
      figures.rows(),
      figures.indexedRows(),
      figures.rows() - figures.indexedRows(),
      figures.method(),
      figures.vectorBytes(),
      figures.codeBytes(),
      figures.recordBytes(),
      figures.recordBytes() == 0
          ? null
          : (Object) ((double) figures.vectorBytes() / figures.recordBytes()),
      recall(figures.recall()),
      figures.graphBytes(),
      figures.memoryBytes(),
      figures.residence(),
      figures.inlineSegments()
    };
  }

  private static @Nullable Object recall(OptionalDouble recall) {
    return recall.isPresent() ? recall.getAsDouble() : null;
  }

  private static SystemRelation progress() {
    return new RelationColumns()
        .optional(ColumnType.INT4, "pid")
        .some(ColumnType.OID, "datid")
        .some(ColumnType.NAME, "datname")
        .some(ColumnType.OID, "relid", "index_relid")
        .some(ColumnType.TEXT, "command", "phase")
        .some(ColumnType.INT8, "lockers_total", "lockers_done", "current_locker_pid")
        .some(ColumnType.INT8, "blocks_total", "blocks_done", "tuples_total", "tuples_done")
        .some(ColumnType.INT8, "partitions_total", "partitions_done")
        .of(
            PROGRESS,
            "pg_stat_progress_create_index",
            (catalog, context) ->
                context.indexBuilds().stream().map(build -> progress(build, context)));
  }

  /// The phase is the one that pgvector names while it inserts into the graph.
  private static @Nullable Object[] progress(
      IndexBuilder.Progress build, EvaluationContext context) {
    return new @Nullable Object[] {
      null,
      ServerRelations.DATABASE_OID,
      context.currentDatabase(),
      (long) build.tableOid(),
      (long) build.indexOid(),
      switch (build.purpose()) {
        case CREATE -> "CREATE INDEX";
        case REBUILD -> "REINDEX";
      },
      build.done() < build.rows() ? "building index: loading tuples" : "building index: codes",
      0L,
      0L,
      0L,
      0L,
      0L,
      build.rows(),
      build.done(),
      0L,
      0L
    };
  }
}
