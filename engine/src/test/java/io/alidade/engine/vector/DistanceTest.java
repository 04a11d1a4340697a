package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DistanceTest {
  private static double distance(Distance distance, float[] left, float[] right) {
    List<Double> answers =
        Kernels.available().stream()
            .map(kernel -> distance.between(left, right, kernel))
            .distinct()
            .toList();
    assertThat(answers).hasSize(1);
    return answers.getFirst();
  }

  @Test
  void valuesArePgvectors() {
    assertThat(distance(Distance.L2, new float[] {0, 0}, new float[] {3, 4})).isEqualTo(5.0);
    assertThat(distance(Distance.NEGATIVE_INNER_PRODUCT, new float[] {1, 2}, new float[] {3, 4}))
        .isEqualTo(-11.0);
    assertThat(distance(Distance.COSINE, new float[] {1, 2}, new float[] {2, 4})).isEqualTo(0.0);
    assertThat(distance(Distance.COSINE, new float[] {1, 0}, new float[] {0, 2})).isEqualTo(1.0);
    assertThat(distance(Distance.COSINE, new float[] {1, 1}, new float[] {-1, -1})).isEqualTo(2.0);
    assertThat(distance(Distance.L1, new float[] {0, 0}, new float[] {3, -4})).isEqualTo(7.0);
  }

  @Test
  void cosineOfAZeroVectorIsNaN() {
    assertThat(distance(Distance.COSINE, new float[] {1, 2}, new float[2])).isNaN();
    assertThat(distance(Distance.COSINE, new float[2], new float[2])).isNaN();
  }

  @Test
  void cosineOfAVectorWithItselfIsExactlyZero() {
    float[] vector = {0.1f, 0.2f, 0.3f, 0.7f, 0.9f};
    assertThat(distance(Distance.COSINE, vector, vector)).isEqualTo(0.0);
  }
}
