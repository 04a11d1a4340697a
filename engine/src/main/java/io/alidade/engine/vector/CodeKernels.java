package io.alidade.engine.vector;

import java.util.List;

/// Which kernels for codes this process has, and which it uses.
public final class CodeKernels {
  private static final int PLANES = 4;

  /// The fastest this Java can run: the Vector API where its module is there, unless a self-test
  /// finds it slower.
  public static final CodeKernel BEST = best();

  private CodeKernels() {}

  /// All that this Java can run, slowest first.
  public static List<CodeKernel> available() {
    CodeKernel scalar = new ScalarCodeKernel();
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return List.of(scalar);
    }
    return List.of(scalar, new VectorApiCodeKernel());
  }

  private static CodeKernel best() {
    if (!(available().getLast() instanceof VectorApiCodeKernel vectorized)) {
      return available().getLast();
    }
    ScalarCodeKernel scalar = new ScalarCodeKernel();
    KernelTrial bits = new KernelTrial("codes of bits", 1, PLANES, bits(scalar), bits(vectorized));
    KernelTrial bytes =
        new KernelTrial("codes of bytes", Byte.SIZE, 2, bytes(scalar), bytes(vectorized));
    return new SelectedCodeKernel(
        scalar, vectorized, KernelSelection.start(bits), KernelSelection.start(bytes));
  }

  private static KernelTrial.Call bits(CodeKernel kernel) {
    int[] out = new int[KernelTrial.BATCH];
    return (query, bytes, rows, count) -> kernel.dotBits(query, PLANES, bytes, rows, count, out);
  }

  private static KernelTrial.Call bytes(CodeKernel kernel) {
    int[] out = new int[KernelTrial.BATCH];
    return (query, bytes, rows, count) -> kernel.dotInt7(query, bytes, rows, count, out);
  }
}
