package io.alidade.storage;

/// What came of locking a row.
public enum LockOutcome {
  /// It is locked to the end of the transaction, and is what the view shows.
  LOCKED,
  /// Another transaction changed or deleted the row after the view's snapshot. The statement must
  /// run anew: [Transaction#retryStatement], then search again. The row is locked, too, unless
  /// [LockWait#SKIP] was asked for.
  CHANGED_SINCE,
  /// The own transaction has deleted or replaced it after the view was taken.
  ALREADY_WRITTEN,
  /// Another transaction holds it; only with [LockWait#SKIP].
  SKIPPED
}
