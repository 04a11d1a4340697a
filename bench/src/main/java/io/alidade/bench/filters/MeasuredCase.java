package io.alidade.bench.filters;

import io.alidade.bench.peers.Measurements;
import io.alidade.engine.search.Strategy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What searches under one filter found and took.
final class MeasuredCase {
  private final FilterCase what;
  private final Map<Strategy, Integer> strategies = new EnumMap<>(Strategy.class);
  private final List<Double> micros = new ArrayList<>();
  private final List<Double> exactMicros = new ArrayList<>();
  private int queries;
  private int fewest = Integer.MAX_VALUE;
  private double recall;
  private double visited;

  MeasuredCase(FilterCase what) {
    this.what = what;
  }

  FilterCase what() {
    return what;
  }

  /// Counts what one query found.
  ///
  /// @param share of the true nearest
  /// @param nodes of the graph that were visited
  void found(Strategy strategy, int rows, double share, long nodes) {
    strategies.merge(strategy, 1, Integer::sum);
    queries++;
    fewest = Math.min(fewest, rows);
    recall += share;
    visited += nodes;
  }

  /// Adds a round's time of a query.
  void took(double approximate, double exact) {
    micros.add(approximate);
    exactMicros.add(exact);
  }

  /// The strategies, the most frequent first, with how often in a hundred if there are several.
  String strategy() {
    return strategies.entrySet().stream()
        .sorted(Map.Entry.<Strategy, Integer>comparingByValue().reversed())
        .map(entry ->
            strategies.size() == 1
                ? entry.getKey().name()
                : "%s %d".formatted(entry.getKey(), Math.round(100.0 * entry.getValue() / queries)))
        .collect(Collectors.joining(", "));
  }

  int fewest() {
    return fewest;
  }

  double recall() {
    return recall / queries;
  }

  double visited() {
    return visited / queries;
  }

  double micros() {
    return Measurements.median(micros.stream().mapToDouble(x -> x).toArray());
  }

  double exactMicros() {
    return Measurements.median(exactMicros.stream().mapToDouble(x -> x).toArray());
  }

  /// How many times as long the exact scan takes.
  double ratio() {
    return exactMicros() / micros();
  }

  String csv() {
    return String.format(
        Locale.ROOT,
        "%s,%s,%s,%s,%d,%.4f,%.2f,%.2f,%.0f%n",
        what.kind().replace(",", ""),
        what.percent(),
        what.indexing().name().toLowerCase(Locale.ROOT),
        strategy().replace(",", ""),
        fewest,
        recall(),
        micros(),
        exactMicros(),
        visited());
  }
}
