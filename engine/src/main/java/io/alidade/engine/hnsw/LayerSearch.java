package io.alidade.engine.hnsw;

import io.alidade.engine.memory.LinePrefetch;
import io.alidade.engine.quantization.EstimatingScorer;
import io.alidade.engine.vector.Keyed;
import io.alidade.engine.vector.Scorer;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The search of one layer of a graph, with all the memory it needs: nothing is allocated once the
/// arrays have grown to the graph's size. Used by one thread at a time.
///
/// The neighbours of a node are compared only when those of the next have been asked for, so memory
/// answers while the processor compares. The next node is therefore chosen without knowing what the
/// last one's neighbours are like: some 2 % more nodes are visited, in two thirds of the time.
///
/// Where the neighbours' codes lie beside the lists ([#beginBeside]) it reads them there; it visits
/// the same nodes in the same order.
final class LayerSearch {
  private final HnswGraph graph;
  private final MinHeap candidates = new MinHeap();
  private final Beam beam = new Beam();
  private final Frontier frontier = new Frontier();
  private final LinePrefetch lines = new LinePrefetch();
  private final int[] neighbors;
  private final float[] keys;

  /// The neighbours that were met last, on their way from memory.
  private int[] coming;

  /// Those met before, to be compared now.
  private int[] waiting;

  private int waitingCount;
  private Scorer scorer;

  /// What compares the codes that lie beside the lists; null if the scorer finds what it reads.
  private @Nullable EstimatingScorer beside;

  /// Where the codes of `coming`, `waiting`, `gathered` and `neighbors` lie, if beside the lists.
  private long[] comingCodes;

  private long[] waitingCodes;
  private final long[] gatheredCodes;
  private final long[] neighborCodes;
  private final int[] through;
  private final int[] gathered;
  private final float[] gatheredKeys;
  private long[] visited = new long[0];
  private long[] rejected = new long[0];
  private int limit;
  private long visitedCount;
  private boolean complete;

  LayerSearch(HnswGraph graph, Scorer scorer) {
    this.graph = graph;
    this.scorer = scorer;
    this.neighbors = new int[graph.maxNeighbors(0)];
    this.coming = new int[graph.maxNeighbors(0)];
    this.waiting = new int[graph.maxNeighbors(0)];
    this.through = new int[graph.maxNeighbors(0)];
    this.gathered = new int[graph.maxNeighbors(0)];
    this.gatheredKeys = new float[graph.maxNeighbors(0)];
    this.keys = new float[graph.maxNeighbors(0)];
    int withCodes = graph.codeBytes() == 0 ? 0 : graph.maxNeighbors(0);
    this.comingCodes = new long[withCodes];
    this.waitingCodes = new long[withCodes];
    this.gatheredCodes = new long[withCodes];
    this.neighborCodes = new long[withCodes];
  }

  /// What the last search found, nearest first.
  Beam beam() {
    return beam;
  }

  /// How many nodes have been compared since [#begin].
  long visitedCount() {
    return visitedCount;
  }

  /// Whether the last search ended by itself, not by its budget.
  boolean isComplete() {
    return complete;
  }

  /// Starts counting anew, for a graph of the ordinals below `size`; others are passed over.
  ///
  /// @param newScorer what nodes are compared with from now on
  void begin(int size, Scorer newScorer) {
    scorer = newScorer;
    beside = null;
    int words = (size + Long.SIZE - 1) / Long.SIZE;
    if (visited.length < words) {
      visited = new long[Math.max(words, visited.length + visited.length / 2)];
    }
    limit = size;
    visitedCount = 0;
    complete = true;
  }

  /// The same, on the codes that lie beside the lists.
  ///
  /// @param size above every ordinal in the graph
  /// @param codes compares the codes that those were copied from
  void beginBeside(int size, EstimatingScorer codes) {
    begin(size, codes);
    beside = codes;
  }

  /// Whether an ordinal is among those that are not passed over.
  boolean covers(int ordinal) {
    return ordinal < limit;
  }

  /// Compares some nodes and writes them with their keys; returns how many were not passed over.
  int keyed(int[] ordinals, int count, long[] target) {
    System.arraycopy(ordinals, 0, neighbors, 0, count);
    int kept = withinLimit(count);
    scorer.keys(neighbors, 0, kept, keys);
    visitedCount += kept;
    for (int i = 0; i < kept; i++) {
      target[i] = Keyed.of(keys[i], neighbors[i]);
    }
    return kept;
  }

  /// Goes to the nearest node on each layer from `fromLevel` down to `toLevel`, and returns the
  /// last with its key.
  long descend(int start, int fromLevel, int toLevel) {
    float key = scorer.key(start);
    int nearest = start;
    visitedCount++;
    for (int level = fromLevel; level >= toLevel; level--) {
      boolean moved = true;
      while (moved) {
        moved = false;
        int count = compareNeighbors(nearest, level);
        for (int i = 0; i < count; i++) {
          if (keys[i] < key) {
            key = keys[i];
            nearest = neighbors[i];
            moved = true;
          }
        }
      }
    }
    return Keyed.of(key, nearest);
  }

