package io.alidade.bench.memory;

import java.util.SplittableRandom;

/// Vectors that lie about as embeddings do: a few directions matter, mixed over all dimensions, and
/// there is some noise. A vector follows from its number.
final class MadeUpVectors {
  private static final int LATENT = 24;
  private static final float NOISE = 0.3f;

  private final int dimensions;
  private final float[][] directions;

  MadeUpVectors(int dimensions) {
    this.dimensions = dimensions;
    this.directions = new float[LATENT][dimensions];
    SplittableRandom random = new SplittableRandom(7);
    for (float[] direction : directions) {
      for (int i = 0; i < dimensions; i++) {
        direction[i] = uniform(random);
      }
    }
  }

  float[] vector(long number) {
    SplittableRandom random = new SplittableRandom(number);
    float[] vector = new float[dimensions];
    for (float[] direction : directions) {
      float share = uniform(random) + uniform(random) + uniform(random);
      for (int i = 0; i < dimensions; i++) {
        vector[i] += share * direction[i];
      }
    }
    for (int i = 0; i < dimensions; i++) {
      vector[i] += NOISE * uniform(random);
    }
    return vector;
  }

  private static float uniform(SplittableRandom random) {
    return 2 * (float) random.nextDouble() - 1;
  }
}
