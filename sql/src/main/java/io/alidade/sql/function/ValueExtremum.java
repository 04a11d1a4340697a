package io.alidade.sql.function;

import io.alidade.engine.payload.ValueOrder;
import io.alidade.model.ColumnType;
import io.alidade.sql.function.ScalarOperator.Volatility;
import io.alidade.sql.function.Signature.ArgumentType;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// Makes the operators behind GREATEST and LEAST, which pass over NULLs.
public final class ValueExtremum {
  private ValueExtremum() {}

  /// The operator for values of a type.
  public static ScalarOperator of(boolean greatest, ColumnType type) {
    Comparator<Object> order = ValueOrder.of(type);
    return new ScalarOperator(
        FunctionRegistry.variadic(
            greatest ? "greatest" : "least", type, new ArgumentType.Exact(type)),
        Volatility.IMMUTABLE,
        (Implementation.OfRow)
            (_, arguments) -> best(arguments, greatest ? order.reversed() : order));
  }

  private static @Nullable Object best(@Nullable Object[] arguments, Comparator<Object> order) {
    Object best = null;
    for (Object argument : arguments) {
      if (argument != null && (best == null || order.compare(argument, best) < 0)) {
        best = argument;
      }
    }
    return best;
  }
}
