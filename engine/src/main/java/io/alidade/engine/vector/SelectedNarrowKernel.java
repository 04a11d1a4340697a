package io.alidade.engine.vector;

/// The kernels for narrow rows that the self-test chose.
///
/// A record, whose fields the compiler takes for constant: a call costs one test of the choice.
record SelectedNarrowKernel(ScalarNarrowKernel scalar, NarrowKernel vectorized, KernelChoice choice)
    implements NarrowKernel {

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
  public float dot(long query, long row, int padded) {
    return choice.isScalar() ? scalar.dot(query, row, padded) : vectorized.dot(query, row, padded);
  }

  @Override
  public float squaredL2(long query, long row, int padded) {
    return choice.isScalar()
        ? scalar.squaredL2(query, row, padded)
        : vectorized.squaredL2(query, row, padded);
  }

  @Override
  public float l1(long query, long row, int padded) {
    return choice.isScalar() ? scalar.l1(query, row, padded) : vectorized.l1(query, row, padded);
  }
}
