package io.alidade.engine.vector;

/// The inner loops over rows of signed bytes, compared with each other; see [Int8Kernels].
///
/// Rows are given by address, each a multiple of 64, and are padded with zeros to a multiple of 64
/// `bytes`, at most 16,384. All bytes from -128 to 127 are good; results are exact. The batch forms
/// read four rows at a time.
public sealed interface Int8Kernel
    permits VectorApiInt8Kernel, ScalarInt8Kernel, SelectedInt8Kernel {
  /// The inner products of the query with `count` rows.
  void dot(long query, int bytes, long[] rows, int count, int[] out);

  /// The squared Euclidean distances of the query to `count` rows.
  void squaredL2(long query, int bytes, long[] rows, int count, int[] out);

  /// One inner product.
  int dot(long left, long right, int bytes);

  /// One squared Euclidean distance.
  int squaredL2(long left, long right, int bytes);
}
