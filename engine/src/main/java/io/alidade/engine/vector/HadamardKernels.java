package io.alidade.engine.vector;

import java.util.List;

/// Which kernels for rotations this process has, and which it uses.
public final class HadamardKernels {
  /// The fastest this Java can run: the Vector API where its module is there.
  public static final HadamardKernel BEST = available().getLast();

  private HadamardKernels() {}

  /// All that this Java can run, slowest first.
  public static List<HadamardKernel> available() {
    HadamardKernel scalar = new ScalarHadamardKernel();
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return List.of(scalar);
    }
    return List.of(scalar, new VectorApiHadamardKernel());
  }
}
