package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;

/// Rows of 32-bit floats off-heap, reached by absolute address so that kernels meet one kind of
/// memory whether it is native or mapped.
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

  /// The floats of each row, without the padding.
  int dimensions();

  /// The published rows: ordinals from 0 up to this can be read.
  int size();

  /// The absolute address of a row. The bytes of a row without a vector are not to be read.
  long address(int ordinal);

  /// One over the row's Euclidean norm, NaN for a zero vector, [#ABSENT] for a row without one.
  float inverseNorm(int ordinal);

  /// Whether the row has a vector (SQL: whether the column is not NULL).
  default boolean isPresent(int ordinal) {
    return inverseNorm(ordinal) != ABSENT;
  }

  /// A copy of a row on the heap.
  default float[] toArray(int ordinal) {
    float[] row = new float[dimensions()];
    AddressSpace.copyFloats(address(ordinal), row);
    return row;
  }

  /// The bytes from one row to the next.
  static int rowStride(int dimensions) {
    return (dimensions * Float.BYTES + ROW_ALIGNMENT - 1) & -ROW_ALIGNMENT;
  }
}
