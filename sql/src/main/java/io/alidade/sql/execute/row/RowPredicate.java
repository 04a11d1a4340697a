package io.alidade.sql.execute.row;

import org.jspecify.annotations.Nullable;

/// A condition on a row that either holds or does not: SQL's unknown has become false.
@FunctionalInterface
public interface RowPredicate {
  /// Lets every row pass.
  RowPredicate ALL = row -> true;

  /// Whether the condition is true, not merely unknown.
  boolean test(@Nullable Object[] row);
}
