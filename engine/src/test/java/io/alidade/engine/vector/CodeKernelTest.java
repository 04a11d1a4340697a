package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.TestSeed;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each kernel for codes against arithmetic on the codes themselves.
final class CodeKernelTest {
  private static final RandomGenerator GENERATOR = TestSeed.generator();
  private static final int MOST_DIMENSIONS = 4100;
  private static final int LINE = 64;

  /// Four interleaved, three single.
  private static final int ROWS = 7;

  /// How a code's numbers are drawn.
  enum Values {
    RANDOM,
    LARGEST,
    SMALLEST,
    ZERO;

    int draw(RandomGenerator random, int least, int most) {
      return switch (this) {
        case RANDOM -> random.nextInt(least, most + 1);
        case LARGEST -> most;
        case SMALLEST -> least;
        case ZERO -> 0;
      };
    }
  }

  static IntStream dimensions() {
    return IntStream.rangeClosed(1, MOST_DIMENSIONS)
        .filter(d -> d < 200 || d % 37 == 0 || d >= MOST_DIMENSIONS - 4);
  }

  @ParameterizedTest
  @MethodSource("dimensions")
  void bitProductsAreExactWhateverLiesBehindTheCode(int dimensions) {
    int bytes = lines((dimensions + 7) / 8);
    try (OffHeapArea area = new OffHeapArea()) { // Held: it frees what it gave when it is gone.
      for (int planes : new int[] {1, 4, 8}) {
        for (Values values : Values.values()) {
          int[] query = draw(values, GENERATOR, dimensions, 0, (1 << planes) - 1);
          long planesAt = area.allocate((long) planes * bytes);
          for (int p = 0; p < planes; p++) {
            putBits(planesAt + (long) p * bytes, bit(query, p));
          }
          // Not as far apart as they are long, and noise behind each code.
          long stride = bytes + LINE;
          long first = noise(area, GENERATOR, ROWS * stride);
          int[] expected = new int[ROWS];
          for (int i = 0; i < ROWS; i++) {
            int[] code = draw(i % 2 == 0 ? Values.RANDOM : values, GENERATOR, dimensions, 0, 1);
            putBits(first + i * stride, code);
            expected[i] = product(query, code);
          }
          for (CodeKernel kernel : CodeKernels.available()) {
            int[] out = new int[ROWS];
            kernel.dotBits(planesAt, planes, bytes, addresses(first, stride), ROWS, out);
            assertThat(out).as("batch of %s", kernel).isEqualTo(expected);
            Arrays.fill(out, -1);
            kernel.dotBits(planesAt, planes, bytes, first, stride, ROWS, out);
            assertThat(out).as("range of %s", kernel).isEqualTo(expected);
            Arrays.setAll(out, i -> kernel.dotBits(planesAt, planes, bytes, first + i * stride));
            assertThat(out).as("single of %s", kernel).isEqualTo(expected);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dimensions")
  void byteProductsAreExactWhateverLiesBehindTheCode(int dimensions) {
    int bytes = lines(dimensions + 12); // Room for corrections.
    try (OffHeapArea area = new OffHeapArea()) { // Held: it frees what it gave when it is gone.
      for (Values values : Values.values()) {
        int[] query = draw(values, GENERATOR, dimensions, -127, 127);
        long stride = bytes + LINE;
        long first = noise(area, GENERATOR, ROWS * stride);
        int[][] codes = new int[ROWS][];
        for (int i = 0; i < ROWS; i++) {
          codes[i] =
              draw(i % 2 == 0 ? Values.LARGEST : Values.RANDOM, GENERATOR, dimensions, 0, 127);
          putBytes(first + i * stride, codes[i]);
        }
        int[] expected = Arrays.stream(codes).mapToInt(code -> product(query, code)).toArray();
        for (CodeKernel kernel : CodeKernels.available()) {
          long prepared = noise(area, GENERATOR, kernel.preparedInt7Bytes(bytes));
          kernel.prepareInt7(asBytes(query), dimensions, bytes, prepared);
          int[] out = new int[ROWS];
          kernel.dotInt7(prepared, bytes, addresses(first, stride), ROWS, out);
          assertThat(out).as("batch of %s", kernel).isEqualTo(expected);
          Arrays.fill(out, -1);
          kernel.dotInt7(prepared, bytes, first, stride, ROWS, out);
          assertThat(out).as("range of %s", kernel).isEqualTo(expected);
          Arrays.setAll(out, i -> kernel.dotInt7(prepared, bytes, first + i * stride));
          assertThat(out).as("single of %s", kernel).isEqualTo(expected);
          for (int i = 1; i < ROWS; i++) {
            assertThat(kernel.dotInt7Rows(first, first + i * stride, dimensions))
                .as("rows of %s", kernel)
                .isEqualTo(product(codes[0], codes[i]));
          }
        }
      }
    }
  }

  @Test
  void otherNumbersOfPlanesAreRefused() {
    try (OffHeapArea area = new OffHeapArea()) {
      long at = area.allocate(LINE * 2);
      CodeKernel kernel = CodeKernels.available().getLast();
      assertThatThrownBy(() -> kernel.dotBits(at, 2, LINE, at))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static int lines(int bytes) {
    return (bytes + LINE - 1) / LINE * LINE;
  }

  private static int[] draw(
      Values values, RandomGenerator random, int dimensions, int least, int most) {
    return IntStream.range(0, dimensions).map(i -> values.draw(random, least, most)).toArray();
  }

  private static int[] bit(int[] numbers, int bit) {
    return Arrays.stream(numbers).map(n -> n >> bit & 1).toArray();
  }

  private static int product(int[] left, int[] right) {
    return IntStream.range(0, left.length).map(i -> left[i] * right[i]).sum();
  }

  private static byte[] asBytes(int[] numbers) {
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) numbers[i];
    }
    return bytes;
  }

  private static long[] addresses(long first, long stride) {
    return IntStream.range(0, ROWS).mapToLong(i -> first + i * stride).toArray();
  }

  /// Memory in which each byte is something.
  private static long noise(OffHeapArea area, RandomGenerator random, long bytes) {
    byte[] noise = new byte[(int) bytes];
    random.nextBytes(noise);
    long address = area.allocate(bytes);
    AddressSpace.slice(address, bytes).copyFrom(MemorySegment.ofArray(noise));
    return address;
  }

  private static void putBits(long address, int[] bits) {
    for (int i = 0; i < bits.length; i++) {
      long at = address + i / 8;
      int others = AddressSpace.ALL.get(ValueLayout.JAVA_BYTE, at) & ~(1 << i % 8);
      AddressSpace.ALL.set(ValueLayout.JAVA_BYTE, at, (byte) (others | bits[i] << i % 8));
    }
  }

  private static void putBytes(long address, int[] numbers) {
    AddressSpace.slice(address, numbers.length).copyFrom(MemorySegment.ofArray(asBytes(numbers)));
  }
}
