package io.alidade.sql.analyze;

import io.alidade.storage.RowLock;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;

/// A query whose names and types are resolved.
///
/// @param rel gives the rows, in the query's order if it has one, with exactly `columns`
/// @param locks what it locks of the rows that it finds, if it does
public record AnalyzedQuery(
    RelNode rel, List<OutputColumn> columns, Slots slots, Optional<Locks> locks)
    implements AnalyzedStatement {

  /// What a query locks of the rows that it finds.
  ///
  /// @param strongest the strongest of its locks
  /// @param tables the OIDs of their tables
  public record Locks(RowLock strongest, List<Integer> tables) {}
}
