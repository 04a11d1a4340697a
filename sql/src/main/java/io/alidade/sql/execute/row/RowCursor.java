package io.alidade.sql.execute.row;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A running operator, from which rows are pulled in batches. Used by one thread at a time.
public interface RowCursor extends AutoCloseable {
  /// The most rows in a batch.
  int BATCH_ROWS = 1024;

  /// The next rows, at most [#BATCH_ROWS]; empty at the end, and again whenever asked after it. The
  /// list belongs to the caller, the rows in it are not to be changed.
  List<@Nullable Object[]> next();

  /// Frees what the operator holds. Further calls do nothing.
  @Override
  void close();
}
