package io.alidade.sql.analyze;

import java.util.List;

/// A query or a change of rows whose names and types are resolved.
public sealed interface AnalyzedStatement permits AnalyzedQuery, AnalyzedChange {
  Slots slots();

  /// The columns of its result: of a query, or of RETURNING; empty if there is none.
  List<OutputColumn> columns();
}
