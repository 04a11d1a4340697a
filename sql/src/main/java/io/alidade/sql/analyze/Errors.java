package io.alidade.sql.analyze;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;

/// PostgreSQL's words for what analysis refuses.
final class Errors {
  private Errors() {}

  static DatabaseException of(SqlState state, String message, int position) {
    return new DatabaseException(state, message).at(position);
  }

  static DatabaseException unsupported(String feature, int position) {
    return of(SqlState.FEATURE_NOT_SUPPORTED, feature + " not supported", position);
  }

  static DatabaseException mismatch(String message, int position) {
    return of(SqlState.DATATYPE_MISMATCH, message, position);
  }
}
