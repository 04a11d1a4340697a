package io.alidade.engine.vector;

import java.util.List;

/// Which kernels this process has, and which it uses.
public final class Kernels {
  /// The fastest this Java can run: the Vector API where its module is there, unless a self-test
  /// finds it slower.
  public static final Kernel BEST = best();

  private Kernels() {}

  /// All that this Java can run, slowest first.
  public static List<Kernel> available() {
    Kernel scalar = new ScalarKernel();
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return List.of(scalar);
    }
    return List.of(scalar, new VectorApiKernel());
  }

  private static Kernel best() {
    if (!(available().getLast() instanceof VectorApiKernel vectorized)) {
      return available().getLast();
    }
    ScalarKernel scalar = new ScalarKernel();
    KernelTrial trial = new KernelTrial("floats", Float.SIZE, 1, dots(scalar), dots(vectorized));
    return new SelectedKernel(scalar, vectorized, KernelSelection.start(trial));
  }

  private static KernelTrial.Call dots(Kernel kernel) {
    float[] out = new float[KernelTrial.BATCH];
    return (query, bytes, rows, count) -> kernel.dot(query, bytes / Float.BYTES, rows, count, out);
  }

  /// Whether [#BEST] uses vector instructions; without them a search takes ten times as long.
  public static boolean isVectorized() {
    return BEST instanceof SelectedKernel selected && !selected.choice().isScalar();
  }
}
