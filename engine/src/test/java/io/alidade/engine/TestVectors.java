package io.alidade.engine;

import io.alidade.engine.vector.Distance;
import java.util.List;
import java.util.random.RandomGenerator;

/// Random vectors for tests.
public final class TestVectors {
  /// Those of vectors of floats.
  public static final List<Distance> DISTANCES =
      List.of(Distance.L2, Distance.NEGATIVE_INNER_PRODUCT, Distance.COSINE, Distance.L1);

  private TestVectors() {}

  /// A vector of normally distributed components.
  public static float[] gaussian(RandomGenerator random, int dimensions) {
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  /// Vectors around a few centres, as embeddings are: `count` of them.
  public static float[][] clustered(
      RandomGenerator random, int count, int dimensions, int clusters) {
    float[][] centres = new float[clusters][];
    for (int i = 0; i < clusters; i++) {
      centres[i] = gaussian(random, dimensions);
    }
    float[][] vectors = new float[count][];
    for (int i = 0; i < count; i++) {
      float[] centre = centres[random.nextInt(clusters)];
      float[] vector = gaussian(random, dimensions);
      for (int j = 0; j < dimensions; j++) {
        vector[j] = centre[j] + 0.6f * vector[j];
      }
      vectors[i] = vector;
    }
    return vectors;
  }
}
