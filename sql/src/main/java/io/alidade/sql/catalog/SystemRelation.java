package io.alidade.sql.catalog;

import io.alidade.sql.function.EvaluationContext;
import io.alidade.storage.catalog.ColumnDefinition;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A relation of PostgreSQL's system catalogs; its rows are computed when they are asked for.
///
/// @param oid PostgreSQL's OID of it
/// @param columns those of PostgreSQL that clients use, in PostgreSQL's order
public record SystemRelation(
    int oid, String schema, String name, List<ColumnDefinition> columns, Rows content) {
  public SystemRelation {
    columns = List.copyOf(columns);
  }

  /// The rows at this moment.
  public Stream<@Nullable Object[]> rows(CatalogReader catalog, EvaluationContext context) {
    return content.of(catalog, context);
  }

  /// Computes the rows.
  @FunctionalInterface
  public interface Rows {
    Stream<@Nullable Object[]> of(CatalogReader catalog, EvaluationContext context);
  }
}
