package io.alidade.engine.vector;

import java.util.List;

/// Which kernels for nibbles this process has, and which it uses.
public final class NibbleKernels {
  /// The fastest this Java can run: the Vector API where its module is there, unless a self-test
  /// finds it slower.
  public static final NibbleKernel BEST = best();

  private static final int BITS = 4;

  private NibbleKernels() {}

  /// All that this Java can run, slowest first.
  public static List<NibbleKernel> available() {
    NibbleKernel scalar = new ScalarNibbleKernel();
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return List.of(scalar);
    }
    return List.of(scalar, new VectorApiNibbleKernel());
  }

  private static NibbleKernel best() {
    if (!(available().getLast() instanceof VectorApiNibbleKernel vectorized)) {
      return available().getLast();
    }
    ScalarNibbleKernel scalar = new ScalarNibbleKernel();
    KernelTrial trial =
        new KernelTrial("nibbles", BITS, Float.SIZE / BITS, dots(scalar), dots(vectorized));
    return new SelectedNibbleKernel(scalar, vectorized, KernelSelection.start(trial));
  }

  private static KernelTrial.Call dots(NibbleKernel kernel) {
    float[] out = new float[KernelTrial.BATCH];
    return (query, bytes, rows, count) -> kernel.dot(query, bytes, rows, count, out);
  }
}
