package io.alidade.engine.vector;

import java.util.List;

/// Which kernels for rows narrower than floats this process has, and which it uses.
public final class NarrowKernels {
  /// The fastest for rows of half floats.
  public static final NarrowKernel FLOAT16 = available(NarrowKernel.Element.FLOAT16).getLast();

  /// The fastest for rows of bytes.
  public static final NarrowKernel UINT8 = available(NarrowKernel.Element.UINT8).getLast();

  private NarrowKernels() {}

  /// All that this Java can run, slowest first.
  public static List<NarrowKernel> available(NarrowKernel.Element element) {
    NarrowKernel scalar = new ScalarNarrowKernel(element);
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return List.of(scalar);
    }
    return switch (element) {
      case FLOAT16 -> List.of(scalar, new VectorApiHalfKernel());
      case UINT8 -> List.of(scalar, new VectorApiUint8Kernel());
    };
  }
}
