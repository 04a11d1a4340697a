package io.alidade.engine.multivector;

import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.hnsw.GraphProgress;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.memory.RecordTable;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.function.IntPredicate;

/// An approximate index over a column of lists of vectors, for max_sim by one distance.
///
/// A graph over the vectors of all rows is walked once for each vector of the query. A row that was
/// found for some of them has for the others at best the similarity of the farthest that their
/// walks found, which bounds its max_sim from above; in the order of that bound rows are scored
/// exactly, as in the threshold algorithm of Fagin, Lotem and Naor ("Optimal aggregation algorithms
/// for middleware", 2001).
///
/// The other way that was measured, one long vector a row (Dhulipala et al., "MUVERA: Multi-Vector
/// Retrieval via Fixed Dimensional Encodings", NeurIPS 2024), builds three times as fast and finds
/// less: docs/decisions/0003 has the figures.
///
/// It covers the rows below [#indexedCount]; those from there on are for the searcher to score one
/// by one. Rows that are deleted stay until [#repair] takes them out. Thread-safety: any number of
/// readers, beside one extension and one repair at a time (each on any number of threads).
public final class MultiVectorIndex implements AutoCloseable {
  /// Walks kept for the next query; more at once are made as needed and then dropped.
  private static final int POOLED_WALKS = 2 * Runtime.getRuntime().availableProcessors();

  private static final Executor NO_EXECUTOR =
      _ -> {
        throw new IllegalStateException("one thread needs no executor");
      };

  /// The rows whose vectors have their owner noted, and those vectors.
  record Placed(int rows, int vectors) {}

  private final MultiVectors rows;
  private final HnswIndex graph;
  private final Optional<OffHeapArea> area;

  /// The row of each vector.
  private final RecordTable owners;

  private final BlockingQueue<MultiVectorWalk> walks = new ArrayBlockingQueue<>(POOLED_WALKS);
  private final Object extending = new Object();
  private volatile Placed placed;

  private MultiVectorIndex(
      MultiVectors rows,
      HnswIndex graph,
      Optional<OffHeapArea> area,
      RecordTable owners,
      Placed placed) {
    this.rows = rows;
    this.graph = graph;
    this.area = area;
    this.owners = owners;
    this.placed = placed;
  }

  /// An empty index that can be extended, walked on the codes that suit its vectors.
  public static MultiVectorIndex create(
      HnswParameters parameters, Distance distance, MultiVectors rows) {
    return create(parameters, distance, rows, Coding.AUTOMATIC);
  }

  /// An empty index that can be extended.
  public static MultiVectorIndex create(
      HnswParameters parameters, Distance distance, MultiVectors rows, Coding coding) {
    OffHeapArea area = new OffHeapArea();
    return new MultiVectorIndex(
        rows,
        HnswIndex.create(parameters, distance, rows.vectors(), coding),
        Optional.of(area),
        RecordTable.growing(area, Integer.BYTES),
        new Placed(0, 0));
  }

  /// A saved index, used where it lies. Everything in it is validated; it cannot be extended.
  ///
  /// @param rowCount how many rows there are
  /// @param address a multiple of 64
  public static MultiVectorIndex open(
      Distance distance, MultiVectors rows, int rowCount, long address, long bytes)
      throws CorruptMultiVectorIndexException {
    MultiVectorFile.Opened opened = MultiVectorFile.open(distance, rows, rowCount, address, bytes);
    return new MultiVectorIndex(
        rows, opened.graph(), Optional.empty(), opened.owners(), opened.placed());
  }

  public Distance distance() {
    return graph.distance();
  }

  public HnswParameters parameters() {
    return graph.parameters();
  }

  /// The lists that it is over.
  public MultiVectors rows() {
    return rows;
  }

  /// The rows below this are covered.
  public int indexedCount() {
    int vectors = graph.indexedCount(); // Read first: what is placed is never less.
    Placed now = placed;
    return vectors >= now.vectors ? now.rows : row(vectors);
  }

