package io.alidade.engine.vector;

/// One over a vector's Euclidean norm, which the cosine distance multiplies by.
final class InverseNorm {
  private InverseNorm() {}

  /// NaN for a zero vector: its cosine distance to anything is NaN, as in pgvector.
  static float of(float[] vector) {
    // Four sums, so that an addition does not wait for the one before: this runs for each row that
    // is loaded.
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i + 4 <= vector.length; i += 4) {
      sum0 += (double) vector[i] * vector[i];
      sum1 += (double) vector[i + 1] * vector[i + 1];
      sum2 += (double) vector[i + 2] * vector[i + 2];
      sum3 += (double) vector[i + 3] * vector[i + 3];
    }
    for (; i < vector.length; i++) {
      sum0 += (double) vector[i] * vector[i];
    }
    double sum = sum0 + sum1 + (sum2 + sum3);
    return sum == 0 ? Float.NaN : (float) (1 / Math.sqrt(sum));
  }
}
