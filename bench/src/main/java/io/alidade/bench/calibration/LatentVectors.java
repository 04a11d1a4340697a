package io.alidade.bench.calibration;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Random vectors of fewer true dimensions than components, with a little noise, as embeddings are.
final class LatentVectors {
  private static final int LATENT = 24;
  private static final float NOISE = 0.5f;

  private final RandomGenerator random;
  private final float[][] basis;

  LatentVectors(int dimensions, long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    basis = new float[LATENT][dimensions];
    for (float[] direction : basis) {
      for (int i = 0; i < dimensions; i++) {
        direction[i] = (float) random.nextGaussian();
      }
    }
  }

  /// The next vector.
  float[] next() {
    float[] vector = new float[basis[0].length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = NOISE * (float) random.nextGaussian();
    }
    for (float[] direction : basis) {
      float weight = (float) random.nextGaussian();
      for (int i = 0; i < vector.length; i++) {
        vector[i] += weight * direction[i];
      }
    }
    return vector;
  }
}
