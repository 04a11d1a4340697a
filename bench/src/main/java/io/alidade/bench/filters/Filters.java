package io.alidade.bench.filters;

import io.alidade.bench.peers.Circumstances;
import io.alidade.bench.peers.Dataset;
import io.alidade.bench.peers.GroundTruth;
import io.alidade.bench.peers.SavedGraph;
import io.alidade.bench.peers.VectorFile;
import io.alidade.bench.peers.Workload;
import io.alidade.engine.SearchResult;
import io.alidade.engine.Searcher;
import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.SegmentStatistics;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Searches under filters of many kinds: what they find, what they take and what an exact search
/// takes.
@Command(
    name = "filters",
    mixinStandardHelpOptions = true,
    description = "Measures filtered searches against brute force and exact scans.")
public final class Filters implements Callable<Integer> {

  static final int LIMIT = 10;

  private static final long SEED = 7;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// What the graph is walked on.
  enum Walking {
    /// The codes that the segment's self-test chooses.
    CODES,
    /// The vectors.
    F32
  }

  @Option(names = "--work", required = true, description = "A directory for data and indexes.")
  private Path work = Path.of("");

  @Option(names = "--results", description = "Where the results go (${DEFAULT-VALUE}).")
  private Path results = Path.of("bench/results");

  @Option(names = "--dataset", description = "One of ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private Dataset dataset = Dataset.WORDNET;

  @Option(names = "--rows", description = "How many of the rows are stored (all).")
  private int rows = Integer.MAX_VALUE;

  @Option(names = "--walking", description = "One of ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private Walking walking = Walking.CODES;

  @Option(names = "--ef", description = "The beam's width (40, on the hard sets 160).")
  private Optional<Integer> ef = Optional.empty();

  @Option(names = "--queries", description = "How many are searched for (${DEFAULT-VALUE}).")
  private int queryCount = 200;

  @Option(names = "--timed", description = "How many of those are timed (${DEFAULT-VALUE}).")
  private int timed = 50;

  @Option(names = "--rounds", description = "Rounds that count (${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(names = "--only", description = "Only the kinds of filters that begin with this.")
  private String only = "";

  private final Searcher searcher = new Searcher(1);
  private float[][] queries = new float[0][];
  private float[][] similarities = new float[0][];

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Filters())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Workload workload = dataset.prepare(work, rows);
    VectorFile base = workload.openBase();
    queries = Arrays.copyOf(workload.openQueries().rows(), queryCount);
    similarities = GroundTruth.similarities(base, queries);
    Neighbourhoods near = Neighbourhoods.divide(base, queries, SEED);
    try (NativeVectors vectors = new NativeVectors(base.dimensions());
        OffHeapArea memory = new OffHeapArea()) {
      append(base, vectors);
      try (HnswIndex graph = graph(workload, vectors, memory)) {
        FilteredRows stored = new FilteredRows(vectors, graph, near.of(), SEED);
        List<MeasuredCase> cases =
            FilterCase.all(stored, near).stream()
                .filter(each -> each.kind().startsWith(only))
                .map(MeasuredCase::new)
                .toList();
        measure(cases);
        write(new FilterReport(title(workload), circumstances(), cases), workload);
      }
    }
    return 0;
  }

  private static void append(VectorFile base, NativeVectors vectors) {
    float[] row = new float[base.dimensions()];
    for (int i = 0; i < base.count(); i++) {
      base.copyRow(i, row);
      vectors.append(row);
    }
  }

  /// The graph that the comparison with the peers has built, or one of our own; kept.
  private HnswIndex graph(Workload workload, NativeVectors vectors, OffHeapArea memory)
      throws IOException {
    Path directory = Files.createDirectories(workload.indexes(dataset.directory(work)));
    String name = "alidade-" + walking.name().toLowerCase(Locale.ROOT);
    for (Path file : newest(directory, name)) {
      try {
        HnswIndex graph = new SavedGraph(file).open(vectors, memory);
        System.out.println("graph: " + file.getFileName());
        return graph;
      } catch (IOException e) {
        System.out.println(file.getFileName() + " is not used: " + e.getMessage());
      }
    }
    HnswIndex built =
        HnswIndex.create(
            new HnswParameters(Workload.M, Workload.EF_CONSTRUCTION, Workload.SEED),
            Distance.COSINE,
            vectors,
            switch (walking) {
              case CODES -> Coding.AUTOMATIC;
              case F32 -> Coding.NONE;
            });
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      built.extend(vectors.size(), 2, executor);
    }
    new SavedGraph(directory.resolve(name + "-filters")).save(built, vectors.size());
    return built;
  }

