package io.alidade.storage.statistics;

import java.util.List;

/// What is known of one column of a table, as `pg_stats` shows it and the planner reads it.
///
/// @param nullShare which share of the rows is NULL
/// @param averageWidth of the other values, in bytes as PostgreSQL would store them
/// @param distinct how many different values there are besides NULL; 0 if that is not known
/// @param common the most common values, the most common one first
/// @param histogram values that part those that are not common into parts of about the same size;
///   empty or two at least
public record ColumnStatistics(
    double nullShare,
    int averageWidth,
    double distinct,
    List<CommonValue> common,
    List<Object> histogram) {
  public ColumnStatistics {
    common = List.copyOf(common);
    histogram = List.copyOf(histogram);
  }

  /// A value and which share of the rows has it.
  public record CommonValue(Object value, double share) {}

  /// Which share of the rows has one of the common values.
  public double commonShare() {
    double share = 0;
    for (CommonValue value : common) {
      share += value.share();
    }
    return share;
  }

  /// `n_distinct` of `pg_stats`: a number, or minus a share of the rows if there are so many that
  /// they are taken to grow with the table.
  public double relativeDistinct(double rows) {
    return distinct > CommonValues.FEW * rows && rows > 0
        ? -Math.min(1, distinct / rows)
        : Math.rint(distinct);
  }
}
