package io.alidade.engine.vector;

import java.util.List;

/// Which kernels for rows narrower than floats this process has, and which it uses.
public final class NarrowKernels {
  /// The fastest for rows of half floats.
  public static final NarrowKernel FLOAT16 = select(NarrowKernel.Element.FLOAT16);

  /// The fastest for rows of bytes.
  public static final NarrowKernel UINT8 = select(NarrowKernel.Element.UINT8);

  private NarrowKernels() {}

  /// The fastest for rows of such numbers.
  public static NarrowKernel best(NarrowKernel.Element element) {
    return switch (element) {
      case FLOAT16 -> FLOAT16;
      case UINT8 -> UINT8;
    };
  }

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

  private static NarrowKernel select(NarrowKernel.Element element) {
    NarrowKernel vectorized = available(element).getLast();
    if (vectorized instanceof ScalarNarrowKernel scalar) {
      return scalar;
    }
    ScalarNarrowKernel scalar = new ScalarNarrowKernel(element);
    KernelTrial trial =
        new KernelTrial(
            family(element),
            element.bytes() * Byte.SIZE,
            Float.BYTES / element.bytes(),
            dots(scalar, element),
            dots(vectorized, element));
    return new SelectedNarrowKernel(scalar, vectorized, KernelSelection.start(trial));
  }

  private static String family(NarrowKernel.Element element) {
    return switch (element) {
      case FLOAT16 -> "half floats";
      case UINT8 -> "bytes";
    };
  }

  private static KernelTrial.Call dots(NarrowKernel kernel, NarrowKernel.Element element) {
    float[] out = new float[KernelTrial.BATCH];
    return (query, bytes, rows, count) ->
        kernel.dot(query, bytes / element.bytes(), rows, count, out);
  }
}
