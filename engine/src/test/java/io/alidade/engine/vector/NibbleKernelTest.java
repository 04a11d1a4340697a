package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.alidade.engine.TestSeed;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Each kernel for nibbles against double arithmetic.
final class NibbleKernelTest {
  private static final int MOST_BYTES = 2112;
  private static final int ROWS = 7; // Four interleaved and three single.

  @Test
  void everyKernelAgreesWithDoubleArithmeticInAllLengths() {
    RandomGenerator random = TestSeed.generator();
    for (int bytes = 64; bytes <= MOST_BYTES; bytes += 64) {
      try (OffHeapArea area = new OffHeapArea()) { // Held: it frees what it gave when it is gone.
        int numbers = 2 * bytes;
        long query = area.allocate((long) numbers * Float.BYTES);
        float[] floats = new float[numbers];
        for (int i = 0; i < numbers; i++) {
          floats[i] = (float) random.nextGaussian();
        }
        AddressSpace.putFloats(query, floats);
        int length = bytes;
        long[] rows = IntStream.range(0, ROWS).mapToLong(_ -> area.allocate(length)).toArray();
        double[] expected = new double[ROWS];
        for (int row = 0; row < ROWS; row++) {
          for (int at = 0; at < bytes; at += Integer.BYTES) {
            int word = random.nextInt();
            AddressSpace.putInt(rows[row] + at, word);
            for (int k = 0; k < 8; k++) { // As NibbleRows says.
              int number = at / 64 * 128 + 16 * k + at % 64 / Integer.BYTES;
              expected[row] += (double) floats[number] * (word >>> 4 * k & 15);
            }
          }
        }
        for (NibbleKernel kernel : NibbleKernels.available()) {
          float[] dots = new float[ROWS];
          kernel.dot(query, bytes, rows, ROWS, dots);
          for (int row = 0; row < ROWS; row++) {
            String about = kernel.getClass().getSimpleName() + " " + bytes;
            double tolerance = 1e-5 * 15 * numbers;
            assertThat((double) dots[row]).as(about).isCloseTo(expected[row], within(tolerance));
            assertThat((double) kernel.dot(query, rows[row], bytes))
                .as(about)
                .isCloseTo(expected[row], within(tolerance));
          }
        }
      }
    }
  }
}
