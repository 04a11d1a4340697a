package io.alidade.sql.execute;

import io.alidade.engine.filter.Filter;

/// A table's filter before its parameters have values. Immutable.
@FunctionalInterface
interface ScanFilter {
  /// Lets every row pass.
  ScanFilter ALL = _ -> Filter.ALL;

  /// The filter with the execution's values.
  Filter bind(ExecutionContext context);
}
