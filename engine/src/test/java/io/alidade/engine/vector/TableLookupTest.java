package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.alidade.engine.TestSeed;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TableLookupTest {
  private static final int ROWS = 7; // Four interleaved and three single.

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 256})
  void sumsAreThoseOfTheEntriesThatTheBytesChoose(int centroids) {
    RandomGenerator random = TestSeed.generator();
    for (int subspaces = 1; subspaces < 520; subspaces += subspaces < 70 ? 1 : 37) {
      float[] tables = new float[subspaces * centroids];
      for (int i = 0; i < tables.length; i++) {
        tables[i] = random.nextFloat();
      }
      int stride = subspaces + random.nextInt(64); // Rows lie anywhere.
      byte[] codes = new byte[ROWS * stride];
      for (int i = 0; i < codes.length; i++) {
        codes[i] = (byte) (i % 5 == 0 ? centroids - 1 : random.nextInt(centroids));
      }
      try (OffHeapArea area = new OffHeapArea()) {
        int offset = random.nextInt(64);
        long first = area.allocate(codes.length + offset) + offset;
        AddressSpace.slice(first, codes.length).copyFrom(MemorySegment.ofArray(codes));
        check(tables, subspaces, centroids, first, stride, codes);
      }
    }
  }

  private static void check(
      float[] tables, int subspaces, int centroids, long first, int stride, byte[] codes) {
    long[] rows = new long[ROWS];
    for (int i = 0; i < ROWS; i++) {
      rows[i] = first + (long) i * stride;
    }
    float[] batch = new float[ROWS];
    TableLookup.lookup(tables, subspaces, centroids, rows, ROWS, batch);
    float[] range = new float[ROWS];
    TableLookup.lookup(tables, subspaces, centroids, first, stride, ROWS, range);
    for (int i = 0; i < ROWS; i++) {
      double expected = 0;
      for (int s = 0; s < subspaces; s++) {
        expected += tables[s * centroids + (codes[i * stride + s] & 0xff)];
      }
      double tolerance = 1e-5 * expected + 1e-6;
      assertThat((double) batch[i]).isCloseTo(expected, within(tolerance));
      assertThat((double) range[i]).isCloseTo(expected, within(tolerance));
      assertThat((double) TableLookup.lookup(tables, subspaces, centroids, rows[i]))
          .isCloseTo(expected, within(tolerance));
    }
  }
}
