package io.alidade.storage.log;

/// What the last checkpoint knows of the log that is opened after it.
///
/// @param oldestNeeded where replay begins; the log refuses to open if it does not reach back there
/// @param durableLsn a commit that is known to have been durable; the log refuses to end before it
public record RecoveryPoint(long oldestNeeded, long durableLsn) {
  /// For a log that nothing was read from before.
  public static final RecoveryPoint START = new RecoveryPoint(1, CommitLog.NO_LSN);

  public RecoveryPoint {
    if (oldestNeeded < 1 || durableLsn < oldestNeeded - 1) {
      throw new IllegalArgumentException(
          "oldest needed LSN " + oldestNeeded + ", durable LSN " + durableLsn);
    }
  }
}
