package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.Scorer;
import io.alidade.engine.vector.VectorStore;
import java.util.Optional;
import java.util.function.IntPredicate;

/// Inserts nodes into a graph, beside other inserters and readers. Used by one thread at a time.
///
/// The neighbours on all layers are found first, then written into the new node, and only then do
/// the neighbours get their links back: nobody can come to a node that leads nowhere.
final class NodeInserter {
  /// So many times the width of the beam are visited for nodes that may be linked to, where others
  /// are about to be taken out.
  private static final int LINKABLE_BUDGET = 64;

  /// So many of a beam by codes are compared by their vectors for each neighbour that is looked
  /// for: the true nearest are among them, and the choice seldom looks farther.
  private static final int RESCORED_A_NEIGHBOR = 8;

  private final HnswParameters parameters;
  private final HnswGraph graph;
  private final VectorStore vectors;
  private final LayerSearch search;
  private final QueryScorer exact;
  private final CodeScorers codeScorers = new CodeScorers();
  private final Rescoring rescoring = new Rescoring();
  private final float[] vector;
  private final NeighborSelection selection;
  private final Found[] chosen = new Found[HnswGraph.MAX_LEVEL + 1];
  private final int[] neighbors;
  private final int[] candidates;
  private final float[] candidateKeys;
  private final long[] starts;
  private InsertionHints hints = InsertionHints.NONE;
  private int startCount;
  private boolean coded;

  /// The neighbours chosen on one layer.
  private static final class Found {
    final int[] ordinals;
    final float[] keys;
    int size;
    int inNewDirections;

    Found(int max) {
      ordinals = new int[max];
      keys = new float[max];
    }
  }

  NodeInserter(HnswParameters parameters, Distance distance, HnswGraph graph, VectorStore vectors) {
    this.parameters = parameters;
    this.graph = graph;
    this.vectors = vectors;
    this.exact = new QueryScorer(vectors, distance);
    this.search = new LayerSearch(graph, exact);
    this.vector = new float[vectors.dimensions()];
    int max = graph.maxNeighbors(0);
    this.selection = new NeighborSelection(new QueryScorer(vectors, distance), max);
    this.neighbors = new int[max];
    this.candidates = new int[max + 1];
    this.candidateKeys = new float[max + 1];
    this.starts = new long[max];
    for (int level = 0; level < chosen.length; level++) {
      chosen[level] = new Found(max);
    }
  }

  /// What the next insertions are told about where to begin.
  void setHints(InsertionHints newHints) {
    hints = newHints;
  }

  /// Inserts a node whose vector is there and comparable.
  ///
  /// @param codes what the walks to its neighbours read, if there are codes
  void insert(int ordinal, Optional<VectorCodes> codes) {
    int level = drawLevel(ordinal);
    graph.add(ordinal, level);
    place(ordinal, level, codes);
  }

  /// Connects a node anew that is in the graph already but that nothing leads to.
  void connectAgain(int ordinal, Optional<VectorCodes> codes) {
    place(ordinal, graph.level(ordinal), codes);
  }

  private void place(int ordinal, int level, Optional<VectorCodes> codes) {
    exact.setQuery(ordinal);
    coded = codes.isPresent();
    if (codes.isPresent()) {
      Scorer scorer = codeScorers.of(codes.get());
      vectors.read(ordinal, vector);
      scorer.setQuery(vector);
      search.begin(codes.get().reserved(), scorer);
    } else {
      search.begin(Math.max(vectors.size(), ordinal + 1), exact);
    }
    long entry = graph.entry();
    if (entry == HnswGraph.NO_ENTRY || level > HnswGraph.entryLevel(entry)) {
      synchronized (graph) { // Rare: a node higher than all others becomes the entry point.
        entry = graph.entry();
        if (entry != HnswGraph.NO_ENTRY) {
          connect(ordinal, level, entry);
        }
        if (entry == HnswGraph.NO_ENTRY || level > HnswGraph.entryLevel(entry)) {
          graph.setEntry(ordinal, level);
        }
      }
    } else {
      connect(ordinal, level, entry);
    }
  }

