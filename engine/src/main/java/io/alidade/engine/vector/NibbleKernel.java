package io.alidade.engine.vector;

/// The inner loops over rows of four bits a number, compared with a query of floats; see
/// [NibbleKernels] and, for the layout, [NibbleRows].
///
/// Rows are given by address, each a multiple of 64, and take a multiple of 64 `bytes`; the query
/// has two floats for each byte, zero where a row is filled up.
public sealed interface NibbleKernel
    permits VectorApiNibbleKernel, ScalarNibbleKernel, SelectedNibbleKernel {
  /// The inner products of the query with the numbers from 0 to 15 of `count` rows.
  void dot(long query, int bytes, long[] rows, int count, float[] out);

  /// One inner product.
  float dot(long query, long row, int bytes);
}
