package io.alidade.engine.hnsw;

/// A graph that is to be merged, and where its rows are in the store that the merged graph is over.
///
/// Nobody may extend or repair the graph while it is merged; it may be a saved one.
public final class MergeSource {
  /// The target of a row that is left out: deleted, or for whatever reason.
  public static final int DROPPED = -1;

  private final HnswIndex index;
  private final int[] targets;

  /// @param targets for each row of the graph's store the ordinal of the same vector in the new
  ///   store, or [#DROPPED]; not copied
  public MergeSource(HnswIndex index, int[] targets) {
    if (targets.length < index.placed()) {
      throw new IllegalArgumentException(
          "targets of " + targets.length + " rows for a graph of " + index.placed());
    }
    this.index = index;
    this.targets = targets;
  }

  HnswIndex index() {
    return index;
  }

  /// How many rows have a target, be it [#DROPPED].
  int size() {
    return targets.length;
  }

  int target(int ordinal) {
    return targets[ordinal];
  }

  boolean stays(int ordinal) {
    return targets[ordinal] != DROPPED;
  }

  /// How many rows would be copied with the graph.
  int copied() {
    int placed = index.placed();
    int count = 0;
    for (int ordinal = 0; ordinal < placed; ordinal++) {
      if (stays(ordinal) && index.graph().contains(ordinal)) {
        count++;
      }
    }
    return count;
  }
}
