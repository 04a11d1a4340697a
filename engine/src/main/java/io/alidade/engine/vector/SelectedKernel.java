package io.alidade.engine.vector;

/// The kernels over floats that the self-test chose.
///
/// A record, whose fields the compiler takes for constant: a call costs one test of the choice.
record SelectedKernel(ScalarKernel scalar, VectorApiKernel vectorized, KernelChoice choice)
    implements Kernel {

  @Override
  public void dot(long query, int padded, long[] rows, int count, float[] out) {
    if (choice.isScalar()) {
      scalar.dot(query, padded, rows, count, out);
    } else {
      vectorized.dot(query, padded, rows, count, out);
    }
  }

  @Override
  public void squaredL2(long query, int padded, long[] rows, int count, float[] out) {
    if (choice.isScalar()) {
      scalar.squaredL2(query, padded, rows, count, out);
    } else {
      vectorized.squaredL2(query, padded, rows, count, out);
    }
  }

  @Override
  public void l1(long query, int padded, long[] rows, int count, float[] out) {
    if (choice.isScalar()) {
      scalar.l1(query, padded, rows, count, out);
    } else {
      vectorized.l1(query, padded, rows, count, out);
    }
  }

  @Override
  public float dot(long left, long right, int padded) {
    return choice.isScalar()
        ? scalar.dot(left, right, padded)
        : vectorized.dot(left, right, padded);
  }

  @Override
  public float squaredL2(long left, long right, int padded) {
    return choice.isScalar()
        ? scalar.squaredL2(left, right, padded)
        : vectorized.squaredL2(left, right, padded);
  }

  @Override
  public float l1(long left, long right, int padded) {
    return choice.isScalar() ? scalar.l1(left, right, padded) : vectorized.l1(left, right, padded);
  }

  @Override
  public float dot(float[] left, float[] right) {
    return choice.isScalar() ? scalar.dot(left, right) : vectorized.dot(left, right);
  }

  @Override
  public float squaredL2(float[] left, float[] right) {
    return choice.isScalar() ? scalar.squaredL2(left, right) : vectorized.squaredL2(left, right);
  }

  @Override
  public float l1(float[] left, float[] right) {
    return choice.isScalar() ? scalar.l1(left, right) : vectorized.l1(left, right);
  }

  @Override
  public double sumOfSquares(float[] vector) {
    return choice.isScalar() ? scalar.sumOfSquares(vector) : vectorized.sumOfSquares(vector);
  }
}
