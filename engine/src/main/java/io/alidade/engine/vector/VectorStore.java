package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;

/// Rows of numbers off-heap, all of one [VectorElement], reached by absolute address so that
/// kernels meet one kind of memory whether it is native or mapped.
///
/// Every row starts at a multiple of [#ROW_ALIGNMENT] bytes and is filled up with zeros to a
/// multiple of that, so kernels need no tail. An address stays valid as long as the view or segment
/// that gave out the store is held.
///
/// Thread-safety: any number of readers, beside at most one writer.
public interface VectorStore {
  /// Rows start at, and are padded with zeros to, a multiple of this many bytes: a cache line.
  int ROW_ALIGNMENT = 64;

  /// What [#inverseNorm] answers for a row without a vector.
  float ABSENT = -1f;

  /// The numbers of each row, without the padding.
  int dimensions();

  /// What the rows consist of.
  VectorElement element();

  /// The published rows: ordinals from 0 up to this can be read.
  int size();

  /// The absolute address of a row. The bytes of a row without a vector are not to be read.
  long address(int ordinal);

  /// One over the row's Euclidean norm, NaN for a zero vector, [#ABSENT] for a row without one.
  float inverseNorm(int ordinal);

  /// What the numbers of a row of nibbles are multiplied by; 1 for other elements.
  float factor(int ordinal);

  /// Whether the row has a vector (SQL: whether the column is not NULL).
  default boolean isPresent(int ordinal) {
    return inverseNorm(ordinal) != ABSENT;
  }

  /// Copies a row into the first [#dimensions] places of an array, as floats.
  default void read(int ordinal, float[] target) {
    if (element() == VectorElement.FLOAT32) {
      AddressSpace.copyFloats(address(ordinal), target, dimensions());
    } else {
      RowFormat.read(element(), address(ordinal), factor(ordinal), target, dimensions());
    }
  }

  /// A copy of a row on the heap, as floats.
  default float[] toArray(int ordinal) {
    float[] row = new float[dimensions()];
    read(ordinal, row);
    return row;
  }

  /// The bytes from one row of 32-bit floats to the next.
  static int rowStride(int dimensions) {
    return rowStride(dimensions, VectorElement.FLOAT32);
  }

  /// The bytes from one row to the next.
  static int rowStride(int dimensions, VectorElement element) {
    return element.rowStride(dimensions);
  }
}
