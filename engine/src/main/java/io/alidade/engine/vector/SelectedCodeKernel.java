package io.alidade.engine.vector;

/// The kernels for codes that the self-test chose, those of bits and those of bytes apart.
///
/// A record, whose fields the compiler takes for constant: a call costs one test of the choice.
record SelectedCodeKernel(
    ScalarCodeKernel scalar,
    VectorApiCodeKernel vectorized,
    KernelChoice bitChoice,
    KernelChoice byteChoice)
    implements CodeKernel {

  @Override
  public void dotBits(long query, int planes, int bytes, long[] rows, int count, int[] out) {
    if (bitChoice.isScalar()) {
      scalar.dotBits(query, planes, bytes, rows, count, out);
    } else {
      vectorized.dotBits(query, planes, bytes, rows, count, out);
    }
  }

  @Override
  public void dotBits(
      long query, int planes, int bytes, long first, long stride, int count, int[] out) {
    if (bitChoice.isScalar()) {
      scalar.dotBits(query, planes, bytes, first, stride, count, out);
    } else {
      vectorized.dotBits(query, planes, bytes, first, stride, count, out);
    }
  }

  @Override
  public int dotBits(long query, int planes, int bytes, long row) {
    return bitChoice.isScalar()
        ? scalar.dotBits(query, planes, bytes, row)
        : vectorized.dotBits(query, planes, bytes, row);
  }

  @Override
  public void prepareInt7(byte[] query, int count, int bytes, long target) {
    scalar.prepareInt7(query, count, bytes, target);
  }

  @Override
  public void dotInt7(long preparedQuery, int bytes, long[] rows, int count, int[] out) {
    if (byteChoice.isScalar()) {
      scalar.dotInt7(preparedQuery, bytes, rows, count, out);
    } else {
      vectorized.dotInt7(preparedQuery, bytes, rows, count, out);
    }
  }

  @Override
  public void dotInt7(
      long preparedQuery, int bytes, long first, long stride, int count, int[] out) {
    if (byteChoice.isScalar()) {
      scalar.dotInt7(preparedQuery, bytes, first, stride, count, out);
    } else {
      vectorized.dotInt7(preparedQuery, bytes, first, stride, count, out);
    }
  }

  @Override
  public int dotInt7(long preparedQuery, int bytes, long row) {
    return byteChoice.isScalar()
        ? scalar.dotInt7(preparedQuery, bytes, row)
        : vectorized.dotInt7(preparedQuery, bytes, row);
  }

  @Override
  public int dotInt7Rows(long left, long right, int bytes) {
    return byteChoice.isScalar()
        ? scalar.dotInt7Rows(left, right, bytes)
        : vectorized.dotInt7Rows(left, right, bytes);
  }
}
