package io.alidade.engine.hnsw;

import io.alidade.engine.vector.Distance;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What is known about a store's rows from the graphs of the stores that they come from.
///
/// The graph with most rows is copied ([GraphCopy]) and the other rows are inserted. The neighbours
/// that a row had in its own graph, as far as they are in by then, are where its insertion starts.
final class GraphMerge implements InsertionHints {
  private static final int NOWHERE = -1;

  private final List<MergeSource> sources;
  private final HnswGraph graph;

  /// For each row of the new store the source that it comes from, and its ordinal there.
  private final int[] sourceOf;

  private final int[] ordinalIn;

  /// @param graph over the new store
  /// @param end the rows of the new store that are to be in it
  /// @throws IllegalArgumentException if two rows have the same target, or one has one that is not
  ///   below the end, or a source has another distance
  GraphMerge(List<MergeSource> sources, Distance distance, HnswGraph graph, int end) {
    this.sources = List.copyOf(sources);
    this.graph = graph;
    this.sourceOf = new int[end];
    this.ordinalIn = new int[end];
    Arrays.fill(sourceOf, NOWHERE);
    for (int number = 0; number < sources.size(); number++) {
      Distance own = sources.get(number).index().distance();
      if (own != distance) {
        throw new IllegalArgumentException("a graph for " + own + " among those for " + distance);
      }
      map(number);
    }
  }

  private void map(int number) {
    MergeSource source = sources.get(number);
    for (int ordinal = 0; ordinal < source.size(); ordinal++) {
      if (source.stays(ordinal)) {
        int target = source.target(ordinal);
        if (target < 0 || target >= sourceOf.length || sourceOf[target] != NOWHERE) {
          throw new IllegalArgumentException(
              "row " + ordinal + " of source " + number + " cannot be row " + target);
        }
        sourceOf[target] = number;
        ordinalIn[target] = ordinal;
      }
    }
  }

  /// The source with most rows, the first of several, of those whose lists are as long as ours.
  Optional<MergeSource> largest() {
    Optional<MergeSource> largest = Optional.empty();
    int most = 0;
    for (MergeSource source : sources) {
      int copied = source.index().graph().m() == graph.m() ? source.copied() : 0;
      if (copied > most) {
        most = copied;
        largest = Optional.of(source);
      }
    }
    return largest;
  }

  @Override
  public int near(int ordinal, int[] target) {
    if (sourceOf[ordinal] == NOWHERE) {
      return 0;
    }
    MergeSource source = sources.get(sourceOf[ordinal]);
    HnswGraph own = source.index().graph();
    if (ordinalIn[ordinal] >= source.index().placed()
        || !own.contains(ordinalIn[ordinal])
        || own.m() > graph.m()) {
      return 0;
    }
    int count = own.neighbors(ordinalIn[ordinal], 0, target);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int neighbor = source.target(target[i]);
      // One that another thread is inserting has no way on yet.
      if (neighbor != MergeSource.DROPPED
          && graph.contains(neighbor)
          && graph.hasNeighbors(neighbor)) {
        target[kept++] = neighbor;
      }
    }
    return kept;
  }
}
