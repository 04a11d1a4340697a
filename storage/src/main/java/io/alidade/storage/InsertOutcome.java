package io.alidade.storage;

import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.table.RowReference;
import io.alidade.storage.table.TableView;

/// What came of inserting a row that may be there already.
public sealed interface InsertOutcome {

  /// The row was inserted.
  record Inserted() implements InsertOutcome {}

  /// A row with an equal key is there; nothing was inserted.
  ///
  /// @param view where the row is; it sees the latest commits, maybe later ones than the
  ///   statement's snapshot. Whoever gets it closes it
  /// @param row the row's place in that view
  /// @param index the unique index that both have an equal key of
  /// @param origin who wrote the row
  record Conflict(TableView view, RowReference row, IndexDefinition index, Origin origin)
      implements InsertOutcome {}

  /// Who wrote a conflicting row.
  enum Origin {
    EARLIER,
    /// The running statement; PostgreSQL refuses to update it a second time (21000).
    THIS_STATEMENT
  }
}
