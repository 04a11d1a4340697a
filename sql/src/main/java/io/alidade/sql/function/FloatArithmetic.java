package io.alidade.sql.function;

import static io.alidade.model.ColumnType.FLOAT4;
import static io.alidade.model.ColumnType.FLOAT8;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// Arithmetic of `real` and `double precision`, which fails where a finite value becomes infinite.
final class FloatArithmetic {
  private FloatArithmetic() {}

  static void register(FunctionRegistry.Builder builder) {
    binary(builder, "+", Double::sum);
    binary(builder, "-", (l, r) -> l - r);
    binary(builder, "*", (l, r) -> l * r);
    binary(builder, "/", FloatArithmetic::divide);
    for (ColumnType type : new ColumnType[] {FLOAT4, FLOAT8}) {
      unary(builder, "-", type, v -> -v);
      unary(builder, "+", type, v -> v);
      unary(builder, "@", type, Math::abs);
      unary(builder, "abs", type, Math::abs);
    }
  }

  private static void binary(
      FunctionRegistry.Builder builder, String name, DoubleBinaryOperator body) {
    for (ColumnType left : new ColumnType[] {FLOAT4, FLOAT8}) {
      for (ColumnType right : new ColumnType[] {FLOAT4, FLOAT8}) {
        boolean single = left.equals(FLOAT4) && right.equals(FLOAT4);
        builder.two(
            name,
            left,
            right,
            single ? FLOAT4 : FLOAT8,
            (_, l, r) -> {
              double a = ((Number) l).doubleValue();
              double b = ((Number) r).doubleValue();
              // A double holds the exact result of these operations on floats well enough that
              // rounding it once more gives the float operation's result.
              double result = body.applyAsDouble(a, b);
              return single
                  ? (Object) (float) checked((float) result, a, b, name)
                  : (Object) checked(result, a, b, name);
            });
      }
    }
  }

  private static void unary(
      FunctionRegistry.Builder builder, String name, ColumnType type, DoubleUnaryOperator body) {
    builder.one(
        name,
        type,
        type,
        (_, v) -> {
          double result = body.applyAsDouble(((Number) v).doubleValue());
          return type.equals(FLOAT4) ? (Object) (float) result : (Object) result;
        });
  }

  private static double checked(double result, double left, double right, String operator) {
    if (Double.isInfinite(result) && !Double.isInfinite(left) && !Double.isInfinite(right)) {
      throw overflow();
    }
    boolean product = operator.equals("*") && right != 0;
    boolean quotient = operator.equals("/") && !Double.isInfinite(right);
    if (result == 0 && left != 0 && (product || quotient)) {
      throw new DatabaseException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
    }
    return result;
  }

  static DatabaseException overflow() {
    return new DatabaseException(
        SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
  }

  private static double divide(double left, double right) {
    IntegerArithmetic.requireNonZero(right == 0 && !Double.isNaN(left));
    return left / right;
  }
}
