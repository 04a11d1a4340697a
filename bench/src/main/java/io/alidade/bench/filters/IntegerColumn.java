package io.alidade.bench.filters;

import io.alidade.engine.payload.ColumnReader;
import io.alidade.model.ColumnType;
import org.jspecify.annotations.Nullable;

/// A column of integers in an array; negative ones stand for NULL.
public record IntegerColumn(int[] values) implements ColumnReader {

  @Override
  public ColumnType type() {
    return ColumnType.INT4;
  }

  @Override
  public boolean isNull(int ordinal) {
    return values[ordinal] < 0;
  }

  @Override
  public long getLong(int ordinal) {
    return values[ordinal];
  }

  @Override
  public double getDouble(int ordinal) {
    throw new UnsupportedOperationException("integers");
  }

  @Override
  public @Nullable Object get(int ordinal) {
    return isNull(ordinal) ? null : values[ordinal];
  }
}
