package io.alidade.engine.vector;

/// The kernels for bits that the self-test chose.
///
/// A record, whose fields the compiler takes for constant: a call costs one test of the choice.
record SelectedBitKernel(ScalarBitKernel scalar, VectorApiBitKernel vectorized, KernelChoice choice)
    implements BitKernel {

  @Override
  public void hamming(long query, int bytes, long[] rows, int count, int[] out) {
    if (choice.isScalar()) {
      scalar.hamming(query, bytes, rows, count, out);
    } else {
      vectorized.hamming(query, bytes, rows, count, out);
    }
  }

  @Override
  public void hamming(long query, int bytes, long first, long stride, int count, int[] out) {
    if (choice.isScalar()) {
      scalar.hamming(query, bytes, first, stride, count, out);
    } else {
      vectorized.hamming(query, bytes, first, stride, count, out);
    }
  }

  @Override
  public int hamming(long left, long right, int bytes) {
    return choice.isScalar()
        ? scalar.hamming(left, right, bytes)
        : vectorized.hamming(left, right, bytes);
  }

  @Override
  public void jaccard(long query, int bytes, long[] rows, int count, float[] out) {
    if (choice.isScalar()) {
      scalar.jaccard(query, bytes, rows, count, out);
    } else {
      vectorized.jaccard(query, bytes, rows, count, out);
    }
  }

  @Override
  public void jaccard(long query, int bytes, long first, long stride, int count, float[] out) {
    if (choice.isScalar()) {
      scalar.jaccard(query, bytes, first, stride, count, out);
    } else {
      vectorized.jaccard(query, bytes, first, stride, count, out);
    }
  }

  @Override
  public double jaccard(long left, long right, int bytes) {
    return choice.isScalar()
        ? scalar.jaccard(left, right, bytes)
        : vectorized.jaccard(left, right, bytes);
  }
}
