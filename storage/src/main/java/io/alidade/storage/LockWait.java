package io.alidade.storage;

/// What to do when another transaction holds a lock.
public enum LockWait {
  /// Wait for its end, as long as the lock timeout allows.
  WAIT,
  /// NOWAIT: end the statement (55P03).
  REFUSE,
  /// SKIP LOCKED: leave it.
  SKIP
}
