package io.alidade.engine.quantization;

import io.alidade.engine.vector.NativeVectors;
import java.util.Random;

/// Vectors to be coded: like embeddings, and spoilt in ways that embeddings are.
enum CodeRows {
  /// In clusters, of directions that matter less and less, at no angle to the dimensions.
  LIKE_EMBEDDINGS,
  COMMON_VECTOR,
  OUTLIER_DIMENSIONS,
  DECAYING_SCALES,
  DUPLICATES,
  DEAD_DIMENSIONS,
  SOME_ZERO_VECTORS,
  HEAVY_TAILS,
  ONE_ROW,
  ALL_EQUAL;

  private static final int CLUSTERS = 40;
  private static final int SCALES = 40;

  NativeVectors of(int count, int dimensions, long seed) {
    Random random = new Random(seed);
    float[] common = gaussian(random, dimensions, 3);
    float[][] centres = new float[CLUSTERS][];
    for (int i = 0; i < CLUSTERS; i++) {
      centres[i] = mixed(random, dimensions);
    }
    NativeVectors vectors = new NativeVectors(dimensions);
    int rows = this == ONE_ROW ? 1 : count;
    float[] first = mixed(random, dimensions);
    for (int row = 0; row < rows; row++) {
      float[] vector = mixed(random, dimensions);
      float[] centre = centres[random.nextInt(CLUSTERS)];
      for (int i = 0; i < dimensions; i++) {
        vector[i] = spoilt(row, i, centre[i] + 0.8f * vector[i], common[i], random);
      }
      boolean zero = this == SOME_ZERO_VECTORS && row % 10 == 3;
      boolean again = this == ALL_EQUAL || this == DUPLICATES && row % 3 > 0 && row > 3;
      vectors.append(
          zero
              ? new float[dimensions]
              : again ? this == ALL_EQUAL ? first : vectors.toArray(row - row % 3) : vector);
    }
    return vectors;
  }

  private float spoilt(int row, int dimension, float value, float common, Random random) {
    return switch (this) {
      case LIKE_EMBEDDINGS, DUPLICATES, SOME_ZERO_VECTORS, ONE_ROW, ALL_EQUAL -> value;
      case COMMON_VECTOR -> value + common;
      case OUTLIER_DIMENSIONS ->
          dimension % 97 == 5 ? 6 * value : dimension % 89 == 7 ? 0.5f : value;
      case DECAYING_SCALES -> value / (float) Math.sqrt(dimension + 1);
      case DEAD_DIMENSIONS -> dimension % 3 == 0 ? 0 : value;
      case HEAVY_TAILS -> value / (0.02f + random.nextFloat());
    };
  }

  private static float[] gaussian(Random random, int dimensions, float scale) {
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = scale * (float) random.nextGaussian();
    }
    return vector;
  }

  /// Deviations fall along the dimensions; sums and differences of far ones mix them.
  private static float[] mixed(Random random, int dimensions) {
    float[] vector = gaussian(random, dimensions, 1);
    for (int i = 0; i < dimensions; i++) {
      vector[i] *= (float) Math.pow(1 + SCALES * i / (double) dimensions, -0.8);
    }
    float root = (float) Math.sqrt(0.5);
    for (int half = dimensions / 2; half > 0; half /= 2) {
      for (int i = 0; i + half < dimensions; i += 2 * half) {
        float left = vector[i];
        float right = vector[i + half];
        vector[i] = root * (left + right);
        vector[i + half] = root * (left - right);
      }
    }
    return vector;
  }
}
