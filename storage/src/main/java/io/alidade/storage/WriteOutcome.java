package io.alidade.storage;

/// What came of locking, updating or deleting a row.
public enum WriteOutcome {
  /// It is done; the row is locked to the end of the transaction.
  DONE,
  /// Another transaction changed or deleted the row after the statement's snapshot. Nothing was
  /// written; the row is locked. The statement must run anew: [Transaction#retryStatement], then
  /// search again.
  CHANGED_SINCE,
  /// This same statement already updated or deleted the row. PostgreSQL skips such a row.
  ALREADY_WRITTEN
}
