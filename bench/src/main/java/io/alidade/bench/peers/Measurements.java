package io.alidade.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// All passes of one peer.
public final class Measurements {

  /// One pass, a query.
  ///
  /// @param distances negative if unknown
  record Sample(
      int round, int ef, double recall, double cpuMicros, double wallMicros, double distances) {}

  private final PeerKind kind;
  private final BuildFigures build;
  private final List<Sample> samples = new ArrayList<>();

  Measurements(PeerKind kind, BuildFigures build) {
    this.kind = kind;
    this.build = build;
  }

  PeerKind kind() {
    return kind;
  }

  BuildFigures build() {
    return build;
  }

  List<Sample> samples() {
    return samples;
  }

  void add(Sample sample) {
    samples.add(sample);
  }

  /// By the medians of processor time.
  Curve cpu() {
    return curve(Sample::cpuMicros);
  }

  /// By the medians of wall time.
  Curve wall() {
    return curve(Sample::wallMicros);
  }

  private Curve curve(ToDoubleFunction<Sample> time) {
    TreeMap<Integer, List<Sample>> byEf = new TreeMap<>();
    samples.forEach(sample -> byEf.computeIfAbsent(sample.ef, _ -> new ArrayList<>()).add(sample));
    List<Curve.Point> points = new ArrayList<>();
    byEf.forEach((ef, of) ->
        points.add(
            new Curve.Point(
                ef,
                median(of.stream().mapToDouble(Sample::recall).toArray()),
                median(of.stream().mapToDouble(time).toArray()))));
    return new Curve(points);
  }

  /// The middle value, or the mean of the two in the middle.
  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
