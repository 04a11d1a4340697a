package io.alidade.engine.vector;

import java.util.List;

/// Which kernels for bits this process has, and which it uses.
public final class BitKernels {
  /// The fastest this Java can run: the Vector API where its module is there, unless a self-test
  /// finds it slower.
  public static final BitKernel BEST = best();

  private BitKernels() {}

  /// All that this Java can run, slowest first.
  public static List<BitKernel> available() {
    BitKernel scalar = new ScalarBitKernel();
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return List.of(scalar);
    }
    return List.of(scalar, new VectorApiBitKernel());
  }

  private static BitKernel best() {
    if (!(available().getLast() instanceof VectorApiBitKernel vectorized)) {
      return available().getLast();
    }
    ScalarBitKernel scalar = new ScalarBitKernel();
    KernelTrial trial = new KernelTrial("bits", 1, 1, hamming(scalar), hamming(vectorized));
    return new SelectedBitKernel(scalar, vectorized, KernelSelection.start(trial));
  }

  private static KernelTrial.Call hamming(BitKernel kernel) {
    int[] out = new int[KernelTrial.BATCH];
    return (query, bytes, rows, count) -> kernel.hamming(query, bytes, rows, count, out);
  }
}
