package io.alidade.bench.peers;

import java.util.Comparator;
import java.util.List;

/// What a search costs at each recall that was measured.
///
/// @param points in the order of the effort
record Curve(List<Point> points) {

  /// One effort: its recall and its time a query.
  record Point(int ef, double recall, double micros) {}

  /// What is known about the time at one recall; nothing is extrapolated.
  sealed interface Reached {

    /// Between two measured points.
    record Interpolated(double micros) implements Reached {}

    /// The least effort measured has more than this recall already.
    record AtMost(double micros) implements Reached {}

    /// No effort measured has this recall.
    record Never(double bestRecall) implements Reached {}
  }

  Curve {
    points = points.stream().sorted(Comparator.comparingInt(Point::ef)).toList();
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a curve of no points");
    }
  }

  /// The time at a recall: the logarithm of the time is taken as linear in the recall between the
  /// first two neighbouring points that enclose it.
  Reached at(double recall) {
    Point before = points.getFirst();
    if (before.recall >= recall) {
      return new Reached.AtMost(before.micros);
    }
    for (Point point : points) {
      if (point.recall >= recall) {
        double share = (recall - before.recall) / (point.recall - before.recall);
        double low = Math.log(before.micros);
        double high = Math.log(point.micros);
        return new Reached.Interpolated(Math.exp(low + share * (high - low)));
      }
      before = point;
    }
    return new Reached.Never(points.stream().mapToDouble(Point::recall).max().orElse(0));
  }
}
