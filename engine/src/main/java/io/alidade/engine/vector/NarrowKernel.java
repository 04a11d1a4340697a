package io.alidade.engine.vector;

/// The inner loops over rows whose numbers are narrower than a float, compared with a query of
/// floats; see [NarrowKernels].
///
/// Rows and the query are given by address, each a multiple of 64, and are padded with zeros:
/// `padded` counts the numbers of a row with its padding, fills whole lines of 64 bytes of the row,
/// and is the query's length in floats too. The batch forms read four rows at a time. All numbers
/// are finite.
public sealed interface NarrowKernel
    permits VectorApiHalfKernel, VectorApiUint8Kernel, ScalarNarrowKernel, SelectedNarrowKernel {
  /// What a row's numbers are.
  enum Element {
    /// IEEE 754 half floats, two bytes each.
    FLOAT16(Short.BYTES),
    /// Bytes from 0 to 255.
    UINT8(Byte.BYTES);

    private final int bytes;

    Element(int bytes) {
      this.bytes = bytes;
    }

    /// The bytes of one number.
    public int bytes() {
      return bytes;
    }

    /// The numbers of a row of so many dimensions with its padding.
    public int padded(int dimensions) {
      int line = VectorStore.ROW_ALIGNMENT / bytes;
      return (dimensions + line - 1) / line * line;
    }
  }

  /// The inner products of the query with `count` rows.
  void dot(long query, int padded, long[] rows, int count, float[] out);

  /// The squared Euclidean distances of the query to `count` rows.
  void squaredL2(long query, int padded, long[] rows, int count, float[] out);

  /// The sums of absolute differences of the query and `count` rows.
  void l1(long query, int padded, long[] rows, int count, float[] out);

  /// One inner product.
  float dot(long query, long row, int padded);

  /// One squared Euclidean distance.
  float squaredL2(long query, long row, int padded);

  /// One sum of absolute differences.
  float l1(long query, long row, int padded);
}