  /// The vectors of the rows that are covered or about to be.
  public int vectorCount() {
    return placed.vectors;
  }

  /// What walks read, if it is not the vectors.
  public Optional<VectorCodes> codes() {
    return graph.codes();
  }

  /// Changes what walks read, beside readers; see [HnswIndex#setCoding].
  ///
  /// @return whether it was done; if not, for an interrupt, all is as before
  public boolean setCoding(Coding coding) {
    return graph.setCoding(coding);
  }

  /// The row of a vector that is in the graph.
  int row(int vector) {
    return AddressSpace.getInt(owners.address(vector));
  }

  /// Inserts the rows from [#indexedCount] up to `end` on the calling thread. With a seed and
  /// nobody else extending, the index is the same every time.
  public void extend(int end) {
    extend(end, 1, NO_EXECUTOR);
  }

  /// Inserts the rows from [#indexedCount] up to `end` on the calling thread and `threads - 1` of
  /// the executor's, and returns when all are in. An interrupt of the calling thread ends it early
  /// and stays set; what was done is kept.
  ///
  /// @throws IllegalArgumentException if a row's vectors do not follow those of the row before
  public void extend(int end, int threads, Executor executor) {
    synchronized (extending) {
      place(end);
      graph.extend(placed.vectors, threads, executor);
    }
  }

  private void place(int end) {
    if (area.isEmpty()) {
      throw new IllegalStateException("a saved index cannot be changed");
    }
    int vectors = placed.vectors;
    for (int row = placed.rows; row < end; row++) {
      int count = rows.count(row);
      if (count > 0 && rows.first(row) != vectors) {
        throw new IllegalArgumentException(
            "row " + row + " begins at vector " + rows.first(row) + ", not at " + vectors);
      }
      owners.reserve(vectors + count);
      for (int i = 0; i < count; i++) {
        AddressSpace.putInt(owners.address(vectors + i), row);
      }
      vectors += count;
    }
    placed = new Placed(Math.max(end, placed.rows), vectors);
  }

  /// Takes rows out that are deleted; see [HnswIndex#repair(IntPredicate)].
  public int repair(IntPredicate gone) {
    return repair(gone, 1, NO_EXECUTOR);
  }

  /// Takes rows out that are deleted; see [HnswIndex#repair(IntPredicate, int, Executor)].
  ///
  /// @param gone which rows no reader that may come will want: asked about each row's vectors
  /// @return how many vectors were taken out
  public int repair(IntPredicate gone, int threads, Executor executor) {
    return graph.repair(vector -> gone.test(row(vector)), threads, executor);
  }

  /// What is being done to the graph now and how far it is, in vectors.
  public List<GraphProgress> progress() {
    return graph.progress();
  }

  /// A walk for one query, to be given back by closing it.
  public MultiVectorWalk walk() {
    MultiVectorWalk pooled = walks.poll();
    return pooled != null
        ? pooled
        : new MultiVectorWalk(this, graph, new MultiVectorScorer(rows, distance()));
  }

  void giveBack(MultiVectorWalk walk) {
    walks.offer(walk); // One too many is left to the garbage collector.
  }

  /// The bytes that [#writeTo] writes. Only steady while nobody changes the index.
  public long savedBytes() {
    synchronized (extending) {
      return MultiVectorFile.bytes(placed, graph);
    }
  }

  /// Writes the index in the form that [#open] takes. Waits for an extension that is under way;
  /// nobody may repair it or change its codes meanwhile.
  public void writeTo(WritableByteChannel channel) throws IOException {
    synchronized (extending) {
      MultiVectorFile.write(placed, owners, graph, channel);
    }
  }

  /// The index's own memory, touched or not; none if it is mapped.
  public long allocatedBytes() {
    return area.map(OffHeapArea::allocatedBytes).orElse(0L) + graph.allocatedBytes();
  }

  /// Frees the index's own memory. No reader may be in it.
  @Override
  public void close() {
    graph.close();
    area.ifPresent(OffHeapArea::close);
  }
}
