package io.alidade.engine.hnsw;

import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.Keyed;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.VectorStore;
import java.util.function.IntPredicate;

/// One walk through a graph for the nearest nodes that a predicate accepts, and what it found.
///
/// Taken from [HnswIndex#walk] and given back by [#close] with all the memory it needs, so walking
/// allocates nothing. Used by one thread at a time.
public final class Walk implements AutoCloseable {
  private final HnswIndex index;
  private final HnswGraph graph;
  private final VectorStore vectors;
  private final LayerSearch search;

  Walk(HnswIndex index, HnswGraph graph, VectorStore vectors, Distance distance) {
    this.index = index;
    this.graph = graph;
    this.vectors = vectors;
    this.search = new LayerSearch(graph, new QueryScorer(vectors, distance));
  }

  /// Walks until `ef` accepted nodes are found and no nearer one is in sight, until there is
  /// nothing left to see, or until more than `budget` nodes have been visited.
  ///
  /// @param accepts asked about each node that comes near enough; others are stepped through
  public void run(float[] query, int ef, IntPredicate accepts, long budget) {
    search.scorer().setQuery(query);
    long entry = graph.entry();
    search.begin(vectors.size());
    search.clear(ef);
    if (entry == HnswGraph.NO_ENTRY) {
      return;
    }
    int level = HnswGraph.entryLevel(entry);
    long nearest = search.descend(HnswGraph.entryOrdinal(entry), level, 1);
    search.start(nearest, accepts);
    search.search(0, accepts, budget);
  }

  /// How many nodes were found, at most `ef`.
  public int size() {
    return search.beam().size();
  }

  /// The ordinal of a found node, the nearest first.
  public int ordinal(int place) {
    return Keyed.ordinal(search.beam().get(place));
  }

  /// The key of a found node (see [QueryScorer]).
  public float key(int place) {
    return Keyed.key(search.beam().get(place));
  }

  /// The exact distance of a found node.
  public double distance(int place) {
    return search.scorer().distance(ordinal(place));
  }

  /// How many nodes the walk compared with the query.
  public long visitedNodes() {
    return search.visitedCount();
  }

  /// Whether the walk ended by itself, not by its budget.
  public boolean isComplete() {
    return search.isComplete();
  }

  /// Gives the walk back.
  @Override
  public void close() {
    index.giveBack(this);
  }
}
