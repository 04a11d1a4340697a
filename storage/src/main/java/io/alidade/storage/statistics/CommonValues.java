package io.alidade.storage.statistics;

import io.alidade.storage.statistics.ColumnSummary.Common;
import java.util.List;

/// Which values of a sample are common enough to be told one by one (PostgreSQL's
/// `analyze_mcv_list`).
final class CommonValues {
  /// So many at most: PostgreSQL's `default_statistics_target`.
  static final int MOST = 100;

  /// If there are more different values than this share of the rows, their number is taken to grow
  /// with the table.
  static final double FEW = 0.1;

  /// How many rows a sample has, and what it is a sample of.
  record Rows(long sampled, long all) {}

  private CommonValues() {}

  /// The first values, as long as they are clearly more common than the average of those behind.
  ///
  /// @param repeated those that the sample has twice or more, the most common one first
  /// @param distinct how many different values all rows have
  static List<Common> chosen(List<Common> repeated, Rows rows, double distinct, double nullShare) {
    int count = Math.min(repeated.size(), MOST);
    if (rows.sampled() >= rows.all() || rows.all() <= 1) {
      return repeated.subList(0, count);
    }
    double n = rows.sampled();
    double all = rows.all();
    double before = 0;
    for (int i = 0; i < count - 1; i++) {
      before += repeated.get(i).count();
    }
    while (count > 0) {
      double others = Math.clamp(1 - before / n - nullShare, 0, 1);
      double differentOthers = distinct - (count - 1);
      if (differentOthers > 1) {
        others /= differentOthers;
      }
      double last = repeated.get(count - 1).count();
      double inAll = all * last / n;
      double variance = n * inAll * (all - inAll) * (all - n) / (all * all * (all - 1));
      if (last > others * n + 2 * Math.sqrt(variance) + 0.5) {
        break;
      }
      count--;
      before -= count == 0 ? 0 : repeated.get(count - 1).count();
    }
    return repeated.subList(0, count);
  }
}
