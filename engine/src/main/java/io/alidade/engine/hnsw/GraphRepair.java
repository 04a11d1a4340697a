package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;

/// Takes deleted nodes out of a graph, beside readers and insertions.
///
/// In three steps:
/// 1. [#GraphRepair] and [#begin], while nobody inserts: the nodes to be taken out are noted, and
///    from now on no insertion links to one of them.
/// 2. [#mend], beside insertions and on several threads: each other node with links to them gets
///    new neighbours ([NeighborMending]). There are only ever fewer such links.
/// 3. [#complete], while nobody inserts: what still links to one of them is mended (nothing, by
///    what was said), the entry point moves if it is one, nodes that nothing leads to any more are
///    connected again, and then the nodes are taken out.
///
/// A reader may be at such a node at any time, even afterwards: it read a list before that was
/// mended. It goes on from there, because a node that is taken out keeps its records, untouched, as
/// long as the graph lives; only the mark that it is in the graph is gone, which readers do not
/// look at. Its ordinal is that of a row and is not used again, so its bottom record could not
/// serve anybody else; what is given up is its upper records. What the reader finds is its own
/// predicate's to refuse, as before. A walk that begins after the end of the repair meets none of
/// them, since nothing that it can come to leads there.
///
/// Ended early, a repair leaves a graph of the same nodes in which some no longer link to deleted
/// ones; the next one goes on, for it passes over nodes that need nothing.
final class GraphRepair {
  private final Distance distance;
  private final VectorStore vectors;
  private final HnswGraph graph;
  private final int count;
  private final BitSet leaving = new BitSet();

  /// Notes which nodes are to be taken out.
  ///
  /// @param count the ordinals that have a place in the graph
  /// @param gone asked once about each of those in it
  GraphRepair(
      Distance distance, VectorStore vectors, HnswGraph graph, int count, IntPredicate gone) {
    this.distance = distance;
    this.vectors = vectors;
    this.graph = graph;
    this.count = count;
    for (int ordinal = 0; ordinal < count; ordinal++) {
      if (graph.contains(ordinal) && gone.test(ordinal)) {
        leaving.set(ordinal);
      }
    }
  }

  /// How many nodes are to be taken out.
  int leavingCount() {
    return leaving.cardinality();
  }

  /// How many ordinals are gone through.
  int count() {
    return count;
  }

  private boolean stays(int ordinal) {
    return !leaving.get(ordinal);
  }

  /// Lets insertions link to the other nodes only. Nobody inserts now.
  void begin() {
    graph.setLinkable(this::stays);
  }

  /// Lets insertions link to every node again.
  void end() {
    graph.setLinkable(Walk.EVERY);
  }

  /// Mends the lists of the nodes that stay and returns whether it came to the end.
  boolean mend(int threads, Executor executor, AtomicLong done) {
    return new ParallelBlocks(0, count, done).run(this::newMender, threads, executor);
  }

  private ParallelBlocks.Worker newMender() {
    NeighborMending mending = new NeighborMending(graph, vectors, distance, this::stays);
    return (from, to) -> {
      for (int ordinal = from; ordinal < to; ordinal++) {
        mend(ordinal, mending);
      }
    };
  }

  private void mend(int ordinal, NeighborMending mending) {
    if (!stays(ordinal)) {
      return;
    }
    for (int level = graph.level(ordinal); level >= 0; level--) {
      if (mending.isNeeded(ordinal, level)) {
        synchronized (graph.lock(ordinal)) {
          NeighborSelection chosen = mending.choose(ordinal, level);
          graph.setNeighbors(
              ordinal,
              level,
              chosen.chosen(),
              chosen.chosenKeys(),
              chosen.size(),
              chosen.inNewDirections());
        }
      }
    }
  }

  /// Takes the nodes out. Nobody inserts now.
  ///
  /// @param placed the ordinals that have a place in the graph by now
  void complete(int placed, NodeInserter inserter, Optional<VectorCodes> codes) {
    NeighborMending mending = new NeighborMending(graph, vectors, distance, this::stays);
    for (int ordinal = 0; ordinal < placed; ordinal++) {
      mend(ordinal, mending);
    }
    moveEntry(placed);
    GraphReach.connectLost(graph, placed, this::stays, inserter, codes);
    leaving.stream().forEach(graph::takeOut);
  }

  private void moveEntry(int placed) {
    long entry = graph.entry();
    if (entry == HnswGraph.NO_ENTRY || stays(HnswGraph.entryOrdinal(entry))) {
      return;
    }
    graph.enterAtHighest(placed, this::stays);
  }
}
