package io.alidade.engine.vector;

import java.util.List;

/// Which kernels for bits this process has, and which it uses.
public final class BitKernels {
  /// The fastest this Java can run: the Vector API where its module is there.
  public static final BitKernel BEST = available().getLast();

  private BitKernels() {}

  /// All that this Java can run, slowest first.
  public static List<BitKernel> available() {
    BitKernel scalar = new ScalarBitKernel();
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return List.of(scalar);
    }
    return List.of(scalar, new VectorApiBitKernel());
  }
}
