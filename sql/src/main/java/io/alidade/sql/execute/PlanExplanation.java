package io.alidade.sql.execute;

import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.search.SegmentStatistics;
import io.alidade.engine.search.Strategy;
import io.alidade.sql.execute.Measurements.Measured;
import io.alidade.sql.plan.PhysicalPlan;
import io.alidade.sql.plan.PlanDescription;
import io.alidade.sql.plan.PlanDescription.Detail;
import io.alidade.sql.plan.PlanNode;
import io.alidade.sql.rule.Estimates;
import io.alidade.storage.catalog.VectorIndexOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// What EXPLAIN and EXPLAIN ANALYZE show of a plan.
public final class PlanExplanation {
  private static final double NANOS_PER_MILLI = 1e6;

  private PlanExplanation() {}

  /// The plan as it would run.
  public static PlanDescription of(PhysicalPlan plan) {
    return of(plan, Estimates.NONE);
  }

  /// The same, with the rows that are expected.
  public static PlanDescription of(PhysicalPlan plan, Estimates estimates) {
    return PlanDescription.of(plan, PlanDescription.Actuals.NONE, estimates);
  }

  /// The plan as it has run in a context that measured.
  public static PlanDescription of(PhysicalPlan plan, Measurements measurements) {
    return of(plan, measurements, Estimates.NONE);
  }

  /// The same, with the rows that were expected.
  public static PlanDescription of(
      PhysicalPlan plan, Measurements measurements, Estimates estimates) {
    return PlanDescription.of(plan, new Actuals(measurements), estimates);
  }

  private record Actuals(Measurements measurements) implements PlanDescription.Actuals {
    @Override
    public Optional<String> of(PlanNode node) {
      return Optional.of(measurements.find(node).map(Actuals::text).orElse("never executed"));
    }

    private static String text(Measured measured) {
      long loops = Math.max(1, measured.loops());
      return String.format(
          Locale.ROOT,
          "actual time=%.3f..%.3f rows=%d loops=%d",
          measured.firstNanos() / NANOS_PER_MILLI / loops,
          measured.nanos() / NANOS_PER_MILLI / loops,
          Math.round((double) measured.rows() / loops),
          measured.loops());
    }

    @Override
    public List<Detail> details(PlanNode node) {
      return measurements
          .find(node)
          .filter(measured -> !measured.searches().isEmpty())
          .map(measured -> search(measured.searches(), measured.codes()))
          .orElse(List.of());
    }

    private static List<Detail> search(List<SegmentStatistics> segments, Set<Quantization> codes) {
      String strategies =
          segments.stream()
              .map(SegmentStatistics::strategy)
              .filter(strategy -> strategy != Strategy.NONE)
              .distinct()
              .map(Actuals::word)
              .collect(Collectors.joining(", "));
      List<Detail> details = new ArrayList<>();
      details.add(new Detail("Strategy", strategies.isEmpty() ? "none" : strategies));
      if (!codes.isEmpty()) {
        details.add(
            new Detail(
                "Codes",
                codes.stream().map(VectorIndexOptions::text).collect(Collectors.joining("; "))));
      }
      details.add(
          new Detail(
              "Visited",
              sum(segments, SegmentStatistics::visitedNodes)
                  + "  Tested: "
                  + sum(segments, SegmentStatistics::testedRows)
                  + "  Distances: "
                  + sum(segments, SegmentStatistics::distances)
                  + "  Rescored: "
                  + sum(segments, SegmentStatistics::rescoredRows)
                  + "  Segments: "
                  + segments.size()));
      return details;
    }

    private static long sum(
        List<SegmentStatistics> segments, ToLongFunction<SegmentStatistics> figure) {
      return segments.stream().mapToLong(figure).sum();
    }

    private static String word(Strategy strategy) {
      return switch (strategy) {
        case NONE -> "none";
        case WALK -> "walk";
        case WALK_TWO_HOPS -> "walk by two hops";
        case LIST -> "list";
        case LIST_BY_CODES -> "list by codes";
        case EXACT -> "exact";
        case SCAN_BY_CODES -> "scan by codes";
        case WALK_THEN_EXACT -> "walk, then exact";
        case WALK_THEN_CODES -> "walk, then scan by codes";
      };
    }
  }
}
