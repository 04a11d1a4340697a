package io.alidade.engine.payload;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.PrimitiveIterator;

/// An ordered index of a sealed segment: its ordinals, sorted by their keys, as plain integers
/// (32 bits, little-endian); the keys are read from the columns.
public final class SealedOrderedIndex implements OrderedIndex {
  /// An index over the columns' readers, most significant first.
  ///
  /// @param permutation what [#sort] returned, as 32-bit integers at any alignment
  /// @throws IllegalArgumentException if the integers are not a permutation of all ordinals
  public SealedOrderedIndex(
      List<Integer> columns, List<ColumnReader> readers, MemorySegment permutation) {
    throw new UnsupportedOperationException();
  }

  /// The ordinals 0 to `size - 1` in the order of the columns.
  public static int[] sort(List<ColumnReader> readers, int size) {
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
