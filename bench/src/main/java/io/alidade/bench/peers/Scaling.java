package io.alidade.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How the cost of our searches and builds grows with the rows of one data set, of which ever
/// longer prefixes are indexed.
///
/// @param circumstances a sentence for the result
record Scaling(
    Dataset dataset, Path work, List<Integer> efs, int warmUp, int rounds, String circumstances) {

  /// The walk shows how distances grow; on few rows the engine would scan instead.
  private static final List<PeerKind> KINDS =
      List.of(PeerKind.ALIDADE_WALK_CODES, PeerKind.ALIDADE_CODES);

  private static final double RECALL = 0.95;

  /// One index.
  ///
  /// @param twoThreads what building it by two threads has taken
  private record Step(int rows, Measurements measured, BuildFigures twoThreads) {

    PeerKind kind() {
      return measured.kind();
    }

    /// The microseconds a query at a recall.
    Curve.Reached micros(double recall) {
      return measured.cpu().at(recall);
    }

    /// The distances a query at a recall, interpolated like the time.
    Curve.Reached distances(double recall) {
      List<Curve.Point> points = new ArrayList<>();
      for (Measurements.Sample sample : measured.samples()) {
        points.add(new Curve.Point(sample.ef(), sample.recall(), sample.distances()));
      }
      return new Curve(points).at(recall);
    }
  }

  /// @param counts the lengths of the prefixes
  void run(List<Integer> counts, Path results) throws IOException {
    List<Step> steps = new ArrayList<>();
    for (int rows : counts) {
      Workload workload = dataset.prepare(work, rows);
      PeerStarter starter = new PeerStarter(work, dataset, workload, Optional.empty());
      List<Comparison.Contender> contenders = new ArrayList<>();
      try {
        for (PeerKind kind : KINDS) {
          contenders.add(new Comparison.Contender(starter.start(kind)));
        }
        comparison(workload).run(contenders, warmUp, rounds);
      } finally {
        contenders.forEach(contender -> contender.peer().close());
      }
      for (Comparison.Contender contender : contenders) {
        PeerKind kind = contender.peer().kind();
        steps.add(new Step(rows, contender.measured(), starter.build(kind, 2)));
      }
      Files.createDirectories(results);
      Files.writeString(results.resolve("scaling.md"), markdown(steps));
      Files.writeString(results.resolve("scaling-distances.svg"), plot(steps, Figure.DISTANCES));
      Files.writeString(results.resolve("scaling-time.svg"), plot(steps, Figure.MICROS));
    }
    System.out.println(markdown(steps));
  }

  private Comparison comparison(Workload workload) throws IOException {
    VectorFile base = workload.openBase();
    VectorFile queries = workload.openQueries();
    GroundTruth truth =
        GroundTruth.cached(
            dataset.directory(work).resolve("truth-" + workload.rows() + ".bin"),
            base,
            queries,
            Workload.K);
    return new Comparison(base, queries, truth, efs);
  }

  private static Optional<Double> value(Curve.Reached reached) {
    return switch (reached) {
      case Curve.Reached.Interpolated(double value) -> Optional.of(value);
      case Curve.Reached.AtMost _, Curve.Reached.Never _ -> Optional.empty();
    };
  }

  private String markdown(List<Step> steps) {
    StringBuilder out = new StringBuilder();
    out.append("# Our engine on ever more rows of the %s set%n%n".formatted(dataset.title()));
    out.append(circumstances).append("\n\n");
    out.append(
        """
        Distances and processor time are those of a query at recall %.2f. A build by two threads is
        faster than one by one thread by the ratio of their wall times; on a machine that does other
        work, by twice the ratio of their processor times rather.

        Where distances grow as the logarithm of the rows, their number for each doubling of the rows
        (distances / log2 rows) stays the same. The ratio is that to the time on a tenth of the rows.

        | | rows | distances | / log2 rows | us | ratio | build, CPU s / wall s | two threads, CPU s / wall s | faster, wall |
        |---|---|---|---|---|---|---|---|---|
        """
            .formatted(RECALL));
    for (Step step : steps) {
      BuildFigures one = step.measured.build();
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %s | %s | %s | %s | %.1f / %.1f | %.1f / %.1f | %.2f |%n",
              step.kind().title(),
              step.rows,
              shown(step.distances(RECALL), "%,.0f", 1),
              shown(step.distances(RECALL), "%.1f", log2(step.rows)),
              shown(step.micros(RECALL), "%,.0f", 1),
              grown(steps, step),
              one.cpuNanos() / 1e9,
              one.wallNanos() / 1e9,
              step.twoThreads.cpuNanos() / 1e9,
              step.twoThreads.wallNanos() / 1e9,
              (double) one.wallNanos() / step.twoThreads.wallNanos()));
    }
    return out.toString();
  }

  private static String shown(Curve.Reached reached, String format, double divisor) {
    return switch (reached) {
      case Curve.Reached.Interpolated(double value) ->
          String.format(Locale.ROOT, format, value / divisor);
      case Curve.Reached.AtMost(double value) ->
          "<= " + String.format(Locale.ROOT, format, value / divisor);
      case Curve.Reached.Never(double best) ->
          String.format(Locale.ROOT, "not reached (%.3f)", best);
    };
  }

  private static double log2(int rows) {
    return Math.log(rows) / Math.log(2);
  }

  /// The time against that on the tenth of the rows.
  private static String grown(List<Step> steps, Step step) {
    for (Step other : steps) {
      Optional<Double> less = value(other.micros(RECALL));
      Optional<Double> more = value(step.micros(RECALL));
      if (other.kind() == step.kind()
          && other.rows * 10L == step.rows
          && less.isPresent()
          && more.isPresent()) {
        return String.format(Locale.ROOT, "%.2f", more.get() / less.get());
      }
    }
    return "";
  }

  /// What is drawn against the rows.
  private enum Figure {
    DISTANCES,
    MICROS
  }

  private String plot(List<Step> steps, Figure figure) {
    String title =
        switch (figure) {
          case DISTANCES -> "distances a query at recall " + RECALL;
          case MICROS -> "us a query at recall " + RECALL;
        };
    SvgPlot plot =
        new SvgPlot(
            "%s: %s against rows".formatted(dataset.title(), title),
            new SvgPlot.Axis(
                "rows", 10_000, 1_000_000, Math::log10, new double[] {1e4, 3e4, 1e5, 3e5, 1e6}),
            new SvgPlot.Axis(
                title, 10, 10_000, Math::log10, new double[] {10, 30, 100, 300, 1e3, 3e3, 1e4}));
    for (PeerKind kind : KINDS) {
      List<double[]> points = new ArrayList<>();
      for (Step step : steps) {
        if (step.kind() == kind) {
          Optional<Double> value =
              switch (figure) {
                case DISTANCES -> value(step.distances(RECALL));
                case MICROS -> value(step.micros(RECALL));
              };
          value.ifPresent(number -> points.add(new double[] {step.rows, number}));
        }
      }
      plot.add(new SvgPlot.Line(kind.title(), points));
    }
    return plot.svg();
  }
}