  /// The paper's exponentially falling distribution, drawn from seed and ordinal so that it does
  /// not depend on who inserts when.
  private int drawLevel(int ordinal) {
    long bits = parameters.seed() + (ordinal + 1L) * 0x9E3779B97F4A7C15L; // SplitMix64
    bits = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
    bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
    bits ^= bits >>> 31;
    double uniform = ((bits >>> 11) + 1) * 0x1p-53; // In (0, 1].
    int level = (int) (-Math.log(uniform) / Math.log(parameters.m()));
    return Math.min(level, HnswGraph.MAX_LEVEL);
  }

  private void connect(int ordinal, int level, long entry) {
    int entryLevel = HnswGraph.entryLevel(entry);
    int top = Math.min(level, entryLevel);
    startCount = level == 0 ? search.keyed(neighbors, hints.near(ordinal, neighbors), starts) : 0;
    long nearest =
        startCount > 0
            ? starts[0] // Where it is looked at there are all of them.
            : search.descend(HnswGraph.entryOrdinal(entry), entryLevel, top + 1);
    for (int layer = top; layer >= 0; layer--) {
      nearest = findNeighbors(ordinal, layer, nearest);
    }
    for (int layer = 0; layer <= top; layer++) {
      Found here = chosen[layer];
      graph.setNeighbors(ordinal, layer, here.ordinals, here.keys, here.size, here.inNewDirections);
    }
    for (int layer = 0; layer <= top; layer++) {
      Found here = chosen[layer];
      for (int i = 0; i < here.size; i++) {
        linkBack(here.ordinals[i], layer, ordinal, here.keys[i]);
      }
    }
  }

  private long findNeighbors(int ordinal, int layer, long start) {
    search.clear(width());
    search.exclude(ordinal);
    walk(start, layer);
    Beam beam = search.beam();
    if (coded) {
      rescoring.take(beam);
      rescoring.rescore(RESCORED_A_NEIGHBOR * parameters.m(), exact);
    }
    int found = coded ? rescoring.size() : beam.size();
    selection.clear();
    // As many in new directions as a list holds, on the bottom layer twice the m of the paper: on
    // hard data (clusters of 200,000 rows) a walk for a recall of 0.99 takes half the time, on
    // embeddings a little less, for up to twice the time of building.
    for (int i = 0; i < found && selection.size() < graph.maxNeighbors(layer); i++) {
      selection.offer(coded ? rescoring.get(i) : beam.get(i));
    }
    selection.fill(parameters.m());
    chosen[layer].size = selection.size();
    chosen[layer].inNewDirections = selection.inNewDirections();
    System.arraycopy(selection.chosen(), 0, chosen[layer].ordinals, 0, selection.size());
    System.arraycopy(selection.chosenKeys(), 0, chosen[layer].keys, 0, selection.size());
    return beam.size() == 0 ? start : beam.get(0);
  }

  private void walk(long start, int layer) {
    IntPredicate linkable = graph.linkable();
    if (startCount > 0) {
      search.searchFrom(starts, startCount, width(), layer, Long.MAX_VALUE);
    } else if (linkable == Walk.EVERY) {
      search.searchFrom(start, width(), layer, Long.MAX_VALUE);
    } else {
      search.start(start, linkable);
      search.search(layer, linkable, search.visitedCount() + (long) LINKABLE_BUDGET * width());
    }
  }

  /// From good starts on half the beam finds as much: on 20,000 embeddings of 384 dimensions in ten
  /// parts it lost 0.001 of the recall at a beam of 40 and saved half of the time.
  private int width() {
    int width = parameters.efConstruction();
    return startCount > 0 ? Math.max(width / 2, Math.min(width, parameters.m())) : width;
  }

  private void linkBack(int node, int layer, int neighbor, float key) {
    synchronized (graph.lock(node)) {
      int count = graph.neighbors(node, layer, candidates);
      if (count < graph.maxNeighbors(layer)) {
        graph.appendNeighbor(node, layer, count, neighbor, key);
      } else {
        prune(node, layer, neighbor, key, count);
      }
    }
  }

  private void prune(int node, int layer, int neighbor, float key, int count) {
    candidates[count] = neighbor;
    graph.neighborKeys(node, layer, count, candidateKeys);
    candidateKeys[count] = key;
    selection.chooseAgain(
        candidates,
        candidateKeys,
        count + 1,
        graph.chosenNeighbors(node, layer),
        graph.maxNeighbors(layer));
    graph.setNeighbors(
        node,
        layer,
        selection.chosen(),
        selection.chosenKeys(),
        selection.size(),
        selection.size());
  }
}
