package io.alidade.storage;

/// What a transaction sees of others that run beside it.
public enum IsolationLevel {
  /// Each statement sees what was committed before it began. Writing to a row that changed since
  /// has the statement run anew.
  READ_COMMITTED,
  /// All statements see what was committed before the first. Writing to a row that changed since
  /// ends in 40001.
  REPEATABLE_READ,
  /// As REPEATABLE READ, and as if the transactions had run one after another: a table that was
  /// read is locked against writers to the end of the transaction, and one that changed since the
  /// snapshot cannot be read any more (40001).
  SERIALIZABLE
}
