package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestVectors;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.vector.NarrowKernel.Element;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each kernel for narrow rows against double arithmetic.
final class NarrowKernelTest {
  private static final int MOST_DIMENSIONS = 4100;
  private static final int ROWS = 7; // Four interleaved and three single.

  @ParameterizedTest
  @EnumSource
  void everyKernelAgreesWithDoubleArithmeticInAllDimensions(Element element) {
    RandomGenerator random = TestSeed.generator();
    for (int dimensions = 1; dimensions <= MOST_DIMENSIONS; dimensions += step(dimensions)) {
      float[] query = TestVectors.gaussian(random, dimensions);
      float[][] rows = new float[ROWS][dimensions];
      for (float[] row : rows) {
        for (int i = 0; i < dimensions; i++) {
          row[i] = draw(element, random);
        }
      }
      check(element, query, rows);
    }
  }

  @ParameterizedTest
  @EnumSource
  void extremeNumbersAreNumbers(Element element) {
    float most =
        switch (element) {
          case FLOAT16 -> 65504;
          case UINT8 -> 255;
        };
    float[] query = new float[100];
    Arrays.fill(query, 1000);
    float[][] rows = new float[ROWS][100];
    for (float[] row : rows) {
      Arrays.fill(row, most);
    }
    check(element, query, rows);
  }

  @Test
  void everyFiniteHalfFloatIsRead() {
    try (OffHeapArea area = new OffHeapArea()) { // Held: it frees what it gave when it is gone.
      int padded = Element.FLOAT16.padded(1);
      long query = area.allocate((long) padded * Float.BYTES);
      AddressSpace.putFloat(query, 1);
      long row = area.allocate(VectorStore.ROW_ALIGNMENT);
      for (NarrowKernel kernel : NarrowKernels.available(Element.FLOAT16)) {
        for (int half = 0; half <= 0xffff; half++) {
          float expected = Float.float16ToFloat((short) half);
          if (Float.isFinite(expected)) {
            AddressSpace.ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, row, (short) half);
            assertThat(kernel.dot(query, row, padded))
                .as("%s %x", kernel, half)
                .isEqualTo(expected);
          }
        }
      }
    }
  }

  /// All the small ones, where tails differ, then samples.
  private static int step(int dimensions) {
    return dimensions < 200 ? 1 : 37;
  }

  private static float draw(Element element, RandomGenerator random) {
    return switch (element) {
      case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16((float) random.nextGaussian()));
      case UINT8 -> random.nextInt(256);
    };
  }

  private static void check(Element element, float[] query, float[][] rows) {
    int padded = element.padded(query.length);
    try (OffHeapArea area = new OffHeapArea()) { // Held: it frees what it gave when it is gone.
      long queryAt = area.allocate((long) padded * Float.BYTES);
      AddressSpace.putFloats(queryAt, query);
      long[] at =
          IntStream.range(0, rows.length)
              .mapToLong(_ -> area.allocate((long) padded * element.bytes()))
              .toArray();
      for (int i = 0; i < rows.length; i++) {
        put(element, at[i], rows[i]);
      }
      for (NarrowKernel kernel : NarrowKernels.available(element)) {
        float[] dots = new float[rows.length];
        kernel.dot(queryAt, padded, at, rows.length, dots);
        float[] squares = new float[rows.length];
        kernel.squaredL2(queryAt, padded, at, rows.length, squares);
        float[] absolutes = new float[rows.length];
        kernel.l1(queryAt, padded, at, rows.length, absolutes);
        for (int i = 0; i < rows.length; i++) {
          String about = kernel.getClass().getSimpleName() + " " + query.length;
          double[] expected = reference(query, rows[i]);
          close(about, dots[i], expected[0], expected[3]);
          close(about, kernel.dot(queryAt, at[i], padded), expected[0], expected[3]);
          close(about, squares[i], expected[1], expected[1]);
          close(about, kernel.squaredL2(queryAt, at[i], padded), expected[1], expected[1]);
          close(about, absolutes[i], expected[2], expected[2]);
          close(about, kernel.l1(queryAt, at[i], padded), expected[2], expected[2]);
        }
      }
    }
  }

  private static void close(String about, float actual, double expected, double magnitude) {
    assertThat((double) actual)
        .as(about)
        .isCloseTo(expected, within(1e-5 * Math.max(1e-3, magnitude)));
  }

  /// The inner product, squared distance, sum of absolute differences, and of absolute products.
  private static double[] reference(float[] query, float[] row) {
    double[] sums = new double[4];
    for (int i = 0; i < query.length; i++) {
      double difference = (double) query[i] - row[i];
      sums[0] += (double) query[i] * row[i];
      sums[1] += difference * difference;
      sums[2] += Math.abs(difference);
      sums[3] += Math.abs((double) query[i] * row[i]);
    }
    return sums;
  }

  private static void put(Element element, long address, float[] row) {
    for (int i = 0; i < row.length; i++) {
      long at = address + (long) i * element.bytes();
      switch (element) {
        case FLOAT16 ->
            AddressSpace.ALL.set(
                ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(row[i]));
        case UINT8 -> AddressSpace.ALL.set(ValueLayout.JAVA_BYTE, at, (byte) (int) row[i]);
      }
    }
  }
}
