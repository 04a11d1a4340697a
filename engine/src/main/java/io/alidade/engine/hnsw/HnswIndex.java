package io.alidade.engine.hnsw;

import io.alidade.engine.memory.OffHeapArea;
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
      Optional<OffHeapArea> area) {
    this.parameters = parameters;
    this.distance = distance;
    this.vectors = vectors;
    this.graph = graph;
    this.area = area;
  }

  /// An empty graph that can be extended.
  public static HnswIndex create(
      HnswParameters parameters, Distance distance, VectorStore vectors) {
    OffHeapArea area = new OffHeapArea();
    HnswGraph graph = new HnswGraph(parameters.m(), area);
    return new HnswIndex(parameters, distance, vectors, graph, Optional.of(area));
  }

  /// A saved graph, used where it lies. Every id in it is validated; it cannot be extended.
  public static HnswIndex open(Distance distance, VectorStore vectors, long address, long bytes)
      throws CorruptGraphException {
    GraphFile.Opened opened = GraphFile.open(distance, vectors, address, bytes);
    HnswIndex index =
        new HnswIndex(
            opened.header().parameters(), distance, vectors, opened.graph(), Optional.empty());
    index.reserved = opened.header().count();
    index.indexedCount = opened.header().covered();
    return index;
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
      new Extension(distance, vectors, graph, indexedCount, end, covered -> indexedCount = covered)
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

  /// The graph's own memory, touched or not; none if it is mapped.
  public long allocatedBytes() {
    return area.map(OffHeapArea::allocatedBytes).orElse(0L);
  }

  /// Frees the graph's own memory. No reader may be in it.
  @Override
  public void close() {
    area.ifPresent(OffHeapArea::close);
  }
}
