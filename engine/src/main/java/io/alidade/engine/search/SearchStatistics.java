package io.alidade.engine.search;

import java.util.List;
import java.util.function.ToLongFunction;

/// What a search did, segment by segment in the order they were given.
public record SearchStatistics(List<SegmentStatistics> segments) {
  public SearchStatistics {
    segments = List.copyOf(segments);
  }

  /// A figure summed over the segments: `sum(SegmentStatistics::distances)`.
  public long sum(ToLongFunction<SegmentStatistics> figure) {
    return segments.stream().mapToLong(figure).sum();
  }
}
