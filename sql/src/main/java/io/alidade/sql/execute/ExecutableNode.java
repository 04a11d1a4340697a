package io.alidade.sql.execute;

import io.alidade.sql.execute.row.RowCursor;

/// A plan node with its expressions compiled, to be opened any number of times. Immutable.
@FunctionalInterface
interface ExecutableNode {
  /// Starts the operator.
  RowCursor open(ExecutionContext context);
}
