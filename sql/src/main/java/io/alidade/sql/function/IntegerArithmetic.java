package io.alidade.sql.function;

import static io.alidade.model.ColumnType.INT2;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.INT8;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/// Arithmetic of `smallint`, `integer` and `bigint`, which fails where a result does not fit.
final class IntegerArithmetic {
  private static final List<ColumnType> TYPES = List.of(INT2, INT4, INT8);

  private IntegerArithmetic() {}

  static void register(FunctionRegistry.Builder builder) {
    for (ColumnType left : TYPES) {
      for (ColumnType right : TYPES) {
        ColumnType wider = TYPES.indexOf(left) > TYPES.indexOf(right) ? left : right;
        binary(builder, "+", left, right, wider, Math::addExact);
        binary(builder, "-", left, right, wider, Math::subtractExact);
        binary(builder, "*", left, right, wider, Math::multiplyExact);
        binary(builder, "/", left, right, wider, IntegerArithmetic::divide);
      }
    }
    for (ColumnType type : TYPES) {
      binary(builder, "%", type, type, type, IntegerArithmetic::remainder);
      binary(builder, "mod", type, type, type, IntegerArithmetic::remainder);
      binary(builder, "&", type, type, type, (l, r) -> l & r);
      binary(builder, "|", type, type, type, (l, r) -> l | r);
      binary(builder, "#", type, type, type, (l, r) -> l ^ r);
      shift(builder, "<<", type);
      shift(builder, ">>", type);
      unary(builder, "-", type, Math::negateExact);
      unary(builder, "+", type, v -> v);
      unary(builder, "~", type, v -> ~v);
      unary(builder, "@", type, Math::absExact);
      unary(builder, "abs", type, Math::absExact);
    }
  }

  private static void binary(
      FunctionRegistry.Builder builder,
      String name,
      ColumnType left,
      ColumnType right,
      ColumnType result,
      LongBinaryOperator body) {
    builder.two(
        name,
        left,
        right,
        result,
        (_, l, r) -> {
          try {
            return box(
                body.applyAsLong(((Number) l).longValue(), ((Number) r).longValue()), result);
          } catch (ArithmeticException e) {
            throw NumberConversions.outOfRange(result.toString());
          }
        });
  }

  private static void unary(
      FunctionRegistry.Builder builder, String name, ColumnType type, LongUnaryOperator body) {
    builder.one(
        name,
        type,
        type,
        (_, v) -> {
          try {
            return box(body.applyAsLong(((Number) v).longValue()), type);
          } catch (ArithmeticException e) {
            throw NumberConversions.outOfRange(type.toString());
          }
        });
  }

  private static void shift(FunctionRegistry.Builder builder, String name, ColumnType type) {
    boolean left = name.equals("<<");
    builder.two(
        name,
        type,
        INT4,
        type,
        (_, v, by) -> {
          long value = ((Number) v).longValue();
          int bits = (Integer) by & (type.kind() == Kind.INT8 ? 63 : 31);
          return truncate(left ? value << bits : value >> bits, type);
        });
  }

  private static Object truncate(long value, ColumnType type) {
    return switch (type.kind()) {
      case INT2 -> (short) value;
      case INT4 -> (int) value;
      default -> value;
    };
  }

  private static Object box(long value, ColumnType type) {
    return switch (type.kind()) {
      case INT2 -> NumberConversions.toInt2(value);
      case INT4 -> NumberConversions.toInt4(value);
      default -> value;
    };
  }

  private static long divide(long left, long right) {
    requireNonZero(right == 0);
    return Math.divideExact(left, right);
  }

  private static long remainder(long left, long right) {
    requireNonZero(right == 0);
    return right == -1 ? 0 : left % right;
  }

  static void requireNonZero(boolean zero) {
    if (zero) {
      throw new DatabaseException(SqlState.DIVISION_BY_ZERO, "division by zero");
    }
  }
}
