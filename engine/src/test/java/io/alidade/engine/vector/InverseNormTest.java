package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestVectors;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class InverseNormTest {
  @Test
  void kernelsAgreeWithinTheLastPlaceOfAFloat() {
    RandomGenerator random = TestSeed.generator();
    for (int dimensions = 1; dimensions <= 4100; dimensions += dimensions < 200 ? 1 : 37) {
      float[] vector = TestVectors.gaussian(random, dimensions);
      double sum = 0;
      for (float number : vector) {
        sum += (double) number * number;
      }
      float expected = (float) (1 / Math.sqrt(sum));
      for (Kernel kernel : Kernels.available()) {
        assertThat(InverseNorm.of(vector, kernel))
            .as("%s of %d dimensions", kernel, dimensions)
            .isCloseTo(expected, within(Math.ulp(expected)));
      }
    }
  }

  @Test
  void squaresThatAreNoFloatsCount() {
    for (Kernel kernel : Kernels.available()) {
      float[] large = new float[100];
      Arrays.fill(large, 1e30f);
      assertThat(InverseNorm.of(large, kernel)).isEqualTo(1e-31f);
      float[] small = new float[100];
      Arrays.fill(small, 1e-30f);
      assertThat(InverseNorm.of(small, kernel)).isEqualTo(1e29f);
    }
  }

  @Test
  void aZeroVectorHasNone() {
    for (Kernel kernel : Kernels.available()) {
      assertThat(InverseNorm.of(new float[17], kernel)).isNaN();
    }
  }
}
