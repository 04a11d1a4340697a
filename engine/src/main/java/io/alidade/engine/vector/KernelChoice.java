package io.alidade.engine.vector;

/// Whether one family of kernels runs on vector instructions or in plain Java.
///
/// Read by each call of a kernel, so it is a plain field: a thread may go by the old choice for a
/// while, which is right too, only slower. What has never been chosen costs a test and no code.
final class KernelChoice {
  private boolean scalar;

  boolean isScalar() {
    return scalar;
  }

  void chooseScalar() {
    scalar = true;
  }

  void chooseVector() {
    scalar = false;
  }
}
