package io.alidade.sql.function;

import io.alidade.engine.payload.ValueOrder;
import io.alidade.model.ColumnType;
import io.alidade.sql.function.ScalarOperator.Volatility;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Makes the operators behind `x = ANY (array)`, `x > ALL (array)` and the like.
public final class ArrayComparison {
  private ArrayComparison() {}

  /// The operator for a comparison.
  ///
  /// @param all whether it must hold for all elements, not for any
  /// @param type in which the element and those of the array are compared
  public static ScalarOperator of(String symbol, boolean all, ColumnType type) {
    IntPredicate holds = holds(symbol);
    Comparator<Object> order = ValueOrder.of(type);
    return new ScalarOperator(
        FunctionRegistry.signature(
            name(symbol, all), ColumnType.BOOL, type, ColumnType.arrayOf(type)),
        Volatility.IMMUTABLE,
        (Implementation.OfTwo)
            (_, left, array) ->
                evaluate(array, all, element -> holds.test(order.compare(left, element))));
  }

  /// The operator for one that is no comparison.
  public static ScalarOperator of(ScalarOperator operator, boolean all) {
    ColumnType type = ColumnType.TEXT;
    return new ScalarOperator(
        FunctionRegistry.signature(
            name(operator.getName(), all), ColumnType.BOOL, type, ColumnType.arrayOf(type)),
        operator.volatility(),
        (Implementation.OfTwo)
            (context, left, array) ->
                evaluate(
                    array,
                    all,
                    element -> Boolean.TRUE.equals(operator.apply(context, left, element))));
  }

  private static String name(String symbol, boolean all) {
    return symbol + (all ? " ALL" : " ANY");
  }

  private interface Test {
    boolean holds(Object element);
  }

  private static @Nullable Boolean evaluate(Object array, boolean all, Test test) {
    boolean sawNull = false;
    List<@Nullable Object> elements = ArrayConversions.elements(array);
    for (Object element : elements) {
      if (element == null) {
        sawNull = true;
      } else if (test.holds(element) != all) {
        return !all;
      }
    }
    return sawNull ? null : Boolean.valueOf(all);
  }

  private static IntPredicate holds(String symbol) {
    return switch (symbol) {
      case "=" -> order -> order == 0;
      case "<>" -> order -> order != 0;
      case "<" -> order -> order < 0;
      case "<=" -> order -> order <= 0;
      case ">" -> order -> order > 0;
      case ">=" -> order -> order >= 0;
      default -> throw new IllegalArgumentException(symbol + " is no comparison");
    };
  }
}
