package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.TestSeed;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HadamardKernelTest {
  private static final long SEED = TestSeed.generator().nextLong();

  @Test
  void allKernelsGiveTheSameBits() {
    Random random = new Random(SEED);
    for (int length : new int[] {64, 128, 192, 384, 960, 1024, 4032, 4096}) {
      for (int block = 16; block <= Integer.lowestOneBit(length); block *= 2) {
        float[] vector = new float[length];
        float[] factors = new float[length];
        int[] order = random.ints(0, length / 16).distinct().limit(length / 16).toArray();
        for (int i = 0; i < length; i++) {
          vector[i] = (float) random.nextGaussian();
          factors[i] = random.nextBoolean() ? 0.125f : -0.125f;
        }
        float[] expected = new float[length];
        new ScalarHadamardKernel().round(vector, order, factors, expected, block);
        for (HadamardKernel kernel : HadamardKernels.available()) {
          float[] actual = new float[length];
          kernel.round(vector, order, factors, actual, block);
          assertThat(actual).isEqualTo(expected);
        }
      }
    }
  }
}
