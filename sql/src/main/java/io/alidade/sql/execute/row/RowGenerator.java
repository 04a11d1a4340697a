package io.alidade.sql.execute.row;

import org.jspecify.annotations.Nullable;

/// Rows made one at a time, for operators whose state is easier told row by row.
@FunctionalInterface
public interface RowGenerator {
  /// The next row, or null at the end.
  @Nullable Object @Nullable [] next();
}
