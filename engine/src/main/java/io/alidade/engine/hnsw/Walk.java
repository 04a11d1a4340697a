package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.EstimatingScorer;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.Keyed;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.VectorStore;
import java.util.Optional;
import java.util.function.IntPredicate;

/// One walk through a graph for the nearest nodes that a predicate accepts, and what it found.
///
/// Where the index has codes the walk reads those, with a beam somewhat wider than asked for, and
/// then compares all that it found by the vectors themselves. Taken from [HnswIndex#walk] and given
/// back by [#close] with all the memory it needs, so walking allocates nothing. Used by one thread
/// at a time.
public final class Walk implements AutoCloseable {
  /// Accepts every node; a walk that is given this very one is faster.
  public static final IntPredicate EVERY = _ -> true;

  private final HnswIndex index;
  private final HnswGraph graph;
  private final VectorStore vectors;
  private final LayerSearch search;
  private final QueryScorer exact;
  private final CodeScorers codeScorers = new CodeScorers();
  private final Rescoring rescoring = new Rescoring();
  private Traversal traversal = Traversal.ALL;
  private Codes codes = Codes.USED;
  private int wanted = Integer.MAX_VALUE;
  private int mostRescored = Integer.MAX_VALUE;
  private boolean rescored;
  private boolean tested;
  private double acceptedShare;
  private int ef;

  /// The codes that are being read.
  private Optional<VectorCodes> held = Optional.empty();

  Walk(HnswIndex index, HnswGraph graph, VectorStore vectors, Distance distance) {
    this.index = index;
    this.graph = graph;
    this.vectors = vectors;
    this.exact = new QueryScorer(vectors, distance);
    this.search = new LayerSearch(graph, exact);
  }

  /// Walks as if every node were accepted, and then drops what it found that is not: the faster way
  /// where nearly all are accepted. What is left may be fewer than there are.
  public void runThenTest(float[] query, int ef, IntPredicate accepts, long budget) {
    try {
      find(query, ef, EVERY, budget, Traversal.ALL);
      tested = true;
      rescoring.take(search.beam());
      int found = rescoring.size();
      rescoring.keep(accepts);
      acceptedShare = found == 0 ? 1 : (double) rescoring.size() / found;
      rescore();
    } finally {
      letGo();
    }
  }

  private void rescore() {
    if (rescored) {
      rescoring.rescore(wanted, mostRescored, exact, codeScorers.last());
    }
  }

  /// What walks compare by.
  public enum Codes {
    /// Codes where the index has some, and what was found by them again by the vectors.
    USED,
    /// The vectors.
    IGNORED
  }

  /// Tells what walks compare by from now until this one is closed.
  ///
  /// @param nearest how many of those found are wanted: those found by codes are compared by the
  ///   vectors until none of the rest can be among so many, and the rest are dropped
  /// @param rescored how many are compared so at most
  public void compareBy(Codes chosen, int nearest, int rescored) {
    codes = chosen;
    wanted = nearest;
    mostRescored = rescored;
  }

  /// Walks until `ef` accepted nodes are found and no nearer one is in sight, until there is
  /// nothing left to see, or until more than `budget` nodes have been visited.
  ///
  /// @param accepts asked about each node that comes near enough; others are stepped through
  public void run(float[] query, int ef, IntPredicate accepts, long budget) {
    run(query, ef, accepts, budget, Traversal.ALL);
  }

  /// Which nodes a walk compares with the query.
  public enum Traversal {
    /// All that it meets.
    ALL,
    /// The accepted ones only, and in the place of each other one its accepted neighbours.
    TWO_HOPS
  }

  /// As the other form.
  ///
  /// @param budget counts the nodes that were asked about if the traversal is by two hops
  public void run(float[] query, int ef, IntPredicate accepts, long budget, Traversal chosen) {
    try {
      find(query, ef, accepts, budget, chosen);
      tested = false;
      if (rescored) {
        rescoring.take(search.beam());
      }
      rescore();
    } finally {
      letGo();
    }
  }

  /// Codes that were replaced meanwhile can be freed.
  private void letGo() {
    if (held.isPresent()) {
      held.get().release();
      held = Optional.empty();
    }
  }

  private void find(float[] query, int ef, IntPredicate accepts, long budget, Traversal chosen) {
    this.ef = ef;
    traversal = chosen;
    exact.setQuery(query);
    Optional<VectorCodes> kept = codes == Codes.USED ? index.holdCodes() : Optional.empty();
    held = kept;
    rescored = kept.isPresent();
    if (kept.isPresent()) {
      EstimatingScorer scorer = codeScorers.of(kept.get());
      scorer.setQuery(query);
      int size = Math.min(vectors.size(), kept.get().reserved());
      if (index.hasBesideLists(kept.get())) {
        search.beginBeside(size, scorer);
      } else {
        search.begin(size, scorer);
      }
      walk(index.beam(kept.get(), ef), accepts, budget);
    } else {
      search.begin(vectors.size(), exact);
      walk(ef, accepts, budget);
    }
  }

  private void walk(int width, IntPredicate accepts, long budget) {
    long entry = graph.entry();
    search.clear(width);
    if (entry == HnswGraph.NO_ENTRY || !search.covers(HnswGraph.entryOrdinal(entry))) {
      return;
    }
    int level = HnswGraph.entryLevel(entry);
    long nearest = search.descend(HnswGraph.entryOrdinal(entry), level, 1);
    if (accepts == EVERY) {
      search.searchFrom(nearest, width, 0, budget);
      return;
    }
    search.start(nearest, accepts);
    switch (traversal) {
      case ALL -> search.search(0, accepts, budget);
      case TWO_HOPS -> search.searchTwoHops(0, accepts, budget);
    }
  }

  /// How many nodes were found, at most `ef`.
  public int size() {
    return Math.min(ef, rescored || tested ? rescoring.size() : search.beam().size());
  }

  private long found(int place) {
    return rescored || tested ? rescoring.get(place) : search.beam().get(place);
  }

  /// What share of the nodes that [#runThenTest] found was accepted: how dense those around the
  /// query are.
  public double acceptedShare() {
    return acceptedShare;
  }

  /// The ordinal of a found node, the nearest first.
  public int ordinal(int place) {
    return Keyed.ordinal(found(place));
  }

  /// The key of a found node (see [QueryScorer]).
  public float key(int place) {
    return Keyed.key(found(place));
  }

  /// The exact distance of a found node.
  public double distance(int place) {
    return exact.distance(ordinal(place));
  }

  /// How many nodes the walk compared with the query, by their codes where there are codes.
  public long visitedNodes() {
    return search.visitedCount();
  }

  /// How many nodes were found by their codes and compared again by their vectors.
  public int rescoredNodes() {
    return rescored ? rescoring.rescored() : 0;
  }

  /// Whether the walk ended by itself, not by its budget.
  public boolean isComplete() {
    return search.isComplete();
  }

  /// Gives the walk back.
  @Override
  public void close() {
    compareBy(Codes.USED, Integer.MAX_VALUE, Integer.MAX_VALUE);
    index.giveBack(this);
  }
}
