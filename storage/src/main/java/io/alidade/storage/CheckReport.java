package io.alidade.storage;

import java.nio.file.Path;
import java.util.List;

/// What [DatabaseCheck] found in a data directory, and what it did about it.
///
/// @param directory the data directory, as an absolute path
/// @param findings everything that is not as a server that ended in order leaves it
public record CheckReport(
    Path directory, List<Finding> findings, Contents contents, Repair repair) {
  public CheckReport {
    findings = List.copyOf(findings);
  }

  /// What could be read.
  ///
  /// @param rows that a server would show, or if there is damage: row versions of the segments that
  ///   are whole
  /// @param commits those of the log that are not in segments
  /// @param checkpointLsn up to where everything is in segments
  /// @param lastLsn the last commit
  public record Contents(
      int tables, int segments, long rows, long commits, long checkpointLsn, long lastLsn) {
    static final Contents NONE = new Contents(0, 0, 0, 0, 0, 0);
  }

  /// What was done.
  public enum Repair {
    /// Nothing was to be changed.
    NOT_ASKED_FOR,
    /// Left-over files and damaged indexes were dropped, if there were any.
    DONE,
    /// Nothing was changed, because what cannot be repaired is damaged: the directory stays what
    /// there is to rescue data from.
    REFUSED
  }

  /// Whether data is damaged or gone that nothing else holds.
  public boolean isDamaged() {
    return findings.stream().anyMatch(Finding.Damage.class::isInstance);
  }

  /// Whether an index was found damaged or gone, whether or not it was dropped since.
  public boolean hasDamagedIndexes() {
    return findings.stream().anyMatch(Finding.DamagedIndex.class::isInstance);
  }

  /// Whether a server can start on the directory now, and answers everything that was acknowledged.
  public boolean isSound() {
    return !isDamaged() && (!hasDamagedIndexes() || repair == Repair.DONE);
  }
}
