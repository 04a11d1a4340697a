package io.alidade.bench.peers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a comparison has found, as Markdown, CSV and a plot.
///
/// @param absent peers that were asked for and are not there, with the reason
record Report(
    Dataset dataset,
    Workload workload,
    String circumstances,
    List<Measurements> peers,
    List<String> absent) {

  private static final double[] RECALLS = {0.90, 0.95, 0.99};

  String csv() {
    StringBuilder out =
        new StringBuilder("peer,round,ef,recall,cpu_us,wall_us,distances_a_query\n");
    for (Measurements peer : peers) {
      for (Measurements.Sample sample : peer.samples()) {
        out.append(
            String.format(
                Locale.ROOT,
                "%s,%d,%d,%.4f,%.2f,%.2f,%s%n",
                peer.kind().id(),
                sample.round(),
                sample.ef(),
                sample.recall(),
                sample.cpuMicros(),
                sample.wallMicros(),
                sample.distances() < 0
                    ? ""
                    : String.format(Locale.ROOT, "%.0f", sample.distances())));
      }
    }
    return out.toString();
  }

  String markdown() {
    StringBuilder out = new StringBuilder();
    out.append(
        "# %s, %,d x %d%n%n".formatted(dataset.title(), workload.rows(), workload.dimensions()));
    out.append(circumstances).append("\n\n");
    absent.forEach(line -> out.append("Absent: ").append(line).append(".\n\n"));
    summary(out);
    out.append("\n## Curves\n\nef: recall@10, us of processor time a query (medians).\n\n");
    for (Measurements peer : peers) {
      out.append("- ").append(peer.kind().title()).append(": ");
      List<String> points = new ArrayList<>();
      for (Curve.Point point : peer.cpu().points()) {
        points.add(
            String.format(
                Locale.ROOT, "%d: %.4f, %.0f", point.ef(), point.recall(), point.micros()));
      }
      out.append(String.join("; ", points)).append('\n');
    }
    return out.toString();
  }

  private void summary(StringBuilder out) {
    out.append("| us of processor time a query (times our best) |");
    for (double recall : RECALLS) {
      out.append(String.format(Locale.ROOT, " recall %.2f |", recall));
    }
    out.append(" build, CPU s | wall s | MB on disk |\n|---|");
    out.append("---|".repeat(RECALLS.length + 3)).append('\n');
    for (Measurements peer : peers) {
      out.append("| ").append(peer.kind().title()).append(" |");
      for (double recall : RECALLS) {
        out.append(' ').append(cell(peer, recall)).append(" |");
      }
      BuildFigures build = peer.build();
      out.append(
          String.format(
              Locale.ROOT,
              " %.1f | %.1f | %.0f |%n",
              build.cpuNanos() / 1e9,
              build.wallNanos() / 1e9,
              build.bytes() / 1e6));
    }
  }

  private String cell(Measurements peer, double recall) {
    return switch (peer.cpu().at(recall)) {
      case Curve.Reached.Interpolated(double micros) ->
          String.format(Locale.ROOT, "%.0f", micros) + ratio(peer, recall, micros);
      case Curve.Reached.AtMost(double micros) -> String.format(Locale.ROOT, "<= %.0f", micros);
      case Curve.Reached.Never(double best) ->
          String.format(Locale.ROOT, "not reached (%.3f)", best);
    };
  }

  private String ratio(Measurements peer, double recall, double micros) {
    Optional<Double> ours = best(recall);
    return peer.kind().isOurs() || ours.isEmpty()
        ? ""
        : String.format(Locale.ROOT, " (%.2f)", micros / ours.get());
  }

  /// The least time of ours at a recall.
  private Optional<Double> best(double recall) {
    List<Double> times = new ArrayList<>();
    for (Measurements peer : peers) {
      if (peer.kind().isOurs()
          && peer.cpu().at(recall) instanceof Curve.Reached.Interpolated(double micros)) {
        times.add(micros);
      }
    }
    return times.stream().min(Comparator.naturalOrder());
  }

  String svg() {
    SvgPlot plot =
        new SvgPlot(
            "%s, %,d x %d: recall@10 against queries a second, one thread"
                .formatted(dataset.title(), workload.rows(), workload.dimensions()),
            new SvgPlot.Axis(
                "recall@10",
                0.8,
                0.9995,
                recall -> -Math.log10(1 - recall),
                new double[] {0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999}),
            new SvgPlot.Axis(
                "queries a second",
                100,
                100_000,
                Math::log10,
                new double[] {100, 300, 1000, 3000, 10_000, 30_000, 100_000}));
    for (Measurements peer : peers) {
      plot.add(
          new SvgPlot.Line(
              peer.kind().title(),
              peer.cpu().points().stream()
                  .map(point -> new double[] {point.recall(), 1e6 / point.micros()})
                  .toList()));
    }
    return plot.svg();
  }
}
