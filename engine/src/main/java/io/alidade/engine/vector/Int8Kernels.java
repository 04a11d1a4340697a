package io.alidade.engine.vector;

import java.util.List;

/// Which kernels for signed bytes this process has, and which it uses.
public final class Int8Kernels {
  /// The fastest this Java can run: the Vector API where its module is there.
  public static final Int8Kernel BEST = available().getLast();

  private Int8Kernels() {}

  /// All that this Java can run, slowest first.
  public static List<Int8Kernel> available() {
    Int8Kernel scalar = new ScalarInt8Kernel();
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return List.of(scalar);
    }
    return List.of(scalar, new VectorApiInt8Kernel());
  }
}
