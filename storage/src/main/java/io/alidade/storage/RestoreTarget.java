package io.alidade.storage;

/// Up to where the archived log is applied to a restored backup.
public sealed interface RestoreTarget {

  /// As it was when the backup was taken.
  record Backup() implements RestoreTarget {}

  /// Everything that was archived.
  record End() implements RestoreTarget {}

  /// Up to a commit, that one among it.
  record AtLsn(long lsn) implements RestoreTarget {}

  /// Up to the last commit at or before a time.
  ///
  /// @param micros in microseconds since 1970-01-01 UTC
  record AtTime(long micros) implements RestoreTarget {}
}
