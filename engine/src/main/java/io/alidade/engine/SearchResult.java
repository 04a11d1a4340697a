package io.alidade.engine;

import io.alidade.engine.search.SearchStatistics;

/// The rows a search found, nearest first, and what it took.
///
/// Order: distance, then segment, then ordinal. Rows whose distance is NaN come after all others,
/// and rows without a vector (whose distance is NULL) after those.
public final class SearchResult {
  private final int[] segments;
  private final int[] ordinals;
  private final double[] distances;
  private final int withDistance;
  private final SearchStatistics statistics;

  SearchResult(
      int[] segments,
      int[] ordinals,
      double[] distances,
      int withDistance,
      SearchStatistics statistics) {
    this.segments = segments;
    this.ordinals = ordinals;
    this.distances = distances;
    this.withDistance = withDistance;
    this.statistics = statistics;
  }

  /// How many rows were found.
  public int size() {
    return ordinals.length;
  }

  /// The position of the hit's segment in the list that was searched.
  public int segment(int hit) {
    return segments[hit];
  }

  /// The hit's ordinal in its segment.
  public int ordinal(int hit) {
    return ordinals[hit];
  }

  /// The hit's distance as pgvector computes it; unspecified if [#hasDistance] is false.
  public double distance(int hit) {
    return distances[hit];
  }

  /// Whether the hit has a vector; without one its distance is NULL.
  public boolean hasDistance(int hit) {
    return hit < withDistance;
  }

  public SearchStatistics statistics() {
    return statistics;
  }
}
