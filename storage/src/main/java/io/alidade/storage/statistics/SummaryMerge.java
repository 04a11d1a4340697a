package io.alidade.storage.statistics;

import io.alidade.engine.payload.ValueOrder;
import io.alidade.model.ColumnType;
import io.alidade.storage.statistics.ColumnStatistics.CommonValue;
import io.alidade.storage.statistics.ColumnSummary.Common;
import io.alidade.storage.statistics.ColumnSummary.Distribution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// Merges the summaries of the same column of several segments.
///
/// Counts are scaled to the rows that live. A value that is common in some segments counts what it
/// counts there; histograms are added up as if each of their parts lay at its upper bound.
public final class SummaryMerge {
  private final Comparator<Object> order;
  private final TreeMap<Object, Double> common;
  private final List<Weighted> points = new ArrayList<>();
  private final DistinctSketch distinct = new DistinctSketch();
  private double rows;
  private double nulls;
  private double bytes;
  private double present;

  /// A value with the rows that it stands for.
  private record Weighted(Object value, double rows) {}

  public SummaryMerge(ColumnType type) {
    this.order = ValueOrder.of(type);
    this.common = new TreeMap<>(order);
  }

  /// Adds a segment.
  ///
  /// @param live how many of its row versions live
  public void add(ColumnSummary summary, long live) {
    if (summary.rows() == 0) {
      return;
    }
    double share = (double) live / summary.rows();
    rows += live;
    nulls += summary.nulls() * share;
    bytes += summary.bytes();
    present += summary.rows() - summary.nulls();
    distinct.addAll(summary.distinct());
    Distribution distribution = summary.distribution();
    if (distribution.sampled() == 0) {
      return;
    }
    double weight = (double) live / distribution.sampled();
    for (Common value : distribution.common()) {
      common.merge(value.value(), value.count() * weight, Double::sum);
    }
    List<Object> bounds = distribution.bounds();
    for (int i = 0; i < bounds.size(); i++) {
      double part = i == 0 ? 0 : distribution.rest() * weight / (bounds.size() - 1);
      points.add(new Weighted(bounds.get(i), part));
    }
  }

  /// What is known of all segments together.
  public ColumnStatistics statistics() {
    double different = Math.min(distinct.estimate(), Math.max(0, rows - nulls));
    List<Weighted> commonest = new ArrayList<>();
    common.forEach((value, count) -> commonest.add(new Weighted(value, count)));
    commonest.sort(Comparator.comparingDouble(Weighted::rows).reversed()); // Stable.
    int kept = Math.min(commonest.size(), CommonValues.MOST);
    points.addAll(commonest.subList(kept, commonest.size()));
    return new ColumnStatistics(
        rows == 0 ? 0 : nulls / rows,
        present == 0 ? 0 : (int) (bytes / present),
        different,
        commonest.subList(0, kept).stream()
            .map(value -> new CommonValue(value.value(), value.rows() / rows))
            .toList(),
        histogram());
  }

  private List<Object> histogram() {
    points.sort((left, right) -> order.compare(left.value(), right.value()));
    int bounds = Math.min(points.size(), CommonValues.MOST + 1);
    if (bounds < 2) {
      return List.of();
    }
    double all = points.stream().mapToDouble(Weighted::rows).sum();
    List<Object> histogram = new ArrayList<>();
    histogram.add(points.getFirst().value());
    double passed = 0;
    for (Weighted point : points) {
      passed += point.rows();
      // A hair early, so that rounding does not push a bound to the next point.
      while (histogram.size() < bounds - 1
          && passed >= all * histogram.size() / (bounds - 1) - 1e-9 * all) {
        histogram.add(point.value());
      }
    }
    while (histogram.size() < bounds) {
      histogram.add(points.getLast().value());
    }
    return histogram;
  }
}
