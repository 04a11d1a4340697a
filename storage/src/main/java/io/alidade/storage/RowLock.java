package io.alidade.storage;

import io.alidade.storage.lock.LockMode;

/// How strongly a row is locked: PostgreSQL's four, each standing beside the others as there.
///
/// | beside | KEY SHARE | SHARE | NO KEY UPDATE | UPDATE |
/// |---|---|---|---|---|
/// | KEY SHARE | yes | yes | yes | |
/// | SHARE | yes | yes | | |
/// | NO KEY UPDATE | yes | | | |
/// | UPDATE | | | | |
///
/// Reading needs none. An update that leaves the columns of all unique indexes as they are takes
/// [#NO_KEY_UPDATE]; any other, and a deletion, [#UPDATE].
public enum RowLock {
  /// The row stays, with its keys: what a foreign key asks of the row that it refers to.
  KEY_SHARE(LockMode.ACCESS_SHARE),
  /// The row stays as it is.
  SHARE(LockMode.ROW_SHARE),
  /// Nobody else changes the row.
  NO_KEY_UPDATE(LockMode.EXCLUSIVE),
  /// Nobody else changes the row or counts on its keys.
  UPDATE(LockMode.ACCESS_EXCLUSIVE);

  private final LockMode mode;

  RowLock(LockMode mode) {
    this.mode = mode;
  }

  LockMode mode() {
    return mode;
  }
}
