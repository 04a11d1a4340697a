package io.alidade.sql.execute;

import org.jspecify.annotations.Nullable;

/// An expression ready to be evaluated. Immutable; its state is in the context.
@FunctionalInterface
interface CompiledExpression {
  /// The value for a row; null is SQL NULL.
  @Nullable Object evaluate(ExecutionContext context, @Nullable Object[] row);
}
