package io.alidade.engine.vector;

/// One over a vector's Euclidean norm, which the cosine distance multiplies by.
final class InverseNorm {
  private InverseNorm() {}

  /// NaN for a zero vector: its cosine distance to anything is NaN, as in pgvector.
  static float of(float[] vector) {
    double sum = 0;
    for (float component : vector) {
      sum += (double) component * component;
    }
    return sum == 0 ? Float.NaN : (float) (1 / Math.sqrt(sum));
  }
}
