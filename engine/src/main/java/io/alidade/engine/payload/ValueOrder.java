package io.alidade.engine.payload;

import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.model.Jsonb;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's order of the values of one type: text by code points (its "C" collation), NaN
/// greater than any other float and equal to itself, NULL after everything.
///
/// `jsonb` is ordered by its canonical text, which is not PostgreSQL's order but agrees with it on
/// what is equal.
public final class ValueOrder {
  private ValueOrder() {}

  /// The order of the type's values.
  public static Comparator<Object> of(ColumnType type) {
    return switch (type.kind()) {
      case BOOL -> (left, right) -> Boolean.compare((Boolean) left, (Boolean) right);
      case INT2, INT4, INT8, OID, REGPROC, REGCLASS, REGTYPE, DATE, TIMESTAMP, TIMESTAMPTZ ->
          (left, right) -> Long.compare(((Number) left).longValue(), ((Number) right).longValue());
      case FLOAT4, FLOAT8 ->
          (left, right) -> compare(((Number) left).doubleValue(), ((Number) right).doubleValue());
      case NUMERIC -> (left, right) -> ((BigDecimal) left).compareTo((BigDecimal) right);
      case TEXT, VARCHAR, NAME, CHAR -> (left, right) -> compare((String) left, (String) right);
      case BYTEA -> (left, right) -> Arrays.compareUnsigned((byte[]) left, (byte[]) right);
      case UUID -> (left, right) -> compare((UUID) left, (UUID) right);
      case JSONB -> (left, right) -> compare(((Jsonb) left).text(), ((Jsonb) right).text());
      case VECTOR, HALFVEC -> (left, right) -> compare((float[]) left, (float[]) right);
      case BIT, VARBIT -> (left, right) -> ((BitString) left).compareTo((BitString) right);
      case ARRAY -> arrays(nullsLast(of(type.elementType())));
    };
  }

  /// An order that puts null, which is SQL NULL, after everything and makes it equal to itself.
  public static Comparator<@Nullable Object> nullsLast(Comparator<Object> order) {
    return (left, right) -> {
      if (left == null || right == null) {
        return Boolean.compare(left == null, right == null);
      }
      return order.compare(left, right);
    };
  }

  /// How the column's value at an ordinal, which must not be NULL, compares with a fixed value.
  public static IntUnaryOperator against(ColumnReader column, Object value) {
    return switch (column.type().kind()) {
      case BOOL -> {
        long fixed = (Boolean) value ? 1 : 0;
        yield ordinal -> Long.compare(column.getLong(ordinal), fixed);
      }
      case INT2, INT4, INT8, OID, REGPROC, REGCLASS, REGTYPE, DATE, TIMESTAMP, TIMESTAMPTZ -> {
        long fixed = ((Number) value).longValue();
        yield ordinal -> Long.compare(column.getLong(ordinal), fixed);
      }
      case FLOAT4, FLOAT8 -> {
        double fixed = ((Number) value).doubleValue();
        yield ordinal -> compare(column.getDouble(ordinal), fixed);
      }
      case NUMERIC,
          TEXT,
          VARCHAR,
          NAME,
          CHAR,
          BYTEA,
          UUID,
          JSONB,
          VECTOR,
          HALFVEC,
          BIT,
          VARBIT,
          ARRAY -> {
        Comparator<Object> order = of(column.type());
        yield ordinal -> order.compare(present(column, ordinal), value);
      }
    };
  }

  static Object present(ColumnReader column, int ordinal) {
    Object value = column.get(ordinal);
    if (value == null) {
      throw new IllegalStateException("the value at ordinal " + ordinal + " is NULL");
    }
    return value;
  }

  private static int compare(double left, double right) {
    if (left < right) {
      return -1;
    }
    if (left > right) {
      return 1;
    }
    return Boolean.compare(Double.isNaN(left), Double.isNaN(right)); // And 0 equals -0.
  }

  private static int compare(float[] left, float[] right) {
    int shorter = Math.min(left.length, right.length);
    for (int i = 0; i < shorter; i++) {
      int order = compare(left[i], (double) right[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  private static int compare(UUID left, UUID right) {
    int high = Long.compareUnsigned(left.getMostSignificantBits(), right.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(left.getLeastSignificantBits(), right.getLeastSignificantBits());
  }

  /// By code points, as the bytes of UTF-8 would order them; UTF-16 orders surrogates too low.
  private static int compare(String left, String right) {
    int shorter = Math.min(left.length(), right.length());
    for (int i = 0; i < shorter; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean leftBeyond = Character.isSurrogate(a);
        boolean rightBeyond = Character.isSurrogate(b);
        return leftBeyond == rightBeyond
            ? Character.compare(a, b)
            : Boolean.compare(leftBeyond, rightBeyond);
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  private static Comparator<Object> arrays(Comparator<@Nullable Object> elements) {
    return (left, right) -> {
      List<?> a = (List<?>) left;
      List<?> b = (List<?>) right;
      int shorter = Math.min(a.size(), b.size());
      for (int i = 0; i < shorter; i++) {
        int order = elements.compare(a.get(i), b.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(a.size(), b.size());
    };
  }
}
