package io.alidade.engine.search;

import io.alidade.engine.vector.QueryScorer;
import java.util.Arrays;
import java.util.Optional;

/// The nearest rows of one segment and what it took to find them: first those with a distance,
/// nearest first; then those whose distance is NaN; then those without a vector, both by ordinal.
///
/// Filled by [SegmentSearch], again and again; allocates nothing once it has room. Used by one
/// thread at a time.
public final class SegmentHits {
  private static final int INITIAL_ROOM = 16;

  private int[] ordinals = new int[INITIAL_ROOM];
  private double[] distances = new double[INITIAL_ROOM];
  private int size;
  private int withDistance;
  private Strategy strategy = Strategy.NONE;
  private long visitedNodes;
  private long testedRows;
  private long comparisons;
  private long rescoredRows;
  private int indexedRows;
  private int tailRows;
  private long estimatedMatches;

  /// No hits.
  public SegmentHits() {}

  public int size() {
    return size;
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

  /// What it took to find them, as it is now: a copy.
  public SegmentStatistics statistics() {
    return new SegmentStatistics(
        strategy,
        visitedNodes,
        testedRows,
        comparisons,
        rescoredRows,
        indexedRows,
        tailRows,
        estimatedMatches);
  }

  /// Notes what it took.
  void describe(
      Strategy how,
      long visited,
      long tested,
      long computed,
      long rescored,
      int indexed,
      int tail,
      long estimated) {
    strategy = how;
    visitedNodes = visited;
    testedRows = tested;
    comparisons = computed;
    rescoredRows = rescored;
    indexedRows = indexed;
    tailRows = tail;
    estimatedMatches = estimated;
  }

  /// Takes the nearest of a segment over, with their distances.
  ///
  /// @param bound farther ones are left out, and so are those without a distance
  void fill(NearestRows nearest, QueryScorer scorer, Optional<DistanceBound> bound, int limit) {
    nearest.sort();
    boolean bounded = bound.isPresent(); // NaN and NULL are within no bound.
    int undefined = bounded ? 0 : nearest.undefinedCount();
    int absent = bounded ? 0 : nearest.absentCount();
    reserve((int) Math.min(limit, (long) nearest.size() + undefined + absent));
    size = 0;
    for (int i = 0; i < nearest.size(); i++) {
      int ordinal = nearest.ordinal(i);
      double distance = scorer.distance(ordinal);
      if (!bounded || bound.get().admits(distance)) {
        insert(ordinal, distance);
      }
    }
    int comparable = size;
    withDistance = Math.min(limit, comparable + undefined);
    size = Math.min(limit, withDistance + absent);
    for (int i = comparable; i < size; i++) {
      ordinals[i] =
          i < withDistance ? nearest.undefined(i - comparable) : nearest.absent(i - withDistance);
      distances[i] = Double.NaN;
    }
  }

  private void reserve(int room) {
    if (room > ordinals.length) {
      int more = Math.max(room, ordinals.length + ordinals.length / 2);
      ordinals = Arrays.copyOf(ordinals, more);
      distances = Arrays.copyOf(distances, more);
    }
  }

  /// Puts a hit into its place by distance and ordinal: final distances may order rows a little
  /// differently than keys did.
  private void insert(int ordinal, double distance) {
    int place = size++;
    while (place > 0 && isAfter(place - 1, distance, ordinal)) {
      distances[place] = distances[place - 1];
      ordinals[place] = ordinals[place - 1];
      place--;
    }
    distances[place] = distance;
    ordinals[place] = ordinal;
  }

  private boolean isAfter(int place, double distance, int ordinal) {
    int order = Double.compare(distances[place], distance);
    return order > 0 || (order == 0 && ordinals[place] > ordinal);
  }
}