  private static List<Path> newest(Path directory, String name) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().matches(name + "-[0-9a-z]+"))
          .sorted((left, right) ->
              Long.compare(right.toFile().lastModified(), left.toFile().lastModified()))
          .toList();
    }
  }

  private void measure(List<MeasuredCase> cases) {
    for (MeasuredCase each : cases) {
      for (int q = 0; q < queries.length; q++) {
        check(each, q);
      }
    }
    for (int round = 0; round <= rounds; round++) {
      for (MeasuredCase each : cases) {
        double approximate = micros(each.what(), SearchOptions.Mode.APPROXIMATE);
        double exact = micros(each.what(), SearchOptions.Mode.EXACT);
        if (round > 0) {
          each.took(approximate, exact);
        }
      }
    }
  }

  private double micros(FilterCase what, SearchOptions.Mode mode) {
    VectorQuery[] prepared = new VectorQuery[Math.min(timed, queries.length)];
    for (int q = 0; q < prepared.length; q++) {
      prepared[q] = query(what, q, mode);
    }
    List<SegmentView> segments = List.of(what.view());
    long begun = THREADS.getCurrentThreadCpuTime();
    for (VectorQuery query : prepared) {
      SearchResult unused = searcher.search(segments, query, Checkpoint.NONE);
    }
    return (THREADS.getCurrentThreadCpuTime() - begun) / 1000.0 / prepared.length;
  }

  private VectorQuery query(FilterCase what, int q, SearchOptions.Mode mode) {
    return new VectorQuery(
        FilteredRows.VECTOR,
        queries[q],
        Distance.COSINE,
        LIMIT,
        what.filter().apply(q),
        Optional.empty(),
        new SearchOptions(width(), mode));
  }

  private int width() {
    return ef.orElse(
        switch (dataset) {
          case WORDNET -> SearchOptions.DEFAULT_EF;
          case CLUSTERED, LARGE -> 160;
        });
  }

  /// Searches once and compares what was found with brute force.
  private void check(MeasuredCase measured, int q) {
    FilterCase what = measured.what();
    SegmentView view = what.view();
    Filter filter = what.filter().apply(q);
    BoundFilter bound = BoundFilter.bind(filter, view);
    PriorityQueue<Float> nearest = new PriorityQueue<>();
    for (int row = 0; row < view.size(); row++) {
      float similarity = similarities[q][row];
      if ((nearest.size() < LIMIT || similarity > nearest.peek())
          && view.isVisible(row)
          && bound.matches(row)) {
        nearest.add(similarity);
        if (nearest.size() > LIMIT) {
          nearest.poll();
        }
      }
    }
    SearchResult result =
        searcher.search(
            List.of(view), query(what, q, SearchOptions.Mode.APPROXIMATE), Checkpoint.NONE);
    int hits = 0;
    for (int i = 0; i < result.size(); i++) {
      int row = result.ordinal(i);
      if (!view.isVisible(row) || !bound.matches(row)) {
        throw new IllegalStateException("row " + row + " does not match " + filter);
      }
      hits += similarities[q][row] >= nearest.peek() ? 1 : 0;
    }
    SegmentStatistics statistics = result.statistics().segments().getFirst();
    measured.found(
        statistics.strategy(),
        result.size(),
        hits / (double) nearest.size(),
        statistics.visitedNodes());
  }

  private String title(Workload workload) {
    return String.format(
        Locale.ROOT, "%s, %,d x %d", dataset.title(), workload.rows(), workload.dimensions());
  }

  private String circumstances() throws IOException {
    return String.format(
        Locale.ROOT,
        "%s. One thread, walks on %s, ef %d, recall of %d queries, times of %d; medians of %d"
            + " rounds, cases interleaved.",
        Circumstances.here(),
        switch (walking) {
          case CODES -> "codes";
          case F32 -> "floats";
        },
        width(),
        queries.length,
        Math.min(timed, queries.length),
        rounds);
  }

  private void write(FilterReport report, Workload workload) throws IOException {
    Files.createDirectories(results);
    String name = "filters-" + dataset.name().toLowerCase(Locale.ROOT);
    if (workload.rows() < dataset.rows()) {
      name += "-" + workload.rows();
    }
    if (walking == Walking.F32) {
      name += "-f32";
    }
    Files.writeString(results.resolve(name + ".csv"), report.csv());
    Files.writeString(results.resolve(name + ".md"), report.markdown());
    System.out.println(report.markdown());
  }
}
