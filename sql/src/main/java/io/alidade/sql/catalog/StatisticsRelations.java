package io.alidade.sql.catalog;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.EvaluationContext;
import io.alidade.sql.function.ValueTexts;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.statistics.ColumnStatistics;
import io.alidade.storage.statistics.ColumnStatistics.CommonValue;
import io.alidade.storage.statistics.TableProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `pg_stats`: what ANALYZE has found.
///
/// Values are shown as arrays of text, which PostgreSQL shows as arrays of the column's type.
final class StatisticsRelations {
  private static final int PG_STATS = 12_082;
  private static final ColumnType FLOAT4_ARRAY = ColumnType.arrayOf(ColumnType.FLOAT4);

  private StatisticsRelations() {}

  static List<SystemRelation> all() {
    return List.of(pgStats());
  }

  private static SystemRelation pgStats() {
    return new RelationColumns()
        .some(ColumnType.NAME, "schemaname", "tablename", "attname")
        .some(ColumnType.BOOL, "inherited")
        .some(ColumnType.FLOAT4, "null_frac")
        .some(ColumnType.INT4, "avg_width")
        .some(ColumnType.FLOAT4, "n_distinct")
        .optional(RelationColumns.TEXT_ARRAY, "most_common_vals")
        .optional(FLOAT4_ARRAY, "most_common_freqs")
        .optional(RelationColumns.TEXT_ARRAY, "histogram_bounds")
        .optional(ColumnType.FLOAT4, "correlation")
        .optional(RelationColumns.TEXT_ARRAY, "most_common_elems")
        .optional(FLOAT4_ARRAY, "most_common_elem_freqs", "elem_count_histogram")
        .of(
            PG_STATS,
            "pg_stats",
            (catalog, context) ->
                catalog.catalog().tables().stream().flatMap(table -> columns(table, context)));
  }

  private static Stream<@Nullable Object[]> columns(
      TableDefinition table, EvaluationContext context) {
    Optional<TableProfile> profile = context.profile(table.oid());
    if (profile.isEmpty() || profile.get().rows() == 0) {
      return Stream.empty();
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      ColumnDefinition column = table.columns().get(i);
      profile
          .get()
          .column(i)
          .ifPresent(known -> rows.add(row(table, column, known, profile.get(), context)));
    }
    return rows.stream();
  }

  private static @Nullable Object[] row(
      TableDefinition table,
      ColumnDefinition column,
      ColumnStatistics known,
      TableProfile profile,
      EvaluationContext context) {
    List<Object> common = known.common().stream().map(CommonValue::value).toList();
    List<Float> shares = known.common().stream().map(it -> (float) it.share()).toList();
    return new @Nullable Object[] {
      table.schema(),
      table.name(),
      column.name(),
      false,
      (float) known.nullShare(),
      known.averageWidth(),
      (float) known.relativeDistinct(profile.rows()),
      texts(common, column.type(), context),
      shares.isEmpty() ? null : shares,
      texts(known.histogram(), column.type(), context),
      null,
      null,
      null,
      null
    };
  }

  private static @Nullable List<String> texts(
      List<Object> values, ColumnType type, EvaluationContext context) {
    return values.isEmpty()
        ? null
        : values.stream().map(value -> ValueTexts.format(value, type, context)).toList();
  }
}
