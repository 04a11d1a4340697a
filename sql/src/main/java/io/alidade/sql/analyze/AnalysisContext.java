package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.sql.catalog.CatalogReader;
import io.alidade.sql.function.EvaluationContext;
import java.util.List;
import java.util.Optional;

/// What analysis needs besides the syntax.
///
/// @param catalog finds relations and types along the search path
/// @param declaredParameters the types the client declared for `$1`, `$2`...; missing or empty ones
///   are inferred
/// @param evaluation for constants, which are read at once so that a wrong one is told where it
///   stands
public record AnalysisContext(
    CatalogReader catalog,
    List<Optional<ColumnType>> declaredParameters,
    EvaluationContext evaluation) {
  public AnalysisContext {
    declaredParameters = List.copyOf(declaredParameters);
  }
}
