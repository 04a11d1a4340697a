package io.alidade.engine.vector;

/// The inner loops of a random rotation: signs, a Hadamard transform of blocks, and the order in
/// which blocks get their floats; one implementation is chosen when the process starts.
///
/// All implementations give the same bits, for there are only sums of two floats and products with
/// plus or minus a power of two or its root, in the same order.
public sealed interface HadamardKernel permits VectorApiHadamardKernel, ScalarHadamardKernel {
  /// So many floats move together when they are dealt out to blocks.
  int GRANULE = 16;

  /// Fills granule `g` of `to` from granule `order[g]` of `from`, multiplied by the factors of its
  /// new place, and transforms each block of the result.
  ///
  /// @param from may be `to` if the order changes nothing
  /// @param factors one for each float of `to`, all of the same magnitude
  /// @param block a power of two from [#GRANULE] on that divides the length
  void round(float[] from, int[] order, float[] factors, float[] to, int block);
}
