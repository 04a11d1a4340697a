package io.alidade.storage.merge;

/// What the background does for tables by itself, and how much of the processors it takes.
///
/// @param automation whether it merges and analyses by itself at all (`autovacuum`)
/// @param policy which segments are merged
/// @param analyzeThreshold so many rows must have changed before a table is analysed again
///   (`autovacuum_analyze_threshold`)...
/// @param analyzeShare ... and this share of the table's besides
///   (`autovacuum_analyze_scale_factor`)
/// @param processorShare the share of the machine's processors that merging and the building of
///   indexes in the background take together (`alidade.maintenance_cpu_share`)
public record UpkeepOptions(
    Automation automation,
    MergePolicy policy,
    long analyzeThreshold,
    double analyzeShare,
    double processorShare) {

  /// PostgreSQL's thresholds, and half of the processors.
  public static final UpkeepOptions DEFAULT =
      new UpkeepOptions(Automation.ON, MergePolicy.DEFAULT, 50, 0.1, 0.5);

  public UpkeepOptions {
    if (analyzeThreshold < 0 || analyzeShare < 0) {
      throw new IllegalArgumentException(
          "analyzeThreshold " + analyzeThreshold + ", analyzeShare " + analyzeShare);
    }
    if (!(processorShare > 0 && processorShare <= 1)) {
      throw new IllegalArgumentException("processorShare " + processorShare);
    }
  }

  /// Whether tables are merged and analysed without being asked.
  public enum Automation {
    ON,
    OFF
  }
}
