package io.alidade.storage;

import io.alidade.model.DatabaseException;

/// Says which of many rows could not be inserted, and why.
public final class RowRejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int index;
  private final DatabaseException reason;

  public RowRejectedException(int index, DatabaseException reason) {
    super(reason);
    this.index = index;
    this.reason = reason;
  }

  /// The row's index in the list that was given.
  public int index() {
    return index;
  }

  /// What the client is to be told.
  public DatabaseException reason() {
    return reason;
  }
}
