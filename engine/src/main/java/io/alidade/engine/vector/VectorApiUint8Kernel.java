package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The kernels for rows of bytes from 0 to 255 on the Vector API. Straight-line, like
/// [VectorApiKernel].
final class VectorApiUint8Kernel implements NarrowKernel {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

  /// As many bytes as there are floats in a vector.
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(LANES.vectorBitSize() / 4));

  private static final int STEP = LANES.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final MemorySegment ALL = AddressSpace.ALL;

  @Override
  public void dot(long query, int padded, long[] rows, int count, float[] out) {
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
      for (long at = 0; at < padded; at += STEP) {
        FloatVector q = FloatVector.fromMemorySegment(LANES, ALL, query + at * Float.BYTES, ORDER);
        FloatVector r0 =
            (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, row0 + at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convertShape(VectorOperators.I2F, LANES, 0);
        FloatVector r1 =
            (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, row1 + at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convertShape(VectorOperators.I2F, LANES, 0);
        FloatVector r2 =
            (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, row2 + at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convertShape(VectorOperators.I2F, LANES, 0);
        FloatVector r3 =
            (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, row3 + at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convertShape(VectorOperators.I2F, LANES, 0);
        sum0 = q.fma(r0, sum0);
        sum1 = q.fma(r1, sum1);
        sum2 = q.fma(r2, sum2);
        sum3 = q.fma(r3, sum3);
      }
      out[i] = sum0.reduceLanes(VectorOperators.ADD);
      out[i + 1] = sum1.reduceLanes(VectorOperators.ADD);
      out[i + 2] = sum2.reduceLanes(VectorOperators.ADD);
      out[i + 3] = sum3.reduceLanes(VectorOperators.ADD);
    }
    for (; i < count; i++) {
      out[i] = dot(query, rows[i], padded);
    }
  }

  @Override
  public void squaredL2(long query, int padded, long[] rows, int count, float[] out) {
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
      for (long at = 0; at < padded; at += STEP) {
        FloatVector q = FloatVector.fromMemorySegment(LANES, ALL, query + at * Float.BYTES, ORDER);
        FloatVector r0 =
            (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, row0 + at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convertShape(VectorOperators.I2F, LANES, 0);
        FloatVector r1 =
            (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, row1 + at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convertShape(VectorOperators.I2F, LANES, 0);
        FloatVector r2 =
            (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, row2 + at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convertShape(VectorOperators.I2F, LANES, 0);
        FloatVector r3 =
            (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, row3 + at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convertShape(VectorOperators.I2F, LANES, 0);
        FloatVector d0 = q.sub(r0);
        sum0 = d0.fma(d0, sum0);
        FloatVector d1 = q.sub(r1);
        sum1 = d1.fma(d1, sum1);
        FloatVector d2 = q.sub(r2);
        sum2 = d2.fma(d2, sum2);
        FloatVector d3 = q.sub(r3);
        sum3 = d3.fma(d3, sum3);
      }
      out[i] = sum0.reduceLanes(VectorOperators.ADD);
      out[i + 1] = sum1.reduceLanes(VectorOperators.ADD);
      out[i + 2] = sum2.reduceLanes(VectorOperators.ADD);
      out[i + 3] = sum3.reduceLanes(VectorOperators.ADD);
    }
    for (; i < count; i++) {
      out[i] = squaredL2(query, rows[i], padded);
    }
  }

  @Override
  public void l1(long query, int padded, long[] rows, int count, float[] out) {
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
      for (long at = 0; at < padded; at += STEP) {
        FloatVector q = FloatVector.fromMemorySegment(LANES, ALL, query + at * Float.BYTES, ORDER);
        FloatVector r0 =
            (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, row0 + at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convertShape(VectorOperators.I2F, LANES, 0);
        FloatVector r1 =
            (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, row1 + at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convertShape(VectorOperators.I2F, LANES, 0);
        FloatVector r2 =
            (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, row2 + at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convertShape(VectorOperators.I2F, LANES, 0);
        FloatVector r3 =
            (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, row3 + at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                    .convertShape(VectorOperators.I2F, LANES, 0);
        sum0 = sum0.add(q.sub(r0).abs());
        sum1 = sum1.add(q.sub(r1).abs());
        sum2 = sum2.add(q.sub(r2).abs());
        sum3 = sum3.add(q.sub(r3).abs());
      }
      out[i] = sum0.reduceLanes(VectorOperators.ADD);
      out[i + 1] = sum1.reduceLanes(VectorOperators.ADD);
      out[i + 2] = sum2.reduceLanes(VectorOperators.ADD);
      out[i + 3] = sum3.reduceLanes(VectorOperators.ADD);
    }
    for (; i < count; i++) {
      out[i] = l1(query, rows[i], padded);
    }
  }

  @Override
  public float dot(long query, long row, int padded) {
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    // A line of a row is at least two steps.
    for (long at = 0; at < padded; at += 2 * STEP) {
      FloatVector q0 = FloatVector.fromMemorySegment(LANES, ALL, query + at * Float.BYTES, ORDER);
      FloatVector r0 =
          (FloatVector)
              ByteVector.fromMemorySegment(BYTES, ALL, row + at, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, LANES, 0);
      sum0 = q0.fma(r0, sum0);
      FloatVector q1 =
          FloatVector.fromMemorySegment(LANES, ALL, query + (at + STEP) * Float.BYTES, ORDER);
      FloatVector r1 =
          (FloatVector)
              ByteVector.fromMemorySegment(BYTES, ALL, row + at + STEP, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, LANES, 0);
      sum1 = q1.fma(r1, sum1);
    }
    return sum0.add(sum1).reduceLanes(VectorOperators.ADD);
  }

  @Override
  public float squaredL2(long query, long row, int padded) {
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    // A line of a row is at least two steps.
    for (long at = 0; at < padded; at += 2 * STEP) {
      FloatVector q0 = FloatVector.fromMemorySegment(LANES, ALL, query + at * Float.BYTES, ORDER);
      FloatVector r0 =
          (FloatVector)
              ByteVector.fromMemorySegment(BYTES, ALL, row + at, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, LANES, 0);
      FloatVector d0 = q0.sub(r0);
      sum0 = d0.fma(d0, sum0);
      FloatVector q1 =
          FloatVector.fromMemorySegment(LANES, ALL, query + (at + STEP) * Float.BYTES, ORDER);
      FloatVector r1 =
          (FloatVector)
              ByteVector.fromMemorySegment(BYTES, ALL, row + at + STEP, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, LANES, 0);
      FloatVector d1 = q1.sub(r1);
      sum1 = d1.fma(d1, sum1);
    }
    return sum0.add(sum1).reduceLanes(VectorOperators.ADD);
  }

  @Override
  public float l1(long query, long row, int padded) {
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    // A line of a row is at least two steps.
    for (long at = 0; at < padded; at += 2 * STEP) {
      FloatVector q0 = FloatVector.fromMemorySegment(LANES, ALL, query + at * Float.BYTES, ORDER);
      FloatVector r0 =
          (FloatVector)
              ByteVector.fromMemorySegment(BYTES, ALL, row + at, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, LANES, 0);
      sum0 = sum0.add(q0.sub(r0).abs());
      FloatVector q1 =
          FloatVector.fromMemorySegment(LANES, ALL, query + (at + STEP) * Float.BYTES, ORDER);
      FloatVector r1 =
          (FloatVector)
              ByteVector.fromMemorySegment(BYTES, ALL, row + at + STEP, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, LANES, 0);
      sum1 = sum1.add(q1.sub(r1).abs());
    }
    return sum0.add(sum1).reduceLanes(VectorOperators.ADD);
  }
}
