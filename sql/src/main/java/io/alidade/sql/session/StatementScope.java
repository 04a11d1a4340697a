package io.alidade.sql.session;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.sql.SessionListener;
import io.alidade.sql.analyze.AnalysisContext;
import io.alidade.sql.analyze.TypeNames;
import io.alidade.sql.catalog.CatalogReader;
import io.alidade.sql.parse.TypeName;
import io.alidade.storage.Transaction;
import java.util.List;
import java.util.Optional;

/// What a statement that is no query has of its session: the transaction it is part of, the names
/// it sees, and the client's ear.
///
/// Names are looked up in the transaction's own catalog at each call, so a statement sees what it
/// has just defined.
final class StatementScope {

  private final SessionContext context;
  private final Transaction transaction;
  private final SessionListener listener;

  StatementScope(SessionContext context, Transaction transaction, SessionListener listener) {
    this.context = context;
    this.transaction = transaction;
    this.listener = listener;
  }

  Transaction transaction() {
    return transaction;
  }

  SessionContext context() {
    return context;
  }

  CatalogReader catalog() {
    return context.reader(transaction.catalog());
  }

  /// For expressions without parameters, such as defaults.
  AnalysisContext analysisContext() {
    return analysisContext(List.of());
  }

  AnalysisContext analysisContext(List<Optional<ColumnType>> declaredParameters) {
    return new AnalysisContext(catalog(), declaredParameters, context);
  }

  ColumnType columnType(TypeName name) {
    return new TypeNames(catalog()).resolve(name);
  }

  void notice(SessionListener.Severity severity, DatabaseException message) {
    listener.notice(severity, message);
  }
}
