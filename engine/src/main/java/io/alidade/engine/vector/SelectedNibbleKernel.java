package io.alidade.engine.vector;

/// The kernels for nibbles that the self-test chose.
///
/// A record, whose fields the compiler takes for constant: a call costs one test of the choice.
record SelectedNibbleKernel(
    ScalarNibbleKernel scalar, VectorApiNibbleKernel vectorized, KernelChoice choice)
    implements NibbleKernel {

  @Override
  public void dot(long query, int bytes, long[] rows, int count, float[] out) {
    if (choice.isScalar()) {
      scalar.dot(query, bytes, rows, count, out);
    } else {
      vectorized.dot(query, bytes, rows, count, out);
    }
  }

  @Override
  public float dot(long query, long row, int bytes) {
    return choice.isScalar() ? scalar.dot(query, row, bytes) : vectorized.dot(query, row, bytes);
  }
}
