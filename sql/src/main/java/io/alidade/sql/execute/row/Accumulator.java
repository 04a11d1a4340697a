package io.alidade.sql.execute.row;

import org.jspecify.annotations.Nullable;

/// One aggregate of one group while its rows are being read.
public interface Accumulator {
  /// Takes a row of the group.
  void add(@Nullable Object[] row);

  /// The aggregate of the rows so far; null is SQL NULL.
  @Nullable Object result();
}
