package io.alidade.sql.execute.row;

import org.jspecify.annotations.Nullable;

/// A value computed from a row.
@FunctionalInterface
public interface RowFunction {
  /// The value; null is SQL NULL.
  @Nullable Object apply(@Nullable Object[] row);
}
