package io.alidade.bench.filters;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.search.SegmentView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/// Rows to be searched under a filter for each query.
///
/// @param kind what is special about it
/// @param share what about of the rows match
/// @param filter by the query's number
record FilterCase(
    String kind,
    double share,
    FilteredRows.Indexing indexing,
    SegmentView view,
    IntFunction<Filter> filter) {

  private static final List<Double> SHARES = List.of(0.01, 0.1, 0.5);

  /// Scatters ordinals.
  private static final int SCRAMBLE = 0x9E37_79B9;

  /// All that are measured.
  static List<FilterCase> all(FilteredRows rows, Neighbourhoods near) {
    List<FilterCase> cases = new ArrayList<>();
    SegmentView whole = rows.all(FilteredRows.Indexing.INDEXED);
    cases.add(new FilterCase("none", 1, FilteredRows.Indexing.INDEXED, whole, _ -> Filter.ALL));
    for (FilteredRows.Indexing indexing : FilteredRows.Indexing.values()) {
      SegmentView view = rows.all(indexing);
      for (double share : SHARES) {
        cases.add(
            new FilterCase(
                "random", share, indexing, view, _ -> below(FilteredRows.RANDOM, share)));
        cases.add(
            new FilterCase(
                "agreeing", share, indexing, view, query -> in(near.nearest(query, share))));
        cases.add(
            new FilterCase(
                "contradicting", share, indexing, view, query -> in(near.farthest(query, share))));
        cases.add(new FilterCase("nested", share, indexing, view, _ -> nested(share)));
      }
      for (double without : List.of(0.5, 0.1, 0.01)) {
        cases.add(
            new FilterCase(
                "without the nearest",
                1 - without,
                indexing,
                view,
                query -> new Filter.Not(in(near.nearest(query, without)))));
      }
    }
    for (double share : SHARES) {
      addViews(cases, rows, share);
    }
    return cases;
  }

  private static void addViews(List<FilterCase> cases, FilteredRows rows, double share) {
    int left = (int) (rows.size() * share);
    IntPredicate kept =
        ordinal ->
            Integer.remainderUnsigned(ordinal * SCRAMBLE, FilteredRows.RANDOM_END)
                < share * FilteredRows.RANDOM_END;
    SegmentView undeleted = rows.visible(kept, left);
    SegmentView past = rows.visible(ordinal -> ordinal < left, rows.size());
    FilteredRows.Indexing indexed = FilteredRows.Indexing.INDEXED;
    cases.add(new FilterCase("the others deleted", share, indexed, undeleted, _ -> Filter.ALL));
    cases.add(
        new FilterCase(
            "the same, and random 50 %",
            share / 2, indexed, undeleted, _ -> below(FilteredRows.RANDOM, 0.5)));
    cases.add(new FilterCase("a view of the past", share, indexed, past, _ -> Filter.ALL));
    cases.add(
        new FilterCase(
            "the same, and random 50 %",
            share / 2, indexed, past, _ -> below(FilteredRows.RANDOM, 0.5)));
  }

  private static Filter below(int column, double share) {
    return new Filter.Compare(
        column, Filter.Comparison.LESS, (int) Math.round(share * FilteredRows.RANDOM_END));
  }

  private static Filter in(List<Object> neighbourhoods) {
    return new Filter.In(FilteredRows.NEIGHBOURHOOD, neighbourhoods);
  }

  /// An AND with an OR in it, of two columns: 1.25 times the share, and four fifths of those.
  private static Filter nested(double share) {
    return new Filter.And(
        List.of(
            below(FilteredRows.RANDOM, 1.25 * share),
            new Filter.Or(
                List.of(
                    below(FilteredRows.OTHER, 0.4),
                    new Filter.Not(below(FilteredRows.OTHER, 0.6))))));
  }

  String title() {
    return String.format(Locale.ROOT, "%s, %s %%", kind, percent());
  }

  String percent() {
    double percent = 100 * share;
    return percent == Math.rint(percent)
        ? String.format(Locale.ROOT, "%.0f", percent)
        : String.format(Locale.ROOT, "%.1f", percent);
  }
}
