package io.alidade.sql.execute.row;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes keys of rows for hash tables: two rows have equal keys when SQL takes their values for the
/// same (numbers whatever their scale, -0 and 0, NaN and NaN).
///
/// NULL is equal to NULL in a key, as in GROUP BY; for joins [#joinKey] leaves such rows out.
public final class RowKeys {
  private final RowFunction[] parts;

  public RowKeys(List<RowFunction> parts) {
    this.parts = parts.toArray(RowFunction[]::new);
  }

  /// Some columns of a row.
  public static RowKeys of(int... columns) {
    return new RowKeys(
        Arrays.stream(columns).<RowFunction>mapToObj(column -> row -> row[column]).toList());
  }

  /// Every column of rows this wide.
  public static RowKeys all(int width) {
    int[] columns = new int[width];
    Arrays.setAll(columns, i -> i);
    return of(columns);
  }

  /// The key by which rows are grouped.
  public Object groupKey(@Nullable Object[] row) {
    if (parts.length == 1) {
      return keyOf(parts[0].apply(row));
    }
    Object[] values = new Object[parts.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = keyOf(parts[i].apply(row));
    }
    return new Composite(values);
  }

  /// The key by which rows are joined, or null if the row cannot match because a part is NULL where
  /// `nullMatches` does not say that NULL equals NULL.
  @Nullable Object joinKey(@Nullable Object[] row, List<Boolean> nullMatches) {
    Object key = groupKey(row);
    if (parts.length == 1) {
      return key == NullKey.NULL && !nullMatches.getFirst() ? null : key;
    }
    Object[] values = ((Composite) key).values();
    for (int i = 0; i < values.length; i++) {
      if (values[i] == NullKey.NULL && !nullMatches.get(i)) {
        return null;
      }
    }
    return key;
  }

  /// The key of a single value.
  public static Object keyOf(@Nullable Object value) {
    return switch (value) {
      case null -> NullKey.NULL;
      case String text -> text;
      case Long number -> number;
      case Integer number -> number;
      case BigDecimal number ->
          number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
      case Double number -> number == 0.0 ? (Object) 0.0 : number;
      case Float number -> number == 0.0f ? (Object) 0.0f : number;
      case byte[] bytes -> new Bytes(bytes);
      case float[] vector -> new Vector(vector);
      case List<?> list -> list.stream().map(RowKeys::keyOf).toList();
      default -> value;
    };
  }

  private enum NullKey {
    NULL
  }

  private record Composite(Object[] values) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Composite(var those) && Arrays.equals(values, those);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }

  private record Bytes(byte[] bytes) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Bytes(var those) && Arrays.equals(bytes, those);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  private record Vector(float[] values) {
    @Override
    public boolean equals(@Nullable Object other) {
      if (!(other instanceof Vector(var those)) || values.length != those.length) {
        return false;
      }
      for (int i = 0; i < values.length; i++) {
        if (values[i] != those[i]) { // Vectors hold no NaN, and -0 is 0.
          return false;
        }
      }
      return true;
    }

    @Override
    public int hashCode() {
      int hash = values.length;
      for (float value : values) {
        hash = 31 * hash + (value == 0 ? 0 : Float.floatToIntBits(value));
      }
      return hash;
    }
  }
}
