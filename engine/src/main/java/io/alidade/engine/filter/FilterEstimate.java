package io.alidade.engine.filter;

import io.alidade.engine.payload.SegmentColumns;
import java.util.Optional;
import java.util.function.IntPredicate;

/// About how many rows of a segment match a filter, and how to list them.
///
/// @param matches the visible rows that are expected to match
/// @param path an index that lists them, with others perhaps
public record FilterEstimate(long matches, Optional<IndexPath> path) {
  /// How many rows are looked at first, and at most.
  private static final int FIRST_SAMPLES = 64;

  private static final int MOST_SAMPLES = 512;

  /// From so many hits among the samples on, more would not change a decision.
  private static final int ENOUGH_HITS = 32;

  /// A path this short, or of fewer than one row in so many, needs no sample: listing it is cheaper
  /// than anything else whatever matches.
  private static final int SHORT_PATH = 512;

  private static final int SHORT_SHARE = 32;

  /// A path is not looked for if more than one row in so many matches: listing would not pay.
  private static final int PATH_WORTH = 5;

  /// Estimates from the indexes where they narrow the filter, otherwise from a sample of rows.
  ///
  /// @param passes whether a row is visible and matches
  public static FilterEstimate of(
      Filter filter, SegmentColumns segment, int liveCount, IntPredicate passes) {
    if (filter instanceof Filter.Constant(Truth truth)) {
      return new FilterEstimate(truth == Truth.TRUE ? liveCount : 0, Optional.empty());
    }
    Optional<IndexPath> path =
        IndexPath.best(filter, segment, Math.max(SHORT_PATH, segment.size() / SHORT_SHARE));
    if (path.isPresent()) {
      return new FilterEstimate(path.get().count(), path);
    }
    int most = segment.size() / PATH_WORTH;
    long matches = Math.min(liveCount, sample(segment.size(), passes));
    if (matches < most) {
      path = IndexPath.best(filter, segment, most);
    }
    if (path.isEmpty()) {
      return new FilterEstimate(matches, path);
    }
    long listed = path.get().count();
    return switch (path.get().content()) {
      case MATCHES -> new FilterEstimate(listed * liveCount / segment.size(), path); // No sample.
      case CANDIDATES -> new FilterEstimate(Math.min(matches, listed), path);
    };
  }

  private static long sample(int size, IntPredicate passes) {
    int hits = 0;
    int samples = 0;
    int wanted = Math.min(size, MOST_SAMPLES);
    long position = 0;
    // A stride that shares no factor with most sizes, so that early samples are spread, too.
    long stride = Math.max(1, (long) (size * 0.6180339887498949)) | 1;
    while (samples < wanted && (samples < FIRST_SAMPLES || hits < ENOUGH_HITS)) {
      if (passes.test((int) (position % size))) {
        hits++;
      }
      position += stride;
      samples++;
    }
    if (samples == 0) {
      return 0;
    }
    // No hit does not mean no match; half a hit is the least that is honest.
    return Math.round((double) size * Math.max(hits, 0.5) / samples);
  }
}
