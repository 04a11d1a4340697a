package io.alidade.bench.peers;

import io.alidade.engine.SearchResult;
import io.alidade.engine.Searcher;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.hnsw.Walk;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.SegmentStatistics;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.VectorStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Our engine: one segment in memory, searched as a statement searches it.
final class AlidadeEngine implements HostedEngine {

  /// What of it is used.
  enum Variant {
    /// A walk on the float vectors.
    F32,
    /// A walk on the codes that the self-test chooses.
    CODES,
    /// Every row is compared by its code, and the best by their floats.
    CODE_SCAN,
    /// The same, and more of the best.
    CODE_SCAN_WIDE,
    /// Every row is compared.
    EXACT,
    /// As the first, but it walks whatever that takes.
    WALK_F32,
    /// As the second, but it walks whatever that takes.
    WALK_CODES
  }

  private static final double OVERSAMPLING = 50;

  private final VectorFile base;
  private final Variant variant;
  private final NativeVectors vectors;
  private final OffHeapArea memory = new OffHeapArea();
  private final Searcher searcher = new Searcher();
  private Optional<HnswIndex> graph = Optional.empty();
  private List<SegmentView> segments = List.of();
  private long distances;

  AlidadeEngine(VectorFile base, Variant variant) {
    this.base = base;
    this.variant = variant;
    this.vectors = new NativeVectors(base.dimensions());
  }

  @Override
  public void build(Path index, int threads) {
    append();
    if (variant == Variant.EXACT) {
      return;
    }
    HnswIndex built =
        HnswIndex.create(
            new HnswParameters(Workload.M, Workload.EF_CONSTRUCTION, Workload.SEED),
            Distance.COSINE,
            vectors,
            switch (variant) {
              case F32, WALK_F32 -> Coding.NONE;
              case CODES, CODE_SCAN, CODE_SCAN_WIDE, WALK_CODES, EXACT -> Coding.AUTOMATIC;
            });
    graph = Optional.of(built);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      built.extend(vectors.size(), threads, executor);
    }
  }

  private void append() {
    float[] row = new float[base.dimensions()];
    for (int i = 0; i < base.count(); i++) {
      base.copyRow(i, row);
      vectors.append(row);
    }
  }

  @Override
  public void save(Path index) throws IOException {
    if (graph.isPresent()) {
      new SavedGraph(index).save(graph.get(), vectors.size());
    } else {
      Files.write(index, new byte[0]);
    }
  }

  @Override
  public void open(Path index) throws IOException {
    append();
    if (variant != Variant.EXACT) {
      graph = Optional.of(new SavedGraph(index).open(vectors, memory));
    }
    segments = List.of(new Segment(vectors, graph));
  }

  @Override
  public int search(float[] query, int ef, int[] found, int from) {
    return switch (variant) {
      case F32, CODES, CODE_SCAN, CODE_SCAN_WIDE, EXACT ->
          searchAsStatement(query, ef, found, from);
      case WALK_F32, WALK_CODES -> walk(query, ef, found, from);
    };
  }

  private int walk(float[] query, int ef, int[] found, int from) {
    try (Walk walk = graph.orElseThrow().walk()) {
      walk.run(query, Math.max(ef, Workload.K), Walk.EVERY, Long.MAX_VALUE);
      int size = Math.min(Workload.K, walk.size());
      for (int i = 0; i < size; i++) {
        found[from + i] = walk.ordinal(i);
      }
      distances += walk.visitedNodes() + walk.rescoredNodes();
      return size;
    }
  }

  private int searchAsStatement(float[] query, int ef, int[] found, int from) {
    SearchOptions options =
        switch (variant) {
          case F32, CODES, WALK_F32, WALK_CODES ->
              new SearchOptions(ef, SearchOptions.Mode.APPROXIMATE);
          case EXACT -> new SearchOptions(ef, SearchOptions.Mode.EXACT);
          // A walk with so wide a beam costs more than a scan, and then the engine scans.
          case CODE_SCAN -> new SearchOptions(SearchOptions.MAX_EF, SearchOptions.Mode.APPROXIMATE);
          case CODE_SCAN_WIDE ->
              new SearchOptions(
                  SearchOptions.MAX_EF,
                  SearchOptions.Mode.APPROXIMATE,
                  SearchOptions.Codes.USE,
                  SearchOptions.Rescoring.ON,
                  OVERSAMPLING);
        };
    SearchResult result =
        searcher.search(
            segments,
            new VectorQuery(
                0, query, Distance.COSINE, Workload.K, Filter.ALL, Optional.empty(), options),
            Checkpoint.NONE);
    for (int i = 0; i < result.size(); i++) {
      found[from + i] = result.ordinal(i);
    }
    distances += result.statistics().sum(SegmentStatistics::distances);
    return result.size();
  }

  @Override
  public long distances() {
    return distances;
  }

  @Override
  public void close() {
    graph.ifPresent(HnswIndex::close);
    memory.close();
    vectors.close();
  }

  /// A segment of one vector column, all of it visible.
  private record Segment(NativeVectors vectors, Optional<HnswIndex> graph) implements SegmentView {

    @Override
    public int size() {
      return vectors.size();
    }

    @Override
    public int liveCount() {
      return vectors.size();
    }

    @Override
    public boolean isVisible(int ordinal) {
      return true;
    }

    @Override
    public VectorStore vectors(int columnIndex) {
      return vectors;
    }

    @Override
    public Optional<HnswIndex> vectorIndex(int columnIndex, Distance distance) {
      return graph;
    }

    @Override
    public ColumnReader column(int columnIndex) {
      throw new IllegalArgumentException("there is only the vector column");
    }

    @Override
    public List<OrderedIndex> orderedIndexes() {
      return List.of();
    }
  }
}
