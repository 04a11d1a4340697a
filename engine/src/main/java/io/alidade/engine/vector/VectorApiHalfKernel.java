package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The kernels for rows of half floats on the Vector API.
///
/// A half float's bits moved to a float's places are 2^-112 times its value, the difference of the
/// exponents' biases; that is right for subnormal numbers too, though not for infinities and NaN,
/// which are no part of a vector. A difference makes up for the factor in the multiplication that
/// it takes in any case; an inner product does so in its end. Straight-line, like
/// [VectorApiKernel].
final class VectorApiHalfKernel implements NarrowKernel {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

  /// As many shorts as there are floats in a vector.
  private static final VectorSpecies<Short> HALVES =
      VectorSpecies.of(short.class, VectorShape.forBitSize(LANES.vectorBitSize() / 2));

  /// The sign, exponent and mantissa in the places of a float's.
  private static final int PLACES = 0x8fffe000;

  private static final int SHIFT = 13;

  /// What a difference multiplies the moved bits by.
  private static final float MINUS_FACTOR = -0x1p112f;

  /// The factor of an inner product: some of it with the query, so that no small sum loses digits
  /// and no large query is too large, the rest with the sum.
  private static final float QUERY_FACTOR = 0x1p16f;

  private static final float SUM_FACTOR = 0x1p96f;

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
        FloatVector q =
            FloatVector.fromMemorySegment(LANES, ALL, query + at * Float.BYTES, ORDER)
                .mul(QUERY_FACTOR);
        FloatVector r0 =
            ((IntVector)
                    ShortVector.fromMemorySegment(HALVES, ALL, row0 + at * Short.BYTES, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, SHIFT)
                .and(PLACES)
                .reinterpretAsFloats();
        FloatVector r1 =
            ((IntVector)
                    ShortVector.fromMemorySegment(HALVES, ALL, row1 + at * Short.BYTES, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, SHIFT)
                .and(PLACES)
                .reinterpretAsFloats();
        FloatVector r2 =
            ((IntVector)
                    ShortVector.fromMemorySegment(HALVES, ALL, row2 + at * Short.BYTES, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, SHIFT)
                .and(PLACES)
                .reinterpretAsFloats();
        FloatVector r3 =
            ((IntVector)
                    ShortVector.fromMemorySegment(HALVES, ALL, row3 + at * Short.BYTES, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, SHIFT)
                .and(PLACES)
                .reinterpretAsFloats();
        sum0 = q.fma(r0, sum0);
        sum1 = q.fma(r1, sum1);
        sum2 = q.fma(r2, sum2);
        sum3 = q.fma(r3, sum3);
      }
      out[i] = sum0.reduceLanes(VectorOperators.ADD) * SUM_FACTOR;
      out[i + 1] = sum1.reduceLanes(VectorOperators.ADD) * SUM_FACTOR;
      out[i + 2] = sum2.reduceLanes(VectorOperators.ADD) * SUM_FACTOR;
      out[i + 3] = sum3.reduceLanes(VectorOperators.ADD) * SUM_FACTOR;
    }
    for (; i < count; i++) {
      out[i] = dot(query, rows[i], padded);
    }
  }

  @Override
  public void squaredL2(long query, int padded, long[] rows, int count, float[] out) {
    FloatVector factor = FloatVector.broadcast(LANES, MINUS_FACTOR);
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
            ((IntVector)
                    ShortVector.fromMemorySegment(HALVES, ALL, row0 + at * Short.BYTES, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, SHIFT)
                .and(PLACES)
                .reinterpretAsFloats();
        FloatVector r1 =
            ((IntVector)
                    ShortVector.fromMemorySegment(HALVES, ALL, row1 + at * Short.BYTES, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, SHIFT)
                .and(PLACES)
                .reinterpretAsFloats();
        FloatVector r2 =
            ((IntVector)
                    ShortVector.fromMemorySegment(HALVES, ALL, row2 + at * Short.BYTES, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, SHIFT)
                .and(PLACES)
                .reinterpretAsFloats();
        FloatVector r3 =
            ((IntVector)
                    ShortVector.fromMemorySegment(HALVES, ALL, row3 + at * Short.BYTES, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, SHIFT)
                .and(PLACES)
                .reinterpretAsFloats();
        FloatVector d0 = r0.fma(factor, q);
        sum0 = d0.fma(d0, sum0);
        FloatVector d1 = r1.fma(factor, q);
        sum1 = d1.fma(d1, sum1);
        FloatVector d2 = r2.fma(factor, q);
        sum2 = d2.fma(d2, sum2);
        FloatVector d3 = r3.fma(factor, q);
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
    FloatVector factor = FloatVector.broadcast(LANES, MINUS_FACTOR);
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
            ((IntVector)
                    ShortVector.fromMemorySegment(HALVES, ALL, row0 + at * Short.BYTES, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, SHIFT)
                .and(PLACES)
                .reinterpretAsFloats();
        FloatVector r1 =
            ((IntVector)
                    ShortVector.fromMemorySegment(HALVES, ALL, row1 + at * Short.BYTES, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, SHIFT)
                .and(PLACES)
                .reinterpretAsFloats();
        FloatVector r2 =
            ((IntVector)
                    ShortVector.fromMemorySegment(HALVES, ALL, row2 + at * Short.BYTES, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, SHIFT)
                .and(PLACES)
                .reinterpretAsFloats();
        FloatVector r3 =
            ((IntVector)
                    ShortVector.fromMemorySegment(HALVES, ALL, row3 + at * Short.BYTES, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, SHIFT)
                .and(PLACES)
                .reinterpretAsFloats();
        sum0 = sum0.add(r0.fma(factor, q).abs());
        sum1 = sum1.add(r1.fma(factor, q).abs());
        sum2 = sum2.add(r2.fma(factor, q).abs());
        sum3 = sum3.add(r3.fma(factor, q).abs());
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
      FloatVector q0 =
          FloatVector.fromMemorySegment(LANES, ALL, query + at * Float.BYTES, ORDER)
              .mul(QUERY_FACTOR);
      FloatVector r0 =
          ((IntVector)
                  ShortVector.fromMemorySegment(HALVES, ALL, row + at * Short.BYTES, ORDER)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, SHIFT)
              .and(PLACES)
              .reinterpretAsFloats();
      sum0 = q0.fma(r0, sum0);
      FloatVector q1 =
          FloatVector.fromMemorySegment(LANES, ALL, query + (at + STEP) * Float.BYTES, ORDER)
              .mul(QUERY_FACTOR);
      FloatVector r1 =
          ((IntVector)
                  ShortVector.fromMemorySegment(HALVES, ALL, row + (at + STEP) * Short.BYTES, ORDER)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, SHIFT)
              .and(PLACES)
              .reinterpretAsFloats();
      sum1 = q1.fma(r1, sum1);
    }
    return sum0.add(sum1).reduceLanes(VectorOperators.ADD) * SUM_FACTOR;
  }

  @Override
  public float squaredL2(long query, long row, int padded) {
    FloatVector factor = FloatVector.broadcast(LANES, MINUS_FACTOR);
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    // A line of a row is at least two steps.
    for (long at = 0; at < padded; at += 2 * STEP) {
      FloatVector q0 = FloatVector.fromMemorySegment(LANES, ALL, query + at * Float.BYTES, ORDER);
      FloatVector r0 =
          ((IntVector)
                  ShortVector.fromMemorySegment(HALVES, ALL, row + at * Short.BYTES, ORDER)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, SHIFT)
              .and(PLACES)
              .reinterpretAsFloats();
      FloatVector d0 = r0.fma(factor, q0);
      sum0 = d0.fma(d0, sum0);
      FloatVector q1 =
          FloatVector.fromMemorySegment(LANES, ALL, query + (at + STEP) * Float.BYTES, ORDER);
      FloatVector r1 =
          ((IntVector)
                  ShortVector.fromMemorySegment(HALVES, ALL, row + (at + STEP) * Short.BYTES, ORDER)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, SHIFT)
              .and(PLACES)
              .reinterpretAsFloats();
      FloatVector d1 = r1.fma(factor, q1);
      sum1 = d1.fma(d1, sum1);
    }
    return sum0.add(sum1).reduceLanes(VectorOperators.ADD);
  }

  @Override
  public float l1(long query, long row, int padded) {
    FloatVector factor = FloatVector.broadcast(LANES, MINUS_FACTOR);
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    // A line of a row is at least two steps.
    for (long at = 0; at < padded; at += 2 * STEP) {
      FloatVector q0 = FloatVector.fromMemorySegment(LANES, ALL, query + at * Float.BYTES, ORDER);
      FloatVector r0 =
          ((IntVector)
                  ShortVector.fromMemorySegment(HALVES, ALL, row + at * Short.BYTES, ORDER)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, SHIFT)
              .and(PLACES)
              .reinterpretAsFloats();
      sum0 = sum0.add(r0.fma(factor, q0).abs());
      FloatVector q1 =
          FloatVector.fromMemorySegment(LANES, ALL, query + (at + STEP) * Float.BYTES, ORDER);
      FloatVector r1 =
          ((IntVector)
                  ShortVector.fromMemorySegment(HALVES, ALL, row + (at + STEP) * Short.BYTES, ORDER)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, SHIFT)
              .and(PLACES)
              .reinterpretAsFloats();
      sum1 = sum1.add(r1.fma(factor, q1).abs());
    }
    return sum0.add(sum1).reduceLanes(VectorOperators.ADD);
  }
}
