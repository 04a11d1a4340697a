package io.alidade.engine.vector;

import java.util.List;

/// Which kernels this process has, and which it uses.
public final class Kernels {
  /// The fastest this Java can run: the Vector API where its module is there.
  public static final Kernel BEST = available().getLast();

  private Kernels() {}

  /// All that this Java can run, slowest first.
  public static List<Kernel> available() {
    Kernel scalar = new ScalarKernel();
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return List.of(scalar);
    }
    return List.of(scalar, new VectorApiKernel());
  }

  /// Whether [#BEST] uses vector instructions; without them a search takes ten times as long.
  public static boolean isVectorized() {
    return BEST instanceof VectorApiKernel;
  }
}
