package io.alidade.engine.hnsw;

import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.VectorStore;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/// Copies a graph into an empty one under other ordinals. What a node loses by rows that are
/// dropped is mended on the way, as [GraphRepair] does.
///
/// Nobody comes to the copied nodes before there is an entry point, which is set last.
final class GraphCopy {
  private final MergeSource source;
  private final HnswGraph from;
  private final HnswGraph to;
  private final Distance distance;
  private final VectorStore vectors;
  private final int end;

  /// @param to empty, and with room for the ordinals below `end`
  /// @param vectors the rows of `to`
  GraphCopy(MergeSource source, HnswGraph to, Distance distance, VectorStore vectors, int end) {
    this.source = source;
    this.from = source.index().graph();
    this.to = to;
    this.distance = distance;
    this.vectors = vectors;
    this.end = end;
  }

  /// Returns whether it came to the end; if not, the graph is as empty as before.
  boolean run(int threads, Executor executor, AtomicLong done) {
    int placed = source.index().placed();
    for (int ordinal = 0; ordinal < placed; ordinal++) {
      if (isCopied(ordinal)) {
        to.add(source.target(ordinal), from.level(ordinal));
      }
    }
    if (!new ParallelBlocks(0, placed, done).run(Copier::new, threads, executor)) {
      for (int ordinal = 0; ordinal < placed; ordinal++) {
        if (isCopied(ordinal)) {
          to.forget(source.target(ordinal));
        }
      }
      return false;
    }
    to.enterAtHighest(end, _ -> true);
    return true;
  }

  private boolean isCopied(int ordinal) {
    return source.stays(ordinal) && from.contains(ordinal);
  }

  /// What one thread copies.
  private final class Copier implements ParallelBlocks.Worker {
    private final NeighborMending mending =
        new NeighborMending(from, source.index().vectors(), distance, source::stays);
    private final QueryScorer scorer = new QueryScorer(vectors, distance);
    private final int[] neighbors = new int[from.maxNeighbors(0)];
    private final float[] keys = new float[from.maxNeighbors(0)];

    @Override
    public void run(int first, int last) {
      for (int ordinal = first; ordinal < last; ordinal++) {
        if (isCopied(ordinal)) {
          for (int level = 0; level <= from.level(ordinal); level++) {
            copy(ordinal, level);
          }
        }
      }
    }

    private void copy(int ordinal, int level) {
      int target = source.target(ordinal);
      int count;
      int inNewDirections = 0; // Unknown: found out when the list is full.
      if (mending.isNeeded(ordinal, level)) {
        NeighborSelection chosen = mending.choose(ordinal, level);
        count = chosen.size();
        inNewDirections = chosen.inNewDirections();
        System.arraycopy(chosen.chosen(), 0, neighbors, 0, count);
        System.arraycopy(chosen.chosenKeys(), 0, keys, 0, count);
        map(count);
      } else {
        count = from.neighbors(ordinal, level, neighbors);
        map(count);
        scorer.setQuery(target);
        scorer.keys(neighbors, 0, count, keys);
      }
      to.setNeighbors(target, level, neighbors, keys, count, inNewDirections);
    }

    private void map(int count) {
      for (int i = 0; i < count; i++) {
        neighbors[i] = source.target(neighbors[i]);
      }
    }
  }
}
