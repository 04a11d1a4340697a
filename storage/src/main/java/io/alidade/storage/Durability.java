package io.alidade.storage;

/// What a commit waits for: `synchronous_commit`.
public enum Durability {
  /// The commit is on the disk.
  FORCED,
  /// The commit is in the log and visible; it reaches the disk within a fraction of a second, and a
  /// crash before may lose it, with all that came later and nothing that came earlier.
  APPENDED
}
