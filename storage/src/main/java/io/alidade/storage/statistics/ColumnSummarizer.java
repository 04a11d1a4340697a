package io.alidade.storage.statistics;

import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.ValueBounds.Extremes;
import io.alidade.engine.payload.ValueOrder;
import io.alidade.model.ColumnType;
import io.alidade.storage.statistics.ColumnSummary.Common;
import io.alidade.storage.statistics.ColumnSummary.Distribution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes the summary of a column while its values pass, stretch after stretch.
///
/// Every value is counted, compared and hashed; of [#SAMPLE] of them, spread evenly, the
/// distribution is found. For one thread.
public final class ColumnSummarizer {
  /// PostgreSQL's 300 rows for each of the 100 values that `default_statistics_target` asks for.
  public static final int SAMPLE = 30_000;

  /// Values wider than this are counted, but not kept (PostgreSQL's `WIDTH_THRESHOLD`).
  private static final int MOST_WIDTH = 1024;

  private final ColumnType type;
  private final Comparator<Object> order;
  private final boolean compared;
  private final long expected;
  private final List<Object> sample = new ArrayList<>();
  private final DistinctSketch distinct = new DistinctSketch();
  private @Nullable Object least;
  private @Nullable Object greatest;
  private boolean tooWide;
  private long rows;
  private long nulls;
  private long bytes;
  private long sampled;

  /// @param rows how many there will be
  public ColumnSummarizer(ColumnType type, long rows) {
    this.type = type;
    this.order = ValueOrder.of(type);
    this.compared = ValueFacts.areCompared(type);
    this.expected = rows;
  }

  /// Takes the values at some ordinals.
  ///
  /// @param end behind the last one
  public void add(ColumnReader column, int first, int end) {
    for (int ordinal = first; ordinal < end; ordinal++) {
      boolean wanted = expected <= SAMPLE || rows * SAMPLE / expected >= sampled;
      rows++;
      sampled += wanted ? 1 : 0;
      if (column.isNull(ordinal)) {
        nulls++;
      } else if (compared || wanted) {
        add(column.get(ordinal), wanted);
      }
    }
  }

  private void add(@Nullable Object value, boolean wanted) {
    if (value == null) {
      throw new IllegalStateException("a value that is not NULL is null");
    }
    int width = ValueFacts.width(type, value);
    bytes += width;
    if (!compared) {
      return;
    }
    distinct.add(ValueFacts.hash(value));
    if (width > MOST_WIDTH) {
      tooWide = true;
      return;
    }
    if (least == null || order.compare(value, least) < 0) {
      least = value;
    }
    if (greatest == null || order.compare(value, greatest) > 0) {
      greatest = value;
    }
    if (wanted) {
      sample.add(value);
    }
  }

  /// The summary of all that passed.
  public ColumnSummary summary() {
    Optional<Extremes> extremes =
        least == null || greatest == null || tooWide
            ? Optional.empty()
            : Optional.of(new Extremes(least, greatest));
    long present = rows - nulls;
    if (!compared) { // Widths are of the sample only.
      long counted = Math.round((double) sampled * present / Math.max(1, rows));
      bytes = counted == 0 ? 0 : bytes * present / counted;
    }
    return new ColumnSummary(rows, nulls, bytes, extremes, distinct, distribution());
  }

  private Distribution distribution() {
    if (!compared || sample.isEmpty()) {
      return Distribution.unknown(sampled);
    }
    sample.sort(order);
    List<Common> repeated = new ArrayList<>();
    long different = 0;
    for (int first = 0, end; first < sample.size(); first = end) {
      end = first + 1;
      while (end < sample.size() && order.compare(sample.get(first), sample.get(end)) == 0) {
        end++;
      }
      different++;
      if (end - first > 1) {
        repeated.add(new Common(sample.get(first), end - first));
      }
    }
    repeated.sort(Comparator.comparingLong(Common::count).reversed()); // Stable.
    double inSegment = distinct.estimate();
    boolean hasAll =
        repeated.size() == different
            && !tooWide
            && different <= CommonValues.MOST
            && inSegment <= CommonValues.FEW * rows;
    List<Common> common =
        hasAll
            ? repeated
            : CommonValues.chosen(
                repeated, new CommonValues.Rows(sampled, rows), inSegment, (double) nulls / rows);
    return new Distribution(
        sampled, common, bounds(common, different), sample.size() - total(common));
  }

  private static long total(List<Common> common) {
    return common.stream().mapToLong(Common::count).sum();
  }

  /// The bounds of a histogram of what is not common.
  private List<Object> bounds(List<Common> common, long different) {
    long bins = Math.min(different - common.size(), CommonValues.MOST + 1);
    if (bins < 2) {
      return List.of();
    }
    List<Object> rest = new ArrayList<>(sample);
    if (!common.isEmpty()) {
      List<Object> values = new ArrayList<>(common.stream().map(Common::value).toList());
      values.sort(order);
      rest.removeIf(value -> java.util.Collections.binarySearch(values, value, order) >= 0);
    }
    List<Object> bounds = new ArrayList<>();
    for (int i = 0; i < bins; i++) {
      bounds.add(rest.get((int) (i * (rest.size() - 1L) / (bins - 1))));
    }
    return bounds;
  }
}
