package io.alidade.storage.lock;

/// How a lock is held.
public enum LockMode {
  /// Reads that must stay true: not beside WRITE of another.
  READ,
  /// Writes to some rows: not beside READ of another.
  WRITE,
  /// Nothing else beside it.
  EXCLUSIVE;

  boolean allowsBeside(LockMode other) {
    return this == other && this != EXCLUSIVE;
  }

  /// Whether holding this makes asking for another needless.
  boolean covers(LockMode other) {
    return this == other || this == EXCLUSIVE;
  }
}
