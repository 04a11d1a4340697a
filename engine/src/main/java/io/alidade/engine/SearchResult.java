package io.alidade.engine;

import io.alidade.engine.search.SearchStatistics;
import io.alidade.engine.search.SegmentHits;
import io.alidade.engine.search.SegmentStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The rows a search found, nearest first, and what it took.
///
/// Order: distance, then segment, then ordinal. Rows whose distance is NaN come after all others,
/// and rows without a vector (whose distance is NULL) after those.
///
/// Whoever made one may give it to search after search: it holds what the last one found, and
/// nothing of use after one that has failed. It grows to what was found and does not shrink. Used
/// by one thread at a time.
public final class SearchResult {
  private static final int INITIAL_ROOM = 16;

  private final List<SegmentHits> found = new ArrayList<>();
  private int[] heads = new int[4];
  private int searched;
  private int[] segments = new int[INITIAL_ROOM];
  private int[] ordinals = new int[INITIAL_ROOM];
  private double[] distances = new double[INITIAL_ROOM];
  private int size;
  private int withDistance;

  /// A result of no search.
  public SearchResult() {}

  /// How many rows were found.
  public int size() {
    return size;
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

  /// What the last search took: a copy.
  public SearchStatistics statistics() {
    List<SegmentStatistics> statistics = new ArrayList<>(searched);
    for (int i = 0; i < searched; i++) {
      statistics.add(found.get(i).statistics());
    }
    return new SearchStatistics(statistics);
  }

  /// Forgets what was found and makes room for so many segments.
  void begin(int count) {
    size = 0;
    withDistance = 0;
    searched = count;
    while (found.size() < count) {
      found.add(new SegmentHits());
    }
    if (heads.length < count) {
      heads = new int[count];
    }
  }

  /// Where the hits of a segment go.
  SegmentHits hits(int segment) {
    return found.get(segment);
  }

  /// Puts the segments' hits together.
  void merge(int limit) {
    long available = 0;
    for (int i = 0; i < searched; i++) {
      heads[i] = 0;
      available += found.get(i).size();
    }
    size = (int) Math.min(limit, available);
    reserve();
    for (int i = 0; i < size; i++) {
      int nearest = nearestHead();
      SegmentHits hits = found.get(nearest);
      int hit = heads[nearest]++;
      segments[i] = nearest;
      ordinals[i] = hits.ordinal(hit);
      distances[i] = hits.distance(hit);
      if (hit < hits.withDistance()) {
        withDistance++;
      }
    }
  }

  private void reserve() {
    if (size > segments.length) {
      int room = Math.max(size, segments.length + segments.length / 2);
      segments = Arrays.copyOf(segments, room);
      ordinals = Arrays.copyOf(ordinals, room);
      distances = Arrays.copyOf(distances, room);
    }
  }

  /// The segment whose next hit comes first; the first of them on a tie.
  private int nearestHead() {
    int nearest = -1;
    for (int segment = 0; segment < searched; segment++) {
      if (heads[segment] < found.get(segment).size()
          && (nearest < 0 || comesBefore(segment, nearest))) {
        nearest = segment;
      }
    }
    return nearest;
  }

  private boolean comesBefore(int left, int right) {
    SegmentHits leftHits = found.get(left);
    SegmentHits rightHits = found.get(right);
    boolean leftAbsent = heads[left] >= leftHits.withDistance();
    boolean rightAbsent = heads[right] >= rightHits.withDistance();
    if (leftAbsent || rightAbsent) {
      return !leftAbsent; // NULL comes after every distance, NaN included.
    }
    return Double.compare(leftHits.distance(heads[left]), rightHits.distance(heads[right])) < 0;
  }
}
