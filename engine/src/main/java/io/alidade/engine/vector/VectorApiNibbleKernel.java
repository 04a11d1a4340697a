package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The kernels for nibbles on the Vector API: words are loaded once and give eight vectors of
/// numbers each. Straight-line, like [VectorApiKernel].
final class VectorApiNibbleKernel implements NibbleKernel {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LINE = VectorStore.ROW_ALIGNMENT;

  /// The bytes of a line that are loaded at once, and of the floats that they meet each time.
  private static final int STEP = Math.min(LINE, LANES.vectorByteSize());

  private static final int MOST = 15;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final MemorySegment ALL = AddressSpace.ALL;

  @Override
  public void dot(long query, int bytes, long[] rows, int count, float[] out) {
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      long row0 = rows[i];
      long row1 = rows[i + 1];
      long row2 = rows[i + 2];
      long row3 = rows[i + 3];
      FloatVector sum0 = FloatVector.zero(LANES);
      FloatVector sum1 = FloatVector.zero(LANES);
      FloatVector sum2 = FloatVector.zero(LANES);
      FloatVector sum3 = FloatVector.zero(LANES);
      for (long at = 0; at < bytes; at += STEP) {
        // Eight lines of floats meet a line of nibbles.
        long floats = query + (at & -LINE) * 8 + (at & LINE - 1);
        IntVector words0 = IntVector.fromMemorySegment(INTS, ALL, row0 + at, ORDER);
        IntVector words1 = IntVector.fromMemorySegment(INTS, ALL, row1 + at, ORDER);
        IntVector words2 = IntVector.fromMemorySegment(INTS, ALL, row2 + at, ORDER);
        IntVector words3 = IntVector.fromMemorySegment(INTS, ALL, row3 + at, ORDER);
        FloatVector q0 = FloatVector.fromMemorySegment(LANES, ALL, floats, ORDER);
        sum0 = q0.fma((FloatVector) words0.and(MOST).convert(VectorOperators.I2F, 0), sum0);
        sum1 = q0.fma((FloatVector) words1.and(MOST).convert(VectorOperators.I2F, 0), sum1);
        sum2 = q0.fma((FloatVector) words2.and(MOST).convert(VectorOperators.I2F, 0), sum2);
        sum3 = q0.fma((FloatVector) words3.and(MOST).convert(VectorOperators.I2F, 0), sum3);
        FloatVector q1 = FloatVector.fromMemorySegment(LANES, ALL, floats + 1 * LINE, ORDER);
        sum0 =
            q1.fma(
                (FloatVector)
                    words0
                        .lanewise(VectorOperators.LSHR, 4)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum0);
        sum1 =
            q1.fma(
                (FloatVector)
                    words1
                        .lanewise(VectorOperators.LSHR, 4)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum1);
        sum2 =
            q1.fma(
                (FloatVector)
                    words2
                        .lanewise(VectorOperators.LSHR, 4)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum2);
        sum3 =
            q1.fma(
                (FloatVector)
                    words3
                        .lanewise(VectorOperators.LSHR, 4)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum3);
        FloatVector q2 = FloatVector.fromMemorySegment(LANES, ALL, floats + 2 * LINE, ORDER);
        sum0 =
            q2.fma(
                (FloatVector)
                    words0
                        .lanewise(VectorOperators.LSHR, 8)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum0);
        sum1 =
            q2.fma(
                (FloatVector)
                    words1
                        .lanewise(VectorOperators.LSHR, 8)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum1);
        sum2 =
            q2.fma(
                (FloatVector)
                    words2
                        .lanewise(VectorOperators.LSHR, 8)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum2);
        sum3 =
            q2.fma(
                (FloatVector)
                    words3
                        .lanewise(VectorOperators.LSHR, 8)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum3);
        FloatVector q3 = FloatVector.fromMemorySegment(LANES, ALL, floats + 3 * LINE, ORDER);
        sum0 =
            q3.fma(
                (FloatVector)
                    words0
                        .lanewise(VectorOperators.LSHR, 12)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum0);
        sum1 =
            q3.fma(
                (FloatVector)
                    words1
                        .lanewise(VectorOperators.LSHR, 12)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum1);
        sum2 =
            q3.fma(
                (FloatVector)
                    words2
                        .lanewise(VectorOperators.LSHR, 12)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum2);
        sum3 =
            q3.fma(
                (FloatVector)
                    words3
                        .lanewise(VectorOperators.LSHR, 12)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum3);
        FloatVector q4 = FloatVector.fromMemorySegment(LANES, ALL, floats + 4 * LINE, ORDER);
        sum0 =
            q4.fma(
                (FloatVector)
                    words0
                        .lanewise(VectorOperators.LSHR, 16)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum0);
        sum1 =
            q4.fma(
                (FloatVector)
                    words1
                        .lanewise(VectorOperators.LSHR, 16)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum1);
        sum2 =
            q4.fma(
                (FloatVector)
                    words2
                        .lanewise(VectorOperators.LSHR, 16)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum2);
        sum3 =
            q4.fma(
                (FloatVector)
                    words3
                        .lanewise(VectorOperators.LSHR, 16)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum3);
        FloatVector q5 = FloatVector.fromMemorySegment(LANES, ALL, floats + 5 * LINE, ORDER);
        sum0 =
            q5.fma(
                (FloatVector)
                    words0
                        .lanewise(VectorOperators.LSHR, 20)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum0);
        sum1 =
            q5.fma(
                (FloatVector)
                    words1
                        .lanewise(VectorOperators.LSHR, 20)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum1);
        sum2 =
            q5.fma(
                (FloatVector)
                    words2
                        .lanewise(VectorOperators.LSHR, 20)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum2);
        sum3 =
            q5.fma(
                (FloatVector)
                    words3
                        .lanewise(VectorOperators.LSHR, 20)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum3);
        FloatVector q6 = FloatVector.fromMemorySegment(LANES, ALL, floats + 6 * LINE, ORDER);
        sum0 =
            q6.fma(
                (FloatVector)
                    words0
                        .lanewise(VectorOperators.LSHR, 24)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum0);
        sum1 =
            q6.fma(
                (FloatVector)
                    words1
                        .lanewise(VectorOperators.LSHR, 24)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum1);
        sum2 =
            q6.fma(
                (FloatVector)
                    words2
                        .lanewise(VectorOperators.LSHR, 24)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum2);
        sum3 =
            q6.fma(
                (FloatVector)
                    words3
                        .lanewise(VectorOperators.LSHR, 24)
                        .and(MOST)
                        .convert(VectorOperators.I2F, 0),
                sum3);
        FloatVector q7 = FloatVector.fromMemorySegment(LANES, ALL, floats + 7 * LINE, ORDER);
        sum0 =
            q7.fma(
                (FloatVector)
                    words0.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0),
                sum0);
        sum1 =
            q7.fma(
                (FloatVector)
                    words1.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0),
                sum1);
        sum2 =
            q7.fma(
                (FloatVector)
                    words2.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0),
                sum2);
        sum3 =
            q7.fma(
                (FloatVector)
                    words3.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0),
                sum3);
      }
      out[i] = sum0.reduceLanes(VectorOperators.ADD);
      out[i + 1] = sum1.reduceLanes(VectorOperators.ADD);
      out[i + 2] = sum2.reduceLanes(VectorOperators.ADD);
      out[i + 3] = sum3.reduceLanes(VectorOperators.ADD);
    }
    for (; i < count; i++) {
      out[i] = dot(query, rows[i], bytes);
    }
  }

  @Override
  public float dot(long query, long row, int bytes) {
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    for (long at = 0; at < bytes; at += STEP) {
      long floats = query + (at & -LINE) * 8 + (at & LINE - 1);
      IntVector words = IntVector.fromMemorySegment(INTS, ALL, row + at, ORDER);
      FloatVector q0 = FloatVector.fromMemorySegment(LANES, ALL, floats, ORDER);
      sum0 = q0.fma((FloatVector) words.and(MOST).convert(VectorOperators.I2F, 0), sum0);
      FloatVector q1 = FloatVector.fromMemorySegment(LANES, ALL, floats + 1 * LINE, ORDER);
      sum1 =
          q1.fma(
              (FloatVector)
                  words.lanewise(VectorOperators.LSHR, 4).and(MOST).convert(VectorOperators.I2F, 0),
              sum1);
      FloatVector q2 = FloatVector.fromMemorySegment(LANES, ALL, floats + 2 * LINE, ORDER);
      sum0 =
          q2.fma(
              (FloatVector)
                  words.lanewise(VectorOperators.LSHR, 8).and(MOST).convert(VectorOperators.I2F, 0),
              sum0);
      FloatVector q3 = FloatVector.fromMemorySegment(LANES, ALL, floats + 3 * LINE, ORDER);
      sum1 =
          q3.fma(
              (FloatVector)
                  words
                      .lanewise(VectorOperators.LSHR, 12)
                      .and(MOST)
                      .convert(VectorOperators.I2F, 0),
              sum1);
      FloatVector q4 = FloatVector.fromMemorySegment(LANES, ALL, floats + 4 * LINE, ORDER);
      sum0 =
          q4.fma(
              (FloatVector)
                  words
                      .lanewise(VectorOperators.LSHR, 16)
                      .and(MOST)
                      .convert(VectorOperators.I2F, 0),
              sum0);
      FloatVector q5 = FloatVector.fromMemorySegment(LANES, ALL, floats + 5 * LINE, ORDER);
      sum1 =
          q5.fma(
              (FloatVector)
                  words
                      .lanewise(VectorOperators.LSHR, 20)
                      .and(MOST)
                      .convert(VectorOperators.I2F, 0),
              sum1);
      FloatVector q6 = FloatVector.fromMemorySegment(LANES, ALL, floats + 6 * LINE, ORDER);
      sum0 =
          q6.fma(
              (FloatVector)
                  words
                      .lanewise(VectorOperators.LSHR, 24)
                      .and(MOST)
                      .convert(VectorOperators.I2F, 0),
              sum0);
      FloatVector q7 = FloatVector.fromMemorySegment(LANES, ALL, floats + 7 * LINE, ORDER);
      sum1 =
          q7.fma(
              (FloatVector)
                  words.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0),
              sum1);
    }
    return sum0.add(sum1).reduceLanes(VectorOperators.ADD);
  }
}
