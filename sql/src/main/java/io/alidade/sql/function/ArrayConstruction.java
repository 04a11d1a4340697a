package io.alidade.sql.function;

import io.alidade.model.ColumnType;
import io.alidade.sql.function.ScalarOperator.Volatility;
import io.alidade.sql.function.Signature.ArgumentType;
import java.util.Arrays;
import java.util.Collections;

/// Makes the operators behind `ARRAY[...]`.
public final class ArrayConstruction {
  private ArrayConstruction() {}

  /// The operator that makes an array of its arguments.
  public static ScalarOperator of(ColumnType element) {
    return new ScalarOperator(
        FunctionRegistry.variadic(
            "array", ColumnType.arrayOf(element), new ArgumentType.Exact(element)),
        Volatility.IMMUTABLE,
        (Implementation.OfRow)
            (_, arguments) -> Collections.unmodifiableList(Arrays.asList(arguments.clone())));
  }
}
