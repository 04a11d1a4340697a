package io.alidade.sql.execute;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.execute.row.LimitedRows;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// LIMIT and OFFSET before their parameters have values.
record RowLimits(Optional<CompiledExpression> offset, Optional<CompiledExpression> limit) {
  private static final @Nullable Object[] NO_ROW = {};

  /// LIMIT's value, [LimitedRows#UNLIMITED] without one.
  long limitIn(ExecutionContext context) {
    Object value = limit.isEmpty() ? null : limit.get().evaluate(context, NO_ROW);
    if (value == null) {
      return LimitedRows.UNLIMITED;
    }
    long rows = ((Number) value).longValue();
    if (rows < 0) {
      throw new DatabaseException(
          SqlState.INVALID_ROW_COUNT_IN_LIMIT_CLAUSE, "LIMIT must not be negative");
    }
    return rows;
  }

  /// OFFSET's value, 0 without one.
  long offsetIn(ExecutionContext context) {
    Object value = offset.isEmpty() ? null : offset.get().evaluate(context, NO_ROW);
    if (value == null) {
      return 0;
    }
    long rows = ((Number) value).longValue();
    if (rows < 0) {
      throw new DatabaseException(
          SqlState.INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE, "OFFSET must not be negative");
    }
    return rows;
  }

  /// How many of the first rows matter.
  long endIn(ExecutionContext context) {
    long limited = limitIn(context);
    long end = limited + offsetIn(context);
    return limited == LimitedRows.UNLIMITED || end < 0 ? LimitedRows.UNLIMITED : end;
  }
}
