package io.alidade.engine.hnsw;

import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/// A graph over one vector column of one segment for one distance.
///
/// It covers the ordinals below [#indexedCount], except those without a vector and, for the cosine
/// distance, zero vectors; the rows from there on (the tail) are for the searcher to compare one by
/// one. Rows that are deleted stay until [#repair] takes them out. Thread-safety: any number of
/// readers, beside one extension and one repair at a time (each on any number of threads).
public final class HnswIndex implements AutoCloseable {
  /// Walks kept for the next query; more at once are made as needed and then dropped.
  private static final int POOLED_WALKS = 2 * Runtime.getRuntime().availableProcessors();

  /// An inserter takes more memory than a graph of a few nodes, of which there may be thousands.
  private static final int MIN_NODES_FOR_KEPT_INSERTER = 1024;

  private static final BooleanSupplier NEVER = () -> false;

  private static final IntPredicate NONE = _ -> false;

  private static final Executor NO_EXECUTOR =
      _ -> {
        throw new IllegalStateException("one thread needs no executor");
      };

  private final HnswParameters parameters;
  private final Distance distance;
  private final VectorStore vectors;
  private final HnswGraph graph;
  private final Optional<OffHeapArea> area;
  private final WalkCodes codes;
  private final IntPredicate leftOut;

  /// The codes whose copies lie beside the lists of the graph.
  private final Optional<VectorCodes> codesBesideLists;

  private final BlockingQueue<Walk> walks = new ArrayBlockingQueue<>(POOLED_WALKS);

  /// What is under way: at most a repair or a merge, and an extension.
  private final Set<GraphProgress.Counter> underWay = ConcurrentHashMap.newKeySet();

  /// Held by who changes nodes that are in already; taken before [#extending].
  private final Object repairing = new Object();

  private final Object extending = new Object();

  /// Kept from one extension to the next, which may insert a few rows only.
  private Optional<NodeInserter> inserter = Optional.empty();

  /// What insertions know beforehand; changed by who extends.
  private InsertionHints hints = InsertionHints.NONE;

  /// The ordinals that have a place in the tables.
  private int reserved;

  private volatile int indexedCount;

  private HnswIndex(
      HnswParameters parameters,
      Distance distance,
      VectorStore vectors,
      HnswGraph graph,
      Optional<OffHeapArea> area,
      WalkCodes codes,
      Optional<VectorCodes> codesBesideLists,
      IntPredicate leftOut) {
    this.parameters = parameters;
    this.distance = distance;
    this.vectors = vectors;
    this.graph = graph;
    this.area = area;
    this.codes = codes;
    this.codesBesideLists = codesBesideLists;
    this.leftOut = leftOut;
  }

  /// An empty graph that can be extended, walked on the codes that suit its rows.
  public static HnswIndex create(
      HnswParameters parameters, Distance distance, VectorStore vectors) {
    return create(parameters, distance, vectors, Coding.AUTOMATIC);
  }

  /// An empty graph that can be extended.
  ///
  /// @throws IllegalArgumentException if the distance does not compare such rows, or codes are
  ///   asked for of bits, which are their own code
  public static HnswIndex create(
      HnswParameters parameters, Distance distance, VectorStore vectors, Coding coding) {
    return create(parameters, distance, vectors, coding, NONE);
  }

  /// The same without some of the rows, which are covered and have no node: walks do not find them.
  ///
  /// @param leftOut asked about a row when it would be inserted, by any thread; its answer for a
  ///   row does not change
  public static HnswIndex create(
      HnswParameters parameters,
      Distance distance,
      VectorStore vectors,
      Coding coding,
      IntPredicate leftOut) {
    distance.requireSuits(vectors.element());
    requireCodes(distance, coding);
    OffHeapArea area = new OffHeapArea();
    HnswGraph graph = new HnswGraph(parameters.m(), area);
    WalkCodes codes = new WalkCodes(distance, vectors, parameters.seed(), coding);
    return new HnswIndex(
        parameters, distance, vectors, graph, Optional.of(area), codes, Optional.empty(), leftOut);
  }

