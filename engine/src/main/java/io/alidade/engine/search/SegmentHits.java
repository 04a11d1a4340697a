package io.alidade.engine.search;

/// The nearest rows of one segment: first those with a distance, nearest first; then those whose
/// distance is NaN; then those without a vector, both by ordinal.
public final class SegmentHits {
  private final int[] ordinals;
  private final double[] distances;
  private final int withDistance;
  private final SegmentStatistics statistics;

  SegmentHits(int[] ordinals, double[] distances, int withDistance, SegmentStatistics statistics) {
    this.ordinals = ordinals;
    this.distances = distances;
    this.withDistance = withDistance;
    this.statistics = statistics;
  }

  public int size() {
    return ordinals.length;
  }

  public int ordinal(int hit) {
    return ordinals[hit];
  }

  /// The distance; NaN if the row has no vector.
  public double distance(int hit) {
    return distances[hit];
  }

  /// The hits below this have a vector.
  public int withDistance() {
    return withDistance;
  }

  public SegmentStatistics statistics() {
    return statistics;
  }
}
