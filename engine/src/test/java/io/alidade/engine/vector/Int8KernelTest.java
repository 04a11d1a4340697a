package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.TestSeed;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Each kernel for signed bytes against arithmetic on the bytes.
final class Int8KernelTest {
  private static final int MOST_DIMENSIONS = 4100;
  private static final int ROWS = 7; // Four interleaved and three single.

  @Test
  void resultsAreExactInAllDimensions() {
    RandomGenerator random = TestSeed.generator();
    for (int d = 1; d <= MOST_DIMENSIONS; d += d < 200 ? 1 : 37) {
      byte[][] rows = new byte[ROWS + 1][d];
      for (byte[] row : rows) {
        random.nextBytes(row);
      }
      check(rows);
    }
  }

  @Test
  void extremeBytesDoNotOverflow() {
    byte[] extremes = {-128, 127, -127, -1, 0};
    for (byte query : extremes) {
      byte[][] rows = new byte[ROWS + 1][4100];
      for (int i = 0; i < rows.length; i++) {
        Arrays.fill(rows[i], i == 0 ? query : extremes[i % extremes.length]);
      }
      check(rows);
    }
  }

  /// The first is the query.
  private static void check(byte[][] rows) {
    int dimensions = rows[0].length;
    int bytes = (dimensions + 63) / 64 * 64;
    try (OffHeapArea area = new OffHeapArea()) { // Held: it frees what it gave when it is gone.
      long[] at =
          Arrays.stream(rows)
              .mapToLong(row -> {
                long address = area.allocate(bytes);
                AddressSpace.slice(address, dimensions).copyFrom(MemorySegment.ofArray(row));
                return address;
              })
              .toArray();
      long[] others = Arrays.copyOfRange(at, 1, at.length);
      int[] products = expected(rows, (l, r) -> l * r);
      int[] squares = expected(rows, (l, r) -> (l - r) * (l - r));
      for (Int8Kernel kernel : Int8Kernels.available()) {
        int[] out = new int[ROWS];
        kernel.dot(at[0], bytes, others, ROWS, out);
        assertThat(out).as("%s %d", kernel, dimensions).isEqualTo(products);
        kernel.squaredL2(at[0], bytes, others, ROWS, out);
        assertThat(out).as("%s %d", kernel, dimensions).isEqualTo(squares);
        Arrays.setAll(out, i -> kernel.dot(at[0], others[i], bytes));
        assertThat(out).as("%s %d", kernel, dimensions).isEqualTo(products);
        Arrays.setAll(out, i -> kernel.squaredL2(at[0], others[i], bytes));
        assertThat(out).as("%s %d", kernel, dimensions).isEqualTo(squares);
      }
    }
  }

  private static int[] expected(byte[][] rows, IntBinaryOperator term) {
    return IntStream.rangeClosed(1, ROWS)
        .map(i ->
            IntStream.range(0, rows[0].length)
                .map(j -> term.applyAsInt(rows[0][j], rows[i][j]))
                .sum())
        .toArray();
  }
}
