package io.alidade.bench.filters;

import java.util.List;
import java.util.Locale;

/// What was measured under filters, as Markdown and CSV.
///
/// @param title of the data
/// @param circumstances a sentence
record FilterReport(String title, String circumstances, List<MeasuredCase> cases) {

  private static final double RECALL = 0.95;

  String csv() {
    StringBuilder out =
        new StringBuilder("filter,percent,index,strategy,rows,recall,us,exact_us,visited\n");
    cases.forEach(each -> out.append(each.csv()));
    return out.toString();
  }

  String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Filtered searches: ").append(title).append("\n\n");
    out.append(circumstances).append("\n\n");
    out.append(
        """
        Rows: the fewest that a query found. Times: processor time of a query. Exact: the same search \
        where every row that matches is compared by its vector. In bold: fewer rows than ten, a \
        recall below 0.95, or slower than the exact search.

        | filter | % match | index | strategy (of 100 queries) | rows | recall@10 | us | exact, us | ratio |
        |---|---|---|---|---|---|---|---|---|
        """);
    for (MeasuredCase each : cases) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s | %s | %.0f | %.0f | %s |%n",
              each.what().kind(),
              each.what().percent(),
              switch (each.what().indexing()) {
                case INDEXED -> "yes";
                case PLAIN -> "no";
              },
              each.strategy(),
              marked(each.fewest() >= Filters.LIMIT, Integer.toString(each.fewest())),
              marked(each.recall() >= RECALL, String.format(Locale.ROOT, "%.4f", each.recall())),
              each.micros(),
              each.exactMicros(),
              marked(each.ratio() >= 1, String.format(Locale.ROOT, "%.1f", each.ratio()))));
    }
    return out.toString();
  }

  private static String marked(boolean reached, String figure) {
    return reached ? figure : "**" + figure + "**";
  }
}