  /// Compares all neighbours of a node and returns how many there are.
  private int compareNeighbors(int node, int level) {
    int count = graph.neighbors(node, level, neighbors);
    EstimatingScorer copies = beside;
    if (copies == null) {
      count = withinLimit(count);
      scorer.keys(neighbors, 0, count, keys);
    } else {
      copies.keysOfCopies(graph.neighborCodes(node, level), count, keys);
    }
    visitedCount += count;
    return count;
  }

  private int withinLimit(int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (neighbors[i] < limit) {
        neighbors[kept++] = neighbors[i];
      }
    }
    return kept;
  }

  /// Prepares [#search] on a layer: nothing visited but what [#start] is told.
  void clear(int width) {
    Arrays.fill(visited, 0, (limit + Long.SIZE - 1) / Long.SIZE, 0);
    candidates.clear();
    beam.clear(width);
    waitingCount = 0;
  }

  /// Marks a node that must not be met.
  void exclude(int ordinal) {
    visited[ordinal >> 6] |= 1L << ordinal;
  }

  /// Adds a node to start from.
  void start(long keyed, IntPredicate accepts) {
    int ordinal = Keyed.ordinal(keyed);
    if ((visited[ordinal >> 6] & 1L << ordinal) != 0) {
      return;
    }
    visited[ordinal >> 6] |= 1L << ordinal;
    candidates.push(keyed);
    if (beam.admits(keyed) && accepts.test(ordinal)) {
      beam.add(keyed);
    }
  }

  /// Walks from one node, accepting every node, until all of the nearest that fit the beam have
  /// been expanded, or until more nodes have been visited than the budget allows.
  void searchFrom(long start, int width, int level, long budget) {
    frontier.clear(width);
    int first = Keyed.ordinal(start);
    if (isVisited(first)) {
      frontier.copyTo(beam);
      return;
    }
    visited[first >> 6] |= 1L << first;
    frontier.add(start);
    expand(level, budget);
    frontier.copyTo(beam);
  }

  /// The same from several nodes.
  void searchFrom(long[] starts, int count, int width, int level, long budget) {
    frontier.clear(width);
    for (int i = 0; i < count; i++) {
      int ordinal = Keyed.ordinal(starts[i]);
      if (!isVisited(ordinal) && starts[i] < frontier.bound()) {
        visited[ordinal >> 6] |= 1L << ordinal;
        frontier.add(starts[i]);
      }
    }
    expand(level, budget);
    frontier.copyTo(beam);
  }

  private void expand(int level, long budget) {
    while (true) {
      int node = frontier.expandNext();
      if (node < 0 && waitingCount == 0) {
        return;
      }
      if (visitedCount > budget) {
        complete = false;
        return;
      }
      int met = meet(node, level, frontier.peek());
      compareWaiting();
      long bound = frontier.bound();
      for (int i = 0; i < waitingCount; i++) {
        long keyed = Keyed.of(keys[i], waiting[i]);
        if (keyed < bound) {
          frontier.add(keyed);
          bound = frontier.bound();
        }
      }
      letWait(met);
    }
  }

  /// Collects the neighbours of a node that are met for the first time and asks memory for them,
  /// and for the list of the node that seems to be next.
  ///
  /// @param node none if negative; and so is `next`
  private int meet(int node, int level, int next) {
    int met = node < 0 ? 0 : unvisitedNeighbors(node, level, coming, comingCodes);
    EstimatingScorer copies = beside;
    if (copies == null) {
      scorer.prefetch(coming, met, lines);
    } else {
      copies.prefetchCopies(comingCodes, met, lines);
    }
    if (next >= 0) {
      graph.prefetch(next, level, lines);
    }
    lines.start();
    return met;
  }

  private void compareWaiting() {
    compare(waiting, waitingCodes, waitingCount, keys);
    visitedCount += waitingCount;
  }

  private void compare(int[] nodes, long[] codes, int count, float[] target) {
    EstimatingScorer copies = beside;
    if (copies == null) {
      scorer.keys(nodes, 0, count, target);
    } else {
      copies.keysOfCopies(codes, count, target);
    }
  }

  /// Lets the neighbours met last wait for the next step.
  private void letWait(int met) {
    int[] compared = waiting;
    waiting = coming;
    coming = compared;
    long[] comparedCodes = waitingCodes;
    waitingCodes = comingCodes;
    comingCodes = comparedCodes;
    waitingCount = met;
  }

  private boolean isVisited(int ordinal) {
    return (visited[ordinal >> 6] & 1L << ordinal) != 0;
  }

  /// Walks until the beam is full of accepted nodes and no candidate is nearer than its last, until
  /// there are no candidates, or until more nodes have been visited than the budget allows.
  void search(int level, IntPredicate accepts, long budget) {
    while (true) {
      int node = nextCandidate();
      if (node < 0 && waitingCount == 0) {
        return;
      }
      if (visitedCount > budget) {
        complete = false;
        return;
      }
      int met = meet(node, level, candidates.isEmpty() ? -1 : Keyed.ordinal(candidates.peek()));
      compareWaiting();
      for (int i = 0; i < waitingCount; i++) {
        long keyed = Keyed.of(keys[i], waiting[i]);
        if (beam.admits(keyed)) {
          candidates.push(keyed);
          if (accepts.test(waiting[i])) {
            beam.add(keyed);
          }
        }
      }
      letWait(met);
    }
  }

  /// Takes the nearest candidate; -1 if none can lead to what the beam would admit.
  private int nextCandidate() {
    return candidates.isEmpty() || !beam.admits(candidates.peek())
        ? -1
        : Keyed.ordinal(candidates.pop());
  }

  /// Collects the neighbours of a node that are met for the first time, and where their codes lie
  /// if that is beside the list; returns how many.
  private int unvisitedNeighbors(int node, int level, int[] nodes, long[] codes) {
    int count = graph.neighbors(node, level, nodes);
    return beside == null
        ? unvisited(nodes, count)
        : unvisited(nodes, count, graph.neighborCodes(node, level), codes);
  }

  /// Keeps those of the first `count` nodes that are met for the first time. Without a branch that
  /// depends on it: it could not be foretold.
  private int unvisited(int[] nodes, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int node = nodes[i];
      if (node < limit) {
        long word = visited[node >> 6];
        nodes[kept] = node;
        kept += (int) (~word >>> node & 1);
        visited[node >> 6] = word | 1L << node;
      }
    }
    return kept;
  }

  /// The same where codes lie beside the list, the first at an address; writes where those of the
  /// nodes lie that are kept.
  private int unvisited(int[] nodes, int count, long first, long[] codes) {
    int bytes = graph.codeBytes();
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int node = nodes[i];
      long word = visited[node >> 6];
      nodes[kept] = node;
      codes[kept] = first + (long) i * bytes;
      kept += (int) (~word >>> node & 1);
      visited[node >> 6] = word | 1L << node;
    }
    return kept;
  }

  /// As [#search], but nodes that are not accepted are neither compared nor kept: in the place of
  /// each come those of its own neighbours that are (the two hops of ACORN-1, Patel et al., SIGMOD
  /// 2024), until there are as many as a node has neighbours. For predicates that accept few, and
  /// cost less than a comparison.
  void searchTwoHops(int level, IntPredicate accepts, long budget) {
    int words = (limit + Long.SIZE - 1) / Long.SIZE;
    if (rejected.length < words) {
      rejected = new long[visited.length];
    }
    Arrays.fill(rejected, 0, words, 0);
    while (!candidates.isEmpty()) {
      long candidate = candidates.pop();
      if (beam.isFull() && !beam.admits(candidate)) {
        return;
      }
      if (visitedCount > budget) {
        complete = false;
        return;
      }
      int count = gather(Keyed.ordinal(candidate), level, accepts);
      compare(gathered, gatheredCodes, count, gatheredKeys);
      for (int i = 0; i < count; i++) {
        long keyed = Keyed.of(gatheredKeys[i], gathered[i]);
        if (beam.admits(keyed)) {
          candidates.push(keyed);
          beam.add(keyed);
        }
      }
    }
  }

  /// Collects accepted nodes around one. Counts those it asks about as visited.
  private int gather(int node, int level, IntPredicate accepts) {
    int direct = unvisitedNeighbors(node, level, neighbors, neighborCodes);
    int kept = 0;
    int others = 0;
    for (int i = 0; i < direct; i++) {
      if (isAccepted(neighbors[i], accepts)) {
        if (beside != null) {
          gatheredCodes[kept] = neighborCodes[i];
        }
        gathered[kept++] = neighbors[i];
      } else {
        through[others++] = neighbors[i];
      }
    }
    for (int i = 0; i < others && kept < neighbors.length; i++) {
      int count = graph.neighbors(through[i], level, neighbors);
      for (int j = 0; j < count && kept < neighbors.length; j++) {
        int second = neighbors[j];
        if (second < limit && !isVisited(second) && isAccepted(second, accepts)) {
          visited[second >> 6] |= 1L << second;
          if (beside != null) {
            gatheredCodes[kept] =
                graph.neighborCodes(through[i], level) + (long) j * graph.codeBytes();
          }
          gathered[kept++] = second;
        }
      }
    }
    return kept;
  }

  /// Asks about a node unless it is known not to be accepted. That does not make it visited: it may
  /// still be stepped through.
  private boolean isAccepted(int ordinal, IntPredicate accepts) {
    if ((rejected[ordinal >> 6] & 1L << ordinal) != 0) {
      return false;
    }
    visitedCount++;
    if (accepts.test(ordinal)) {
      return true;
    }
    rejected[ordinal >> 6] |= 1L << ordinal;
    return false;
  }
}