  /// A saved graph, used where it lies. Every id in it is validated; it cannot be extended.
  ///
  /// @param codes what it is walked on: the codes of at least the rows that it covers. If it was
  ///   written with codes beside its lists, these must be the same
  public static HnswIndex open(
      Distance distance, VectorStore vectors, long address, long bytes, Optional<VectorCodes> codes)
      throws CorruptGraphException {
    GraphFile.Opened opened = GraphFile.open(distance, vectors, address, bytes, codes);
    HnswIndex index =
        new HnswIndex(
            opened.header().parameters(),
            distance,
            vectors,
            opened.graph(),
            Optional.empty(),
            new WalkCodes(distance, vectors, codes),
            opened.graph().codeBytes() == 0 ? Optional.empty() : codes,
            NONE);
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

  /// How many rows have a node: those covered but for rows without a vector and those left out.
  public int nodeCount() {
    int covered = indexedCount;
    int count = 0;
    for (int ordinal = 0; ordinal < covered; ordinal++) {
      count += graph.contains(ordinal) ? 1 : 0;
    }
    return count;
  }

  /// What walks read now, if it is not the vectors. Has a place for every row that is covered. To
  /// read the codes themselves take [#holdCodes]: these may be replaced, and freed, at any time.
  public Optional<VectorCodes> codes() {
    return codes.current();
  }

  /// The codes whose copies lie beside the lists of neighbours, of a graph that was written so.
  /// Walks read the copies for as long as they are by these codes.
  public Optional<VectorCodes> codesBesideLists() {
    return codesBesideLists;
  }

  /// Whether walks now read codes that lie beside the lists.
  public boolean isWalkedBesideLists() {
    return codes().map(this::hasBesideLists).orElse(false);
  }

  boolean hasBesideLists(VectorCodes walked) {
    return codesBesideLists.isPresent() && codesBesideLists.get() == walked;
  }

  private static void requireCodes(Distance distance, Coding coding) {
    if (distance.isOfBits() && coding instanceof Coding.Fixed(var method)) {
      throw new IllegalArgumentException("no codes of " + method + " for " + distance);
    }
  }

  /// The same codes, to be read: [VectorCodes#release] them. Allocates nothing.
  public Optional<VectorCodes> holdCodes() {
    return codes.hold();
  }

  /// Changes what walks read: see the other form.
  public boolean setCoding(Coding coding) {
    return setCoding(coding, NEVER);
  }

  /// Changes what walks read, beside readers: those that walk go on with what they began with, and
  /// new ones walk on what was there before until the new codes are ready. An extension waits.
  ///
  /// @param cancelled asked again and again, by this thread; true ends the change, as an interrupt
  ///   of the calling thread does, which stays set
  /// @return whether it was done; if not, all is as before
  /// @throws IllegalArgumentException if codes are asked for of bits
  public boolean setCoding(Coding coding, BooleanSupplier cancelled) {
    requireCodes(distance, coding);
    synchronized (extending) {
      return codes.change(coding, reserved, cancelled);
    }
  }

  /// The adjacency, for the package.
  HnswGraph graph() {
    return graph;
  }

  /// The rows that it is over.
  VectorStore vectors() {
    return vectors;
  }

  /// The ordinals below this have a place in the tables.
  int placed() {
    synchronized (extending) {
      return reserved;
    }
  }

  /// The width of a beam by codes that finds about as much as one of `ef` by vectors.
  int beam(VectorCodes by, int ef) {
    return codes.beam(by, ef);
  }

  /// Inserts the ordinals from [#indexedCount] up to `end` on the calling thread. With a seed and
  /// nobody else extending, the graph is the same every time.
  public void extend(int end) {
    extend(end, 1, NO_EXECUTOR);
  }

  /// Inserts the ordinals from [#indexedCount] up to `end` on the calling thread and `threads - 1`
  /// of the executor's, and returns when all are in. An interrupt of the calling thread ends it
  /// early and stays set; what was done is kept.
  public void extend(int end, int threads, Executor executor) {
    extend(end, threads, executor, NEVER);
  }

  /// The same.
  ///
  /// @param cancelled asked again and again, by all threads; true ends it as an interrupt does
  public void extend(int end, int threads, Executor executor, BooleanSupplier cancelled) {
    checkMutable();
    checkEnd(end);
    synchronized (extending) {
      GraphProgress.Counter counter =
          begin(GraphProgress.Work.EXTENSION, Math.max(0, end - indexedCount));
      try {
        insert(end, threads, executor, counter, cancelled);
      } finally {
        underWay.remove(counter);
      }
    }
  }

  private void insert(
      int end,
      int threads,
      Executor executor,
      GraphProgress.Counter counter,
      BooleanSupplier cancelled) {
    if (end <= indexedCount) {
      return;
    }
    reserve(end, cancelled);
    long before = counter.done().get() - indexedCount;
    new Extension(
            distance,
            vectors,
            graph,
            codes.current(),
            leftOut,
            indexedCount,
            end,
            covered -> {
              indexedCount = covered;
              counter.done().set(before + covered);
            })
        .run(this::takeInserter, this::keepInserter, threads, executor, cancelled);
  }

  private void reserve(int end, BooleanSupplier cancelled) {
    graph.reserve(end);
    reserved = Math.max(reserved, end);
    codes.extend(end, cancelled);
  }

  private void checkEnd(int end) {
    if (end > vectors.size()) {
      throw new IllegalArgumentException(end + " of " + vectors.size() + " rows");
    }
  }

  private void checkMutable() {
    if (!graph.isMutable()) {
      throw new IllegalStateException("a saved graph cannot be changed");
    }
  }

  private GraphProgress.Counter begin(GraphProgress.Work work, long total) {
    GraphProgress.Counter counter = new GraphProgress.Counter(work, total);
    underWay.add(counter);
    return counter;
  }

  /// What is being done to the graph now and how far it is; nothing if nothing is.
  public List<GraphProgress> progress() {
    return underWay.stream().map(GraphProgress.Counter::read).toList();
  }

  /// Takes rows out that are deleted, on the calling thread: see the other form. With nobody else
  /// extending or repairing, the graph is the same every time.
  public int repair(IntPredicate gone) {
    return repair(gone, 1, NO_EXECUTOR);
  }

  /// Takes rows out that are deleted, and gives those that were linked to them other neighbours.
  ///
  /// Readers and extensions go on meanwhile, except that an extension waits at the beginning and at
  /// the end. Runs on the calling thread and `threads - 1` of the executor's and returns how many
  /// nodes were taken out. An interrupt of the calling thread ends it early and stays set: then
  /// none are taken out yet, and the next repair goes on from there.
  ///
  /// @param gone which rows no reader that may come will want: asked once about each row that is in
  ///   the graph; the vectors of all must still be there
  public int repair(IntPredicate gone, int threads, Executor executor) {
    checkMutable();
    synchronized (repairing) {
      GraphRepair repair;
      synchronized (extending) {
        repair = new GraphRepair(distance, vectors, graph, reserved, gone);
        if (repair.leavingCount() == 0) {
          return 0;
        }
        repair.begin();
      }
      GraphProgress.Counter counter = begin(GraphProgress.Work.REPAIR, repair.count());
      try {
        if (!repair.mend(threads, executor, counter.done())) {
          return 0;
        }
        synchronized (extending) {
          NodeInserter connecting = takeInserter();
          repair.complete(reserved, connecting, codes.current());
          keepInserter(connecting);
        }
      } finally {
        underWay.remove(counter);
        repair.end();
      }
      return repair.leavingCount();
    }
  }

  /// Brings the rows of other graphs into this one, on the calling thread: see the other form.
  public void merge(List<MergeSource> sources, int end) {
    merge(sources, end, 1, NO_EXECUTOR);
  }

  /// Brings the rows of other graphs into this one, which is empty: the graph with most rows is
  /// copied, without the rows that are dropped, and the others' rows are inserted, starting at the
  /// neighbours that they had. Ordinals below `end` that come from no source are inserted, too.
  ///
  /// Runs on the calling thread and `threads - 1` of the executor's, beside readers. An interrupt
  /// of the calling thread ends it early and stays set: the graph then covers [#indexedCount], and
  /// the same call goes on from there. On one thread the graph is the same every time, if it was
  /// not interrupted.
  ///
  /// @throws IllegalArgumentException if two rows have the same target, or one has one that is not
  ///   below `end`, or a source has another distance
  public void merge(List<MergeSource> sources, int end, int threads, Executor executor) {
    merge(sources, end, threads, executor, NEVER);
  }

  /// The same, ended early by an answer, too.
  ///
  /// @param cancelled asked again and again while rows are inserted, by all threads
  public void merge(
      List<MergeSource> sources,
      int end,
      int threads,
      Executor executor,
      BooleanSupplier cancelled) {
    checkMutable();
    checkEnd(end);
    synchronized (repairing) {
      synchronized (extending) {
        GraphMerge merge = new GraphMerge(sources, distance, graph, end);
        Optional<MergeSource> copied = graph.isEmpty() ? merge.largest() : Optional.empty();
        int rows = copied.map(source -> source.index().placed()).orElse(0);
        GraphProgress.Counter counter =
            begin(GraphProgress.Work.MERGE, (long) rows + Math.max(0, end - indexedCount));
        try {
          if (copied.isEmpty() || copy(copied.get(), end, threads, executor, counter)) {
            hints = merge;
            insert(end, threads, executor, counter, cancelled);
          }
        } finally {
          hints = InsertionHints.NONE;
          underWay.remove(counter);
        }
      }
    }
  }

  private boolean copy(
      MergeSource source, int end, int threads, Executor executor, GraphProgress.Counter counter) {
    reserve(end, NEVER);
    GraphCopy copy = new GraphCopy(source, graph, distance, vectors, end);
    if (!copy.run(threads, executor, counter.done())) {
      return false;
    }
    NodeInserter connecting = takeInserter();
    GraphReach.connectLost(graph, end, Walk.EVERY, connecting, codes.current());
    keepInserter(connecting);
    return true;
  }

  private synchronized NodeInserter takeInserter() {
    NodeInserter taken =
        inserter.orElseGet(() -> new NodeInserter(parameters, distance, graph, vectors));
    inserter = Optional.empty();
    taken.setHints(hints);
    return taken;
  }

  private synchronized void keepInserter(NodeInserter used) {
    if (indexedCount >= MIN_NODES_FOR_KEPT_INSERTER) {
      inserter = Optional.of(used);
    }
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
    return savedBytes(Optional.empty());
  }

  /// The bytes that the other form of [#writeTo] writes.
  public long savedBytes(Optional<VectorCodes> besideLists) {
    synchronized (extending) {
      return GraphFile.bytes(graph, reserved, besideLists);
    }
  }

  /// Writes the graph in the form that [#open] takes. Waits for what is under way.
  public void writeTo(WritableByteChannel channel) throws IOException {
    writeTo(channel, Optional.empty());
  }

  /// The same, with copies of codes beside each list of neighbours: what a step of a walk reads
  /// then lies in one place, and each code is there some `2m` times. For graphs that are read from
  /// a disk as they are walked.
  ///
  /// @param besideLists codes that have a place for every row that has one in the graph; they must
  ///   be given to [#open] too
  public void writeTo(WritableByteChannel channel, Optional<VectorCodes> besideLists)
      throws IOException {
    synchronized (repairing) {
      synchronized (extending) {
        GraphFile.write(
            new GraphFile.Header(
                distance,
                vectors.element(),
                vectors.dimensions(),
                parameters,
                reserved,
                indexedCount),
            graph,
            besideLists,
            channel);
      }
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
