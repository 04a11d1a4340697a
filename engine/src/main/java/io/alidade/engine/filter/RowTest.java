package io.alidade.engine.filter;

import io.alidade.engine.payload.SegmentColumns;

/// A predicate that is computed outside the engine, such as any SQL expression over one table.
@FunctionalInterface
public interface RowTest {
  /// Prepares the test for the rows of one segment. Called once a segment and search.
  Bound bind(SegmentColumns segment);

  /// The test for one segment. Used by one thread at a time.
  @FunctionalInterface
  interface Bound {
    /// Whether the row matches; throws what ends the statement (division by zero, say).
    Truth test(int ordinal);
  }
}
