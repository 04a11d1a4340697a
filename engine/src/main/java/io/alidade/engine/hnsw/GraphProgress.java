package io.alidade.engine.hnsw;

import java.util.concurrent.atomic.AtomicLong;

/// What is being done to a graph, and how far it is.
///
/// @param done how many of the rows have been gone through
/// @param total how many rows there are to go through
public record GraphProgress(Work work, long done, long total) {
  /// What can be done to a graph.
  public enum Work {
    /// Rows are inserted.
    EXTENSION,
    /// Links to deleted rows are replaced.
    REPAIR,
    /// Graphs are made one.
    MERGE
  }

  /// A work that is under way, counted by those who do it.
  record Counter(Work work, long total, AtomicLong done) {
    Counter(Work work, long total) {
      this(work, total, new AtomicLong());
    }

    GraphProgress read() {
      return new GraphProgress(work, Math.min(done.get(), total), total);
    }
  }
}
