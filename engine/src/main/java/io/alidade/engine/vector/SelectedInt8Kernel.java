package io.alidade.engine.vector;

/// The kernels for signed bytes that the self-test chose.
///
/// A record, whose fields the compiler takes for constant: a call costs one test of the choice.
record SelectedInt8Kernel(
    ScalarInt8Kernel scalar, VectorApiInt8Kernel vectorized, KernelChoice choice)
    implements Int8Kernel {

  @Override
  public void dot(long query, int bytes, long[] rows, int count, int[] out) {
    if (choice.isScalar()) {
      scalar.dot(query, bytes, rows, count, out);
    } else {
      vectorized.dot(query, bytes, rows, count, out);
    }
  }

  @Override
  public void squaredL2(long query, int bytes, long[] rows, int count, int[] out) {
    if (choice.isScalar()) {
      scalar.squaredL2(query, bytes, rows, count, out);
    } else {
      vectorized.squaredL2(query, bytes, rows, count, out);
    }
  }

  @Override
  public int dot(long left, long right, int bytes) {
    return choice.isScalar() ? scalar.dot(left, right, bytes) : vectorized.dot(left, right, bytes);
  }

  @Override
  public int squaredL2(long left, long right, int bytes) {
    return choice.isScalar()
        ? scalar.squaredL2(left, right, bytes)
        : vectorized.squaredL2(left, right, bytes);
  }
}
