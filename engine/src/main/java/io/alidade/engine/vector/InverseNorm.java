package io.alidade.engine.vector;

/// One over a vector's Euclidean norm, which the cosine distance multiplies by.
public final class InverseNorm {
  private InverseNorm() {}

  /// NaN for a zero vector: its cosine distance to anything is NaN, as in pgvector.
  public static float of(float[] vector) {
    return of(vector, Kernels.BEST);
  }

  static float of(float[] vector, Kernel kernel) {
    double sum = kernel.sumOfSquares(vector); // Of doubles: a float's square may be no float.
    return sum == 0 ? Float.NaN : (float) (1 / Math.sqrt(sum));
  }
}
