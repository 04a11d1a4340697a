package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.VectorCodes;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;

/// The nodes that can be come to from the entry point of a graph that nobody changes meanwhile.
final class GraphReach {
  private final HnswGraph graph;
  private final long[] reached;
  private final int[] neighbors;
  private int[] waiting = new int[256];
  private int waitingCount;

  /// @param count the ordinals that have a place in the graph
  GraphReach(HnswGraph graph, int count) {
    this.graph = graph;
    this.reached = new long[(count + Long.SIZE - 1) / Long.SIZE];
    this.neighbors = new int[graph.maxNeighbors(0)];
  }

  /// Connects the nodes anew that cannot be come to from the entry point.
  ///
  /// @param stays the nodes that this is about; the entry point is one, if there is any
  static void connectLost(
      HnswGraph graph,
      int count,
      IntPredicate stays,
      NodeInserter inserter,
      Optional<VectorCodes> codes) {
    if (graph.isEmpty()) {
      return;
    }
    GraphReach reach = new GraphReach(graph, count);
    reach.add(HnswGraph.entryOrdinal(graph.entry()));
    for (int ordinal = 0; ordinal < count; ordinal++) {
      if (stays.test(ordinal) && graph.contains(ordinal) && !reach.contains(ordinal)) {
        inserter.connectAgain(ordinal, codes);
        reach.add(ordinal);
      }
    }
  }

  boolean contains(int ordinal) {
    return (reached[ordinal >> 6] & 1L << ordinal) != 0;
  }

  /// Adds a node and all that can be come to from there.
  void add(int start) {
    meet(start);
    while (waitingCount > 0) {
      int node = waiting[--waitingCount];
      for (int level = graph.level(node); level >= 0; level--) {
        int count = graph.neighbors(node, level, neighbors);
        for (int i = 0; i < count; i++) {
          meet(neighbors[i]);
        }
      }
    }
  }

  private void meet(int ordinal) {
    if (contains(ordinal)) {
      return;
    }
    reached[ordinal >> 6] |= 1L << ordinal;
    if (waitingCount == waiting.length) {
      waiting = Arrays.copyOf(waiting, 2 * waitingCount);
    }
    waiting[waitingCount++] = ordinal;
  }
}
