package io.alidade.engine.vector;

import java.util.List;

/// Which kernels for signed bytes this process has, and which it uses.
public final class Int8Kernels {
  /// The fastest this Java can run: the Vector API where its module is there, unless a self-test
  /// finds it slower.
  public static final Int8Kernel BEST = best();

  private Int8Kernels() {}

  /// All that this Java can run, slowest first.
  public static List<Int8Kernel> available() {
    Int8Kernel scalar = new ScalarInt8Kernel();
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return List.of(scalar);
    }
    return List.of(scalar, new VectorApiInt8Kernel());
  }

  private static Int8Kernel best() {
    if (!(available().getLast() instanceof VectorApiInt8Kernel vectorized)) {
      return available().getLast();
    }
    ScalarInt8Kernel scalar = new ScalarInt8Kernel();
    KernelTrial trial =
        new KernelTrial("signed bytes", Byte.SIZE, 1, dots(scalar), dots(vectorized));
    return new SelectedInt8Kernel(scalar, vectorized, KernelSelection.start(trial));
  }

  private static KernelTrial.Call dots(Int8Kernel kernel) {
    int[] out = new int[KernelTrial.BATCH];
    return (query, bytes, rows, count) -> kernel.dot(query, bytes, rows, count, out);
  }
}
