package io.alidade.engine.payload;

import io.alidade.model.ColumnType;
import java.util.List;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/// An ordered index that takes writes: a concurrent sorted set of keys with their ordinals.
///
/// One writer, any number of readers. An ordinal must be added before the segment publishes it.
public final class MutableOrderedIndex implements OrderedIndex {
  public MutableOrderedIndex(List<Integer> columns, List<ColumnType> types) {
    throw new UnsupportedOperationException();
  }

  /// Adds an ordinal under its key: one canonical value, or null, for each indexed column.
  public void add(@Nullable Object[] key, int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Integer> columns() {
    throw new UnsupportedOperationException();
  }

  @Override
  public PrimitiveIterator.OfInt range(KeyRange range, Direction direction) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int count(KeyRange range, int limit) {
    throw new UnsupportedOperationException();
  }
}
