package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestVectors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class KernelTest {
  private static final int MOST_DIMENSIONS = 4100;

  @Test
  void everyKernelAgreesWithDoubleArithmeticInAllDimensions() {
    RandomGenerator random = TestSeed.generator();
    for (Kernel kernel : Kernels.available()) {
      for (int dimensions = 1; dimensions <= MOST_DIMENSIONS; dimensions += step(dimensions)) {
        float[] query = TestVectors.gaussian(random, dimensions);
        float[][] rows = new float[7][]; // Four interleaved and three single.
        try (NativeVectors store = new NativeVectors(dimensions)) {
          for (int i = 0; i < rows.length; i++) {
            rows[i] = TestVectors.gaussian(random, dimensions);
            store.append(rows[i]);
          }
          for (Distance distance : TestVectors.DISTANCES) {
            checkStore(kernel, distance, store, query, rows);
          }
        }
      }
    }
  }

  /// All the small ones, where tails differ, then samples.
  private static int step(int dimensions) {
    return dimensions < 200 ? 1 : 37;
  }

  private static void checkStore(
      Kernel kernel, Distance distance, VectorStore store, float[] query, float[][] rows) {
    QueryScorer scorer = new QueryScorer(store, distance, kernel);
    scorer.setQuery(query);
    int[] ordinals = {6, 0, 3, 3, 1, 5, 2, 4};
    float[] keys = new float[ordinals.length - 1];
    scorer.keys(ordinals, 1, keys.length, keys);
    for (int i = 0; i < keys.length; i++) {
      int ordinal = ordinals[i + 1];
      double expected = reference(distance, query, rows[ordinal]);
      double tolerance = 1e-4 * Math.max(1, magnitude(distance, query, rows[ordinal]));
      String about = kernel.getClass().getSimpleName() + " " + distance + " " + query.length;
      assertThat(asDistance(distance, keys[i])).as(about).isCloseTo(expected, within(tolerance));
      assertThat(asDistance(distance, scorer.key(ordinal)))
          .as(about)
          .isCloseTo(expected, within(tolerance));
      assertThat(scorer.distance(ordinal)).as(about).isCloseTo(expected, within(tolerance));
      assertThat(distance.between(query, rows[ordinal], kernel))
          .as(about)
          .isCloseTo(expected, within(tolerance));
    }
  }

  private static double asDistance(Distance distance, float key) {
    return switch (distance) {
      case L2 -> Math.sqrt(key);
      case NEGATIVE_INNER_PRODUCT, L1 -> key;
      case COSINE -> 1 + key;
      case HAMMING, JACCARD -> throw new AssertionError(distance);
    };
  }

  private static double reference(Distance distance, float[] left, float[] right) {
    double sum = 0;
    double squaredLeft = 0;
    double squaredRight = 0;
    double absolute = 0;
    double squared = 0;
    for (int i = 0; i < left.length; i++) {
      double difference = (double) left[i] - right[i];
      sum += (double) left[i] * right[i];
      squaredLeft += (double) left[i] * left[i];
      squaredRight += (double) right[i] * right[i];
      absolute += Math.abs(difference);
      squared += difference * difference;
    }
    return switch (distance) {
      case L2 -> Math.sqrt(squared);
      case NEGATIVE_INNER_PRODUCT -> -sum;
      case L1 -> absolute;
      case COSINE -> 1 - sum / Math.sqrt(squaredLeft * squaredRight);
      case HAMMING, JACCARD -> throw new AssertionError(distance);
    };
  }

  private static double magnitude(Distance distance, float[] left, float[] right) {
    return switch (distance) {
      case L2, L1 -> reference(distance, left, right);
      case COSINE -> 1;
      case HAMMING, JACCARD -> throw new AssertionError(distance);
      case NEGATIVE_INNER_PRODUCT ->
          Math.sqrt(reference(distance, left, left) * reference(distance, right, right));
    };
  }
}
