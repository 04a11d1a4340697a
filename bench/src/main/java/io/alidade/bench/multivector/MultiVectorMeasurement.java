package io.alidade.bench.multivector;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.multivector.MultiVectorIndex;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.MultiVectorOptions;
import io.alidade.engine.search.MultiVectorSearch;
import io.alidade.engine.search.MultiVectorSearch.Found;
import io.alidade.engine.search.MultiVectorSearch.Hit;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.vector.Distance;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Searches made-up lists of vectors exactly and by the index, by several widths and filters, and
/// prints recall@10 and the processor time of one thread.
@Command(
    name = "multivector",
    mixinStandardHelpOptions = true,
    description = "Measures approximate against exact search among lists of vectors.")
public final class MultiVectorMeasurement implements Callable<Integer> {
  private static final int K = 10;
  private static final double[] SHARES = {0.5, 0.1, 0.01};
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @Option(names = "--rows", description = "How many (${DEFAULT-VALUE}).")
  private int rows = 100_000;

  @Option(names = "--vectors", description = "Of a row, on average (${DEFAULT-VALUE}).")
  private int vectors = 20;

  @Option(names = "--dimensions", description = "Of a vector (${DEFAULT-VALUE}).")
  private int dimensions = 128;

  @Option(names = "--queries", description = "How many (${DEFAULT-VALUE}).")
  private int queries = 50;

  @Option(names = "--query-vectors", description = "Of a query (${DEFAULT-VALUE}).")
  private int queryVectors = 16;

  @Option(names = "--distance", description = "(${DEFAULT-VALUE})")
  private Distance distance = Distance.NEGATIVE_INNER_PRODUCT;

  @Option(names = "--ef-construction", description = "(${DEFAULT-VALUE})")
  private int efConstruction = HnswParameters.DEFAULT_EF_CONSTRUCTION;

  @Option(names = "--ef", split = ",", description = "Widths of the walks.")
  private int[] widths = {16, 32, 64, 128};

  @Option(names = "--oversampling", split = ",", description = "Rows scored, in limits.")
  private int[] oversamplings = {10, 20, 40};

  @Option(names = "--threads", description = "That build (${DEFAULT-VALUE}).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--seed", description = "(${DEFAULT-VALUE})")
  private long seed = 42;

  private final PrintStream out = System.out;

  private MultiVectorMeasurement() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new MultiVectorMeasurement()).execute(arguments));
  }

  @Override
  public Integer call() {
    try (TokenLists lists = new TokenLists(rows, vectors, dimensions, seed);
        MultiVectorIndex index =
            MultiVectorIndex.create(
                new HnswParameters(HnswParameters.DEFAULT_M, efConstruction, seed),
                distance,
                lists)) {
      out.printf(
          "%,d rows, %,d vectors of %d dimensions, queries of %d, %s, seed %d%n",
          rows, lists.vectors().size(), dimensions, queryVectors, distance, seed);
      build(index);
      List<float[][]> asked = new ArrayList<>();
      for (int i = 0; i < queries; i++) {
        asked.add(lists.query(queryVectors));
      }
      TokenSegment segment = new TokenSegment(rows);
      measureWidths(segment, index, asked);
      measureFilters(segment, index, asked);
    }
    return 0;
  }

  private void build(MultiVectorIndex index) {
    long start = System.nanoTime();
    try (ExecutorService executor = Executors.newCachedThreadPool()) {
      index.extend(rows, threads, executor);
    }
    out.printf(
        "built on %d threads in %.0f s, %,d MB, codes: %s%n",
        threads,
        (System.nanoTime() - start) / 1e9,
        index.allocatedBytes() >> 20,
        index.codes().map(codes -> codes.codec().method().toString()).orElse("none"));
  }

  private void measureWidths(TokenSegment segment, MultiVectorIndex index, List<float[][]> asked) {
    Pass exact = run(segment, index, asked, Filter.ALL, MultiVectorOptions.EXACT);
    out.printf("exact: %,.0f us%n", exact.micros);
    out.println("ef, oversampling: recall@10, us, nodes visited, rows scored");
    for (int width : widths) {
      for (int oversampling : oversamplings) {
        MultiVectorOptions options =
            new MultiVectorOptions(width, oversampling, SearchOptions.Mode.APPROXIMATE);
        run(segment, index, asked, Filter.ALL, options); // Warms up.
        out.printf(
            "%d, %d: %s%n",
            width, oversampling, run(segment, index, asked, Filter.ALL, options).against(exact));
      }
    }
  }

  private void measureFilters(TokenSegment segment, MultiVectorIndex index, List<float[][]> asked) {
    for (double share : SHARES) {
      Filter filter = TokenSegment.share(share);
      Pass exact = run(segment, index, asked, filter, MultiVectorOptions.EXACT);
      run(segment, index, asked, filter, MultiVectorOptions.DEFAULT);
      Pass found = run(segment, index, asked, filter, MultiVectorOptions.DEFAULT);
      out.printf(
          "filter of %.2f, exact %,.0f us; by default: %s, %s%n",
          share,
          exact.micros,
          found.against(exact),
          found.found.stream().map(Found::strategy).distinct().toList());
    }
  }

  /// One pass over the queries.
  private record Pass(List<Found> found, double micros) {
    String against(Pass exact) {
      double recall = 0;
      double visited = 0;
      double scored = 0;
      for (int i = 0; i < found.size(); i++) {
        List<Hit> nearest = exact.found.get(i).hits();
        Set<Hit> both = new HashSet<>(nearest);
        both.retainAll(found.get(i).hits());
        recall += (double) both.size() / Math.max(1, nearest.size());
        visited += found.get(i).visitedNodes();
        scored += found.get(i).scoredRows();
      }
      return "%.3f, %,.0f, %,.0f, %,.0f"
          .formatted(recall / found.size(), micros, visited / found.size(), scored / found.size());
    }
  }

  private Pass run(
      TokenSegment segment,
      MultiVectorIndex index,
      List<float[][]> asked,
      Filter filter,
      MultiVectorOptions options) {
    List<Found> found = new ArrayList<>();
    long start = THREADS.getCurrentThreadCpuTime();
    for (float[][] query : asked) {
      found.add(
          MultiVectorSearch.search(
              segment,
              index,
              new MultiVectorSearch.Query(query, distance, K, filter, options),
              Checkpoint.NONE));
    }
    double nanos = THREADS.getCurrentThreadCpuTime() - start;
    return new Pass(found, nanos / asked.size() / 1000);
  }
}
