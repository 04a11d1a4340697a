package io.alidade.sql.constraint;

import io.alidade.engine.payload.ValueOrder;
import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Values of a foreign key's columns as values of the columns that they point to, and back.
public final class KeyValues {
  private KeyValues() {}

  /// Whether a column can point to another: of one type, both of integers or floats or texts, or of
  /// integers to a wider kind of number.
  public static boolean areComparable(ColumnType from, ColumnType to) {
    Kind kind = from.kind();
    Kind other = to.kind();
    return kind == other
        || isInteger(kind) && (isInteger(other) || other == Kind.NUMERIC || isFloat(other))
        || isFloat(kind) && isFloat(other)
        || kind == Kind.NUMERIC && isFloat(other)
        || isText(kind) && isText(other);
  }

  private static boolean isInteger(Kind kind) {
    return kind == Kind.INT2 || kind == Kind.INT4 || kind == Kind.INT8;
  }

  private static boolean isFloat(Kind kind) {
    return kind == Kind.FLOAT4 || kind == Kind.FLOAT8;
  }

  private static boolean isText(Kind kind) {
    return kind == Kind.TEXT || kind == Kind.VARCHAR;
  }

  /// A value as one of another, comparable type.
  ///
  /// @return empty when no value of that type equals it
  static Optional<Object> as(Object value, ColumnType type) {
    Kind kind = type.kind();
    if (!(value instanceof Number number)) {
      return Optional.of(value);
    }
    return switch (kind) {
      case INT2 -> integer(number, Short.MIN_VALUE, Short.MAX_VALUE).map(Long::shortValue);
      case INT4 -> integer(number, Integer.MIN_VALUE, Integer.MAX_VALUE).map(Long::intValue);
      case INT8 -> integer(number, Long.MIN_VALUE, Long.MAX_VALUE).map(exact -> exact);
      case NUMERIC -> Optional.of(decimal(number));
      case FLOAT4 ->
          number.floatValue() == number.doubleValue() || number instanceof Float
              ? Optional.of(number.floatValue())
              : Optional.empty();
      case FLOAT8 -> Optional.of(number.doubleValue());
      default -> Optional.of(value);
    };
  }

  private static Optional<Long> integer(Number number, long least, long greatest) {
    long exact;
    try {
      exact = decimal(number).longValueExact();
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
    return exact < least || exact > greatest ? Optional.empty() : Optional.of(exact);
  }

  private static BigDecimal decimal(Number number) {
    return number instanceof BigDecimal decimal
        ? decimal
        : number instanceof Double || number instanceof Float
            ? new BigDecimal(number.doubleValue())
            : BigDecimal.valueOf(number.longValue());
  }

  /// Whether two values of one type are equal, two nulls too.
  static boolean areEqual(@Nullable Object left, @Nullable Object right, ColumnType type) {
    return left == null || right == null
        ? left == right
        : ValueOrder.of(type).compare(left, right) == 0;
  }

  /// A value as one that is equal, by Java's `equals`, to those that SQL takes as equal.
  static @Nullable Object hashable(@Nullable Object value) {
    return switch (value) {
      case BigDecimal number -> number.stripTrailingZeros();
      case Double number -> number + 0.0;
      case Float number -> number + 0.0f;
      case byte[] bytes -> java.nio.ByteBuffer.wrap(bytes);
      case null, default -> value;
    };
  }
}
