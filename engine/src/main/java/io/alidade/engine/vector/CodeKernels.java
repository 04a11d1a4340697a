package io.alidade.engine.vector;

import java.util.List;

/// Which kernels for codes this process has, and which it uses.
public final class CodeKernels {
  /// The fastest this Java can run: the Vector API where its module is there.
  public static final CodeKernel BEST = available().getLast();

  private CodeKernels() {}

  /// All that this Java can run, slowest first.
  public static List<CodeKernel> available() {
    CodeKernel scalar = new ScalarCodeKernel();
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return List.of(scalar);
    }
    return List.of(scalar, new VectorApiCodeKernel());
  }
}
