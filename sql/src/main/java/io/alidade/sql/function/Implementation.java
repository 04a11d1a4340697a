package io.alidade.sql.function;

import org.jspecify.annotations.Nullable;

/// How a [ScalarOperator] computes. All forms but [OfRow] give NULL for a NULL argument without
/// being called, which is the caller's part when it uses `compute` in place of [#apply].
public sealed interface Implementation {

  /// Computes from any number of arguments, NULLs among them.
  @Nullable Object apply(EvaluationContext context, @Nullable Object[] arguments);

  /// Of no arguments.
  non-sealed interface OfNone extends Implementation {
    @Nullable Object compute(EvaluationContext context);

    @Override
    default @Nullable Object apply(EvaluationContext context, @Nullable Object[] arguments) {
      return compute(context);
    }
  }

  /// Of one argument that is not NULL.
  non-sealed interface OfOne extends Implementation {
    @Nullable Object compute(EvaluationContext context, Object argument);

    @Override
    default @Nullable Object apply(EvaluationContext context, @Nullable Object[] arguments) {
      Object argument = arguments[0];
      return argument == null ? null : compute(context, argument);
    }
  }

  /// Of two arguments that are not NULL.
  non-sealed interface OfTwo extends Implementation {
    @Nullable Object compute(EvaluationContext context, Object left, Object right);

    @Override
    default @Nullable Object apply(EvaluationContext context, @Nullable Object[] arguments) {
      Object left = arguments[0];
      Object right = arguments[1];
      return left == null || right == null ? null : compute(context, left, right);
    }
  }

  /// Of any number of arguments that are not NULL.
  non-sealed interface OfMany extends Implementation {
    @Nullable Object compute(EvaluationContext context, Object[] arguments);

    @Override
    default @Nullable Object apply(EvaluationContext context, @Nullable Object[] arguments) {
      Object[] present = new Object[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        Object argument = arguments[i];
        if (argument == null) {
          return null;
        }
        present[i] = argument;
      }
      return compute(context, present);
    }
  }

  /// Of any number of arguments, NULLs among them.
  non-sealed interface OfRow extends Implementation {}
}
