package io.alidade.bench.peers;

import io.alidade.engine.SearchResult;
import io.alidade.engine.Searcher;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.hnsw.CorruptGraphException;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.memory.AddressSpace;
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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Our engine: one segment in memory, searched as a statement searches it.
final class AlidadeEngine implements HostedEngine {

  /// Bytes read from a saved graph at a time.
  private static final int PIECE = 1 << 26;

  /// What of it is used.
  enum Variant {
    /// A walk on the float vectors.
    F32,
    /// Every row is compared.
    EXACT
  }

  private final VectorFile base;
  private final Variant variant;
  private final NativeVectors vectors;
  private final OffHeapArea graphMemory = new OffHeapArea();
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
            vectors);
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
    try (FileChannel channel =
        FileChannel.open(
            index,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      if (graph.isPresent()) {
        graph.get().writeTo(channel);
      }
    }
  }

  @Override
  public void open(Path index) throws IOException {
    append();
    if (variant != Variant.EXACT) {
      graph = Optional.of(openGraph(index));
    }
    segments = List.of(new Segment(vectors, graph));
  }

  /// A saved graph in memory of huge pages, as a graph that was just built is.
  private HnswIndex openGraph(Path index) throws IOException {
    try (FileChannel channel = FileChannel.open(index)) {
      long bytes = channel.size();
      long address = graphMemory.allocate(bytes);
      for (long at = 0; at < bytes; ) {
        long piece = Math.min(PIECE, bytes - at);
        ByteBuffer target = AddressSpace.slice(address + at, piece).asByteBuffer();
        while (target.hasRemaining()) {
          if (channel.read(target) < 0) {
            throw new IOException(index + " ends early");
          }
        }
        at += piece;
      }
      return HnswIndex.open(Distance.COSINE, vectors, address, bytes);
    } catch (CorruptGraphException e) {
      throw new IOException(e);
    }
  }

  @Override
  public int search(float[] query, int ef, int[] found, int from) {
    SearchOptions options =
        new SearchOptions(
            ef,
            variant == Variant.EXACT ? SearchOptions.Mode.EXACT : SearchOptions.Mode.APPROXIMATE);
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
    graphMemory.close();
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
