package io.alidade.bench.calibration;

import java.util.ArrayList;
import java.util.List;

/// The straight line nearest to some points, by the least relative squares.
final class Line {
  private record Point(double x, double y) {}

  private final List<Point> points = new ArrayList<>();

  void add(double x, double y) {
    points.add(new Point(x, y));
  }

  /// The value at 0 and what each unit adds.
  record Fit(double atZero, double slope) {}

  /// Each point weighs as the inverse square of its value: what is small is to be right, too.
  Fit fit() {
    double weight = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    for (Point point : points) {
      double w = 1 / (point.y * point.y);
      weight += w;
      x += w * point.x;
      y += w * point.y;
      xx += w * point.x * point.x;
      xy += w * point.x * point.y;
    }
    double slope = (weight * xy - x * y) / (weight * xx - x * x);
    return new Fit((y - slope * x) / weight, slope);
  }
}
