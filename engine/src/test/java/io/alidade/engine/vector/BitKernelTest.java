package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.TestSeed;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.model.DatabaseException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Each kernel for bits, and the distances, against sets of bits.
final class BitKernelTest {
  private static final int MOST_DIMENSIONS = 4100;
  private static final int ROWS = 7; // Four interleaved and three single.

  @Test
  void countsAreExactInAllDimensions() {
    RandomGenerator random = TestSeed.generator();
    for (int d = 1; d <= MOST_DIMENSIONS; d += d < 200 ? 1 : 37) {
      BitSet[] vectors = new BitSet[ROWS + 1];
      for (int i = 0; i < vectors.length; i++) {
        // Random ones, and one of all ones, and one without any.
        double share = i == 1 ? 1 : i == 2 ? 0 : random.nextDouble();
        vectors[i] = new BitSet(d);
        for (int bit = 0; bit < d; bit++) {
          vectors[i].set(bit, random.nextDouble() < share);
        }
      }
      check(vectors, d);
    }
  }

  @Test
  void extremesAreAsPgvectorHasThem() {
    BitSet zeros = new BitSet();
    BitSet ones = new BitSet();
    ones.set(0, 4096);
    for (BitSet query : new BitSet[] {zeros, ones}) {
      check(new BitSet[] {query, zeros, ones, zeros, ones, zeros, ones, zeros}, 4096);
    }
    // select '000'::bit(3) <%> '000', and '111' <%> '110'
    assertThat(BitDistance.JACCARD.between(new byte[1], new byte[1])).isEqualTo(1);
    assertThat(BitDistance.JACCARD.between(new byte[] {7}, new byte[] {6})).isEqualTo(1 - 2 / 3.0);
    assertThat(BitDistance.HAMMING.between(new byte[] {7}, new byte[] {-128})).isEqualTo(4);
    assertThat(BitDistance.HAMMING.between(new byte[0], new byte[0])).isEqualTo(0);
  }

  @Test
  void vectorsOfDifferentLengthsAreRefused() {
    assertThatThrownBy(() -> BitDistance.requireSameLength(2, 3))
        .isInstanceOf(DatabaseException.class)
        .hasMessage("different bit lengths 2 and 3");
    assertThatThrownBy(() -> BitDistance.HAMMING.between(new byte[1], new byte[2]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// The first is the query.
  private static void check(BitSet[] vectors, int dimensions) {
    int bytes = (dimensions + 511) / 512 * 64;
    try (OffHeapArea area = new OffHeapArea()) {
      long query = area.allocate(bytes);
      put(query, vectors[0]);
      long first = area.allocate((long) ROWS * bytes);
      long[] rows = IntStream.range(0, ROWS).mapToLong(i -> first + (long) i * bytes).toArray();
      int[] differing = new int[ROWS];
      float[] jaccard = new float[ROWS];
      for (int i = 0; i < ROWS; i++) {
        put(rows[i], vectors[i + 1]);
        differing[i] = differing(vectors[0], vectors[i + 1]);
        double expected = jaccard(vectors[0], vectors[i + 1]);
        jaccard[i] = (float) expected;
        byte[] left = bytes(vectors[0], dimensions);
        byte[] right = bytes(vectors[i + 1], dimensions);
        assertThat(BitDistance.HAMMING.between(left, right)).isEqualTo(differing[i]);
        assertThat(BitDistance.JACCARD.between(left, right)).isEqualTo(expected);
        assertThat(BitDistance.HAMMING.between(query, rows[i], bytes)).isEqualTo(differing[i]);
        assertThat(BitDistance.JACCARD.between(query, rows[i], bytes)).isEqualTo(expected);
      }
      for (BitKernel kernel : BitKernels.available()) {
        check(kernel, query, bytes, rows, differing, jaccard);
      }
    }
  }

  private static void check(
      BitKernel kernel, long query, int bytes, long[] rows, int[] differing, float[] jaccard) {
    int[] counts = new int[ROWS];
    kernel.hamming(query, bytes, rows, ROWS, counts);
    assertThat(counts).as("batch of %s", kernel).isEqualTo(differing);
    Arrays.fill(counts, -1);
    kernel.hamming(query, bytes, rows[0], bytes, ROWS, counts);
    assertThat(counts).as("range of %s", kernel).isEqualTo(differing);
    Arrays.setAll(counts, i -> kernel.hamming(query, rows[i], bytes));
    assertThat(counts).as("single of %s", kernel).isEqualTo(differing);
    float[] distances = new float[ROWS];
    kernel.jaccard(query, bytes, rows, ROWS, distances);
    assertThat(distances).as("batch of %s", kernel).isEqualTo(jaccard);
    Arrays.fill(distances, -1);
    kernel.jaccard(query, bytes, rows[0], bytes, ROWS, distances);
    assertThat(distances).as("range of %s", kernel).isEqualTo(jaccard);
    for (int i = 0; i < ROWS; i++) {
      assertThat((float) kernel.jaccard(query, rows[i], bytes)).isEqualTo(jaccard[i]);
    }
  }

  private static int differing(BitSet left, BitSet right) {
    BitSet differing = (BitSet) left.clone();
    differing.xor(right);
    return differing.cardinality();
  }

  private static double jaccard(BitSet left, BitSet right) {
    BitSet common = (BitSet) left.clone();
    common.and(right);
    double both = common.cardinality();
    return both == 0 ? 1 : 1 - both / (left.cardinality() + right.cardinality() - both);
  }

  private static byte[] bytes(BitSet bits, int dimensions) {
    return Arrays.copyOf(bits.toByteArray(), (dimensions + 7) / 8);
  }

  private static void put(long address, BitSet bits) {
    byte[] bytes = bits.toByteArray();
    AddressSpace.slice(address, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
  }
}
