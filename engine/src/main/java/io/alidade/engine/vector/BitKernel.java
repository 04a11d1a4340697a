package io.alidade.engine.vector;

/// The inner loops over vectors of bits; see [BitKernels] and, for what they compute,
/// [BitDistance].
///
/// Rows are given by address, each a multiple of 64, and are padded with zero bits to a multiple of
/// 64 `bytes`. The batch forms read four rows at a time; the range forms read rows that follow each
/// other, each `stride` bytes after the one before.
public sealed interface BitKernel permits VectorApiBitKernel, ScalarBitKernel, SelectedBitKernel {
  /// In how many bits the query differs from each of `count` rows.
  void hamming(long query, int bytes, long[] rows, int count, int[] out);

  /// The same of rows that follow each other.
  void hamming(long query, int bytes, long first, long stride, int count, int[] out);

  /// The same of one row.
  int hamming(long left, long right, int bytes);

  /// The jaccard distances of the query to `count` rows.
  void jaccard(long query, int bytes, long[] rows, int count, float[] out);

  /// The same of rows that follow each other.
  void jaccard(long query, int bytes, long first, long stride, int count, float[] out);

  /// The same of one row, in double precision.
  double jaccard(long left, long right, int bytes);
}
