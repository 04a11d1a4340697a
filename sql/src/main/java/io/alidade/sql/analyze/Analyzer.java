package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.DataChange;
import io.alidade.sql.parse.Expression;
import io.alidade.sql.parse.Query;
import io.alidade.storage.catalog.TableDefinition;
import java.util.Optional;

/// Resolves the names and types of a statement. Stateless: each call is one statement's analysis.
public final class Analyzer {
  private Analyzer() {}

  /// A query: SELECT, VALUES, TABLE.
  public static AnalyzedQuery analyzeQuery(Query query, AnalysisContext context) {
    throw unsupported("queries");
  }

  /// An INSERT, UPDATE or DELETE.
  public static AnalyzedChange analyzeChange(DataChange change, AnalysisContext context) {
    throw unsupported("changes");
  }

  /// An expression over one row of a table: a DEFAULT (which sees no columns), a CHECK, the WHERE
  /// of a COPY.
  ///
  /// @param table the row's columns; empty if none may be named
  /// @param target the type it is assigned to; empty if its own is wanted
  public static AnalyzedScalar analyzeScalar(
      Expression expression,
      Optional<TableDefinition> table,
      Optional<ColumnType> target,
      AnalysisContext context) {
    throw unsupported("expressions");
  }

  private static DatabaseException unsupported(String what) {
    return new DatabaseException(SqlState.FEATURE_NOT_SUPPORTED, what + " are not supported");
  }
}
