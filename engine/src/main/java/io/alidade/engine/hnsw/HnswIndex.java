package io.alidade.engine.hnsw;

import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;

/// A graph over one vector column of one segment for one distance.
///
/// It covers the ordinals below [#indexedCount], except those without a vector and, for the cosine
/// distance, zero vectors; the rows from there on (the tail) are for the searcher to compare one by
/// one. Thread-safety: any number of readers, beside one extension at a time (on any number of
/// threads).
public final class HnswIndex implements AutoCloseable {
  /// Walks kept for the next query; more at once are made as needed and then dropped.
  private static final int POOLED_WALKS = 2 * Runtime.getRuntime().availableProcessors();

  private final HnswParameters parameters;
  private final Distance distance;
  private final VectorStore vectors;
  private final HnswGraph graph;
  private final Optional<OffHeapArea> area;
  private final WalkCodes codes;
  private final BlockingQueue<Walk> walks = new ArrayBlockingQueue<>(POOLED_WALKS);
  private final Object extending = new Object();

  /// Kept from one extension to the next, which may insert a few rows only.
  private Optional<NodeInserter> inserter = Optional.empty();

  /// The ordinals that have a place in the tables.
  private int reserved;

  private volatile int indexedCount;

  private HnswIndex(
      HnswParameters parameters,
      Distance distance,
      VectorStore vectors,
      HnswGraph graph,
      Optional<OffHeapArea> area,
      WalkCodes codes) {
    this.parameters = parameters;
    this.distance = distance;
    this.vectors = vectors;
    this.graph = graph;
    this.area = area;
    this.codes = codes;
  }

  /// An empty graph that can be extended, walked on the codes that suit its rows.
  public static HnswIndex create(
      HnswParameters parameters, Distance distance, VectorStore vectors) {
    return create(parameters, distance, vectors, Coding.AUTOMATIC);
  }

  /// An empty graph that can be extended.
  public static HnswIndex create(
      HnswParameters parameters, Distance distance, VectorStore vectors, Coding coding) {
    OffHeapArea area = new OffHeapArea();
    HnswGraph graph = new HnswGraph(parameters.m(), area);
    WalkCodes codes = new WalkCodes(distance, vectors, parameters.seed(), coding);
    return new HnswIndex(parameters, distance, vectors, graph, Optional.of(area), codes);
  }

  /// A saved graph, used where it lies. Every id in it is validated; it cannot be extended.
  ///
  /// @param codes what it is walked on: the codes of at least the rows that it covers
  public static HnswIndex open(
      Distance distance, VectorStore vectors, long address, long bytes, Optional<VectorCodes> codes)
      throws CorruptGraphException {
    GraphFile.Opened opened = GraphFile.open(distance, vectors, address, bytes);
    HnswIndex index =
        new HnswIndex(
            opened.header().parameters(),
            distance,
            vectors,
            opened.graph(),
            Optional.empty(),
            new WalkCodes(distance, vectors, codes));
    index.reserved = opened.header().count();
    index.indexedCount = opened.header().covered();
    return index;
  }

  /// A saved graph without codes; see the other form.
  public static HnswIndex open(Distance distance, VectorStore vectors, long address, long bytes)
      throws CorruptGraphException {
    return open(distance, vectors, address, bytes, Optional.empty());
  }

  public HnswParameters parameters() {
    return parameters;
  }

  public Distance distance() {
    return distance;
  }

  /// The ordinals below this are covered.
  public int indexedCount() {
    return indexedCount;
  }

  /// What walks read, if it is not the vectors. Has a place for every row that is covered.
  public Optional<VectorCodes> codes() {
    return codes.current();
  }

  /// Changes what walks read, beside readers: those that walk go on with what they began with.
  public void setCoding(Coding coding) {
    synchronized (extending) {
      codes.change(coding, reserved);
    }
  }

  /// The width of a beam by codes that finds about as much as one of `ef` by vectors.
  int beam(VectorCodes by, int ef) {
    return codes.beam(by, ef);
  }

  /// Inserts the ordinals from [#indexedCount] up to `end` on the calling thread. With a seed and
  /// nobody else extending, the graph is the same every time.
  public void extend(int end) {
    extend(
        end,
        1,
        _ -> {
          throw new IllegalStateException("one thread needs no executor");
        });
  }

  /// Inserts the ordinals from [#indexedCount] up to `end` on the calling thread and `threads - 1`
  /// of the executor's, and returns when all are in. An interrupt of the calling thread ends it
  /// early and stays set; what was done is kept.
  public void extend(int end, int threads, Executor executor) {
    if (!graph.isMutable()) {
      throw new IllegalStateException("a saved graph cannot be extended");
    }
    if (end > vectors.size()) {
      throw new IllegalArgumentException(end + " of " + vectors.size() + " rows");
    }
    synchronized (extending) {
      if (end <= indexedCount) {
        return;
      }
      graph.reserve(end);
      reserved = Math.max(reserved, end);
      codes.extend(end);
      new Extension(
              distance,
              vectors,
              graph,
              codes.current(),
              indexedCount,
              end,
              covered -> indexedCount = covered)
          .run(this::takeInserter, this::keepInserter, threads, executor);
    }
  }

  private synchronized NodeInserter takeInserter() {
    NodeInserter taken =
        inserter.orElseGet(() -> new NodeInserter(parameters, distance, graph, vectors));
    inserter = Optional.empty();
    return taken;
  }

  private synchronized void keepInserter(NodeInserter used) {
    inserter = Optional.of(used);
  }

  /// A walk through the graph, to be given back by closing it.
  public Walk walk() {
    Walk pooled = walks.poll();
    return pooled != null ? pooled : new Walk(this, graph, vectors, distance);
  }

  void giveBack(Walk walk) {
    walks.offer(walk); // One too many is left to the garbage collector.
  }

  /// The bytes that [#writeTo] writes. Only steady while nobody extends.
  public long savedBytes() {
    synchronized (extending) {
      return GraphFile.bytes(graph, reserved);
    }
  }

  /// Writes the graph in the form that [#open] takes. Waits for an extension that is under way.
  public void writeTo(WritableByteChannel channel) throws IOException {
    synchronized (extending) {
      GraphFile.Header header =
          new GraphFile.Header(distance, vectors.dimensions(), parameters, reserved, indexedCount);
      GraphFile.write(header, graph, channel);
    }
  }

  /// The graph's and its codes' own memory, touched or not; none if it is mapped.
  public long allocatedBytes() {
    return area.map(OffHeapArea::allocatedBytes).orElse(0L) + codes.allocatedBytes();
  }

  /// Frees the graph's own memory. No reader may be in it.
  @Override
  public void close() {
    codes.close();
    area.ifPresent(OffHeapArea::close);
  }
}
