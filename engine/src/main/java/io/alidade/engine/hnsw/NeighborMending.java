package io.alidade.engine.hnsw;

import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.Keyed;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.VectorStore;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// The choice of new neighbours for a node that loses some: among those that it keeps and the
/// neighbours of those that it loses.
///
/// After the consolidation of deletions in Singh et al., "FreshDiskANN" (2021), with this graph's
/// own rule of choice. Where a whole neighbourhood is lost it looks further, through the lost
/// nodes, for what lies behind them: far links are what leads from one group of rows to the next.
/// Reads one graph, changes none. Used by one thread at a time.
final class NeighborMending {
  /// So many times a list's length are the nearest candidates looked at.
  private static final int CANDIDATES = 4;

  /// At most so many nodes that do not stay are looked behind.
  private static final int EXPANSIONS = 512;

  private final HnswGraph graph;
  private final VectorStore vectors;
  private final IntPredicate stays;
  private final QueryScorer scorer;
  private final NeighborSelection selection;
  private final int[] own;
  private final int[] lost = new int[2 * EXPANSIONS];
  private int lostCount;
  private int[] gathered = new int[256];
  private float[] keys = new float[256];
  private long[] sorted = new long[256];
  private long[] seen = new long[0];
  private int gatheredCount;
  private int limit;
  private int formerCount;

  /// @param stays which nodes of the graph are kept; the answers do not change
  NeighborMending(HnswGraph graph, VectorStore vectors, Distance distance, IntPredicate stays) {
    this.graph = graph;
    this.vectors = vectors;
    this.stays = stays;
    this.scorer = new QueryScorer(vectors, distance);
    this.selection =
        new NeighborSelection(new QueryScorer(vectors, distance), graph.maxNeighbors(0));
    this.own = new int[graph.maxNeighbors(0)];
  }

  /// Whether a node has neighbours that do not stay.
  boolean isNeeded(int ordinal, int level) {
    int count = graph.neighbors(ordinal, level, own);
    for (int i = 0; i < count; i++) {
      if (!stays.test(own[i])) {
        return true;
      }
    }
    return false;
  }

  /// Chooses a node's neighbours anew. The result is valid until the next choice.
  NeighborSelection choose(int ordinal, int level) {
    scorer.setQuery(ordinal);
    gather(ordinal, level);
    scorer.keys(gathered, 0, gatheredCount, keys);
    for (int i = 0; i < gatheredCount; i++) {
      sorted[i] = Keyed.of(keys[i], gathered[i]);
    }
    Arrays.sort(sorted, 0, gatheredCount);
    int max = graph.maxNeighbors(level);
    int candidates = Math.min(gatheredCount, CANDIDATES * max);
    selection.clear();
    for (int i = 0; i < candidates && selection.size() < max; i++) {
      selection.offer(sorted[i]);
    }
    selection.fill(Math.max(formerCount, graph.m())); // As many as before, or it finds less.
    return selection;
  }

  /// The neighbours that stay and those that are met first beyond those that do not, each once.
  private void gather(int ordinal, int level) {
    limit = vectors.size();
    int words = (limit + Long.SIZE - 1) / Long.SIZE;
    if (seen.length < words) {
      seen = new long[Math.max(words, seen.length + seen.length / 2)];
    }
    gatheredCount = 0;
    lostCount = 0;
    mark(ordinal);
    formerCount = meetNeighbors(ordinal, level);
    int near = lostCount;
    int kept = gatheredCount;
    for (int i = 0; i < lostCount && i < EXPANSIONS; i++) {
      if (i >= near && gatheredCount - kept >= graph.m()) {
        break; // Enough lies behind the neighbours that are lost.
      }
      meetNeighbors(lost[i], level);
    }
    unmark(ordinal);
    for (int i = 0; i < gatheredCount; i++) {
      unmark(gathered[i]);
    }
    for (int i = 0; i < lostCount; i++) {
      unmark(lost[i]);
    }
  }

  /// Gathers those of a node's neighbours that stay, and notes the others.
  private int meetNeighbors(int node, int level) {
    int count = graph.neighbors(node, level, own);
    for (int i = 0; i < count; i++) {
      int neighbor = own[i];
      // A row may have been appended and linked to since the limit was read.
      if (neighbor < limit && (seen[neighbor >> 6] & 1L << neighbor) == 0) {
        mark(neighbor);
        if (stays.test(neighbor)) {
          makeRoom();
          gathered[gatheredCount++] = neighbor;
        } else if (lostCount < lost.length) {
          lost[lostCount++] = neighbor;
        } else {
          unmark(neighbor);
        }
      }
    }
    return count;
  }

  private void mark(int ordinal) {
    seen[ordinal >> 6] |= 1L << ordinal;
  }

  private void unmark(int ordinal) {
    seen[ordinal >> 6] &= ~(1L << ordinal);
  }

  private void makeRoom() {
    if (gatheredCount == gathered.length) {
      gathered = Arrays.copyOf(gathered, 2 * gatheredCount);
      keys = new float[2 * gatheredCount];
      sorted = new long[2 * gatheredCount];
    }
  }
}
