package io.alidade.engine.vector;

/// The distances of rows of 32-bit floats in memory, padded to whole lines.
final class FloatDistance {
  private FloatDistance() {}

  static double between(Distance distance, long left, long right, int padded) {
    return between(distance, left, right, padded, Kernels.BEST);
  }

  static double between(Distance distance, long left, long right, int padded, Kernel kernel) {
    return switch (distance) {
      case L2 -> Math.sqrt(kernel.squaredL2(left, right, padded));
      case L1 -> kernel.l1(left, right, padded);
      case NEGATIVE_INNER_PRODUCT -> -(double) kernel.dot(left, right, padded);
      case COSINE ->
          Distance.cosine(
              kernel.dot(left, right, padded),
              kernel.dot(left, left, padded),
              kernel.dot(right, right, padded));
      case HAMMING, JACCARD -> throw new IllegalStateException("bits only");
    };
  }
}
