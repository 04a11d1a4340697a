package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The kernels on the Vector API.
///
/// Straight-line on purpose: a helper that returns a vector may or may not be inlined by the
/// compiler, and costs a factor of five when it is not. So there is one loop a method, and the same
/// text three times. The segment is the one of the whole address space, never another.
final class VectorApiKernel implements Kernel {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  /// As many floats as there are doubles in a vector.
  private static final VectorSpecies<Float> HALF_LANES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));

  private static final int STEP = LANES.length();
  private static final long STEP_BYTES = LANES.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final MemorySegment ALL = AddressSpace.ALL;

  @Override
  public void dot(long query, int padded, long[] rows, int count, float[] out) {
    long bytes = (long) padded * Float.BYTES;
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
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        FloatVector q = FloatVector.fromMemorySegment(LANES, ALL, query + at, ORDER);
        FloatVector r0 = FloatVector.fromMemorySegment(LANES, ALL, row0 + at, ORDER);
        FloatVector r1 = FloatVector.fromMemorySegment(LANES, ALL, row1 + at, ORDER);
        FloatVector r2 = FloatVector.fromMemorySegment(LANES, ALL, row2 + at, ORDER);
        FloatVector r3 = FloatVector.fromMemorySegment(LANES, ALL, row3 + at, ORDER);
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
    long bytes = (long) padded * Float.BYTES;
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
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        FloatVector q = FloatVector.fromMemorySegment(LANES, ALL, query + at, ORDER);
        FloatVector r0 = FloatVector.fromMemorySegment(LANES, ALL, row0 + at, ORDER);
        FloatVector r1 = FloatVector.fromMemorySegment(LANES, ALL, row1 + at, ORDER);
        FloatVector r2 = FloatVector.fromMemorySegment(LANES, ALL, row2 + at, ORDER);
        FloatVector r3 = FloatVector.fromMemorySegment(LANES, ALL, row3 + at, ORDER);
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
    long bytes = (long) padded * Float.BYTES;
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
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        FloatVector q = FloatVector.fromMemorySegment(LANES, ALL, query + at, ORDER);
        FloatVector r0 = FloatVector.fromMemorySegment(LANES, ALL, row0 + at, ORDER);
        FloatVector r1 = FloatVector.fromMemorySegment(LANES, ALL, row1 + at, ORDER);
        FloatVector r2 = FloatVector.fromMemorySegment(LANES, ALL, row2 + at, ORDER);
        FloatVector r3 = FloatVector.fromMemorySegment(LANES, ALL, row3 + at, ORDER);
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
  public float dot(long left, long right, int padded) {
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    FloatVector sum2 = FloatVector.zero(LANES);
    FloatVector sum3 = FloatVector.zero(LANES);
    long bytes = (long) padded * Float.BYTES;
    long at = 0;
    for (; at + 4 * STEP_BYTES <= bytes; at += 4 * STEP_BYTES) {
      FloatVector l0 = FloatVector.fromMemorySegment(LANES, ALL, left + at, ORDER);
      FloatVector r0 = FloatVector.fromMemorySegment(LANES, ALL, right + at, ORDER);
      FloatVector l1 = FloatVector.fromMemorySegment(LANES, ALL, left + at + STEP_BYTES, ORDER);
      FloatVector r1 = FloatVector.fromMemorySegment(LANES, ALL, right + at + STEP_BYTES, ORDER);
      FloatVector l2 = FloatVector.fromMemorySegment(LANES, ALL, left + at + 2 * STEP_BYTES, ORDER);
      FloatVector r2 =
          FloatVector.fromMemorySegment(LANES, ALL, right + at + 2 * STEP_BYTES, ORDER);
      FloatVector l3 = FloatVector.fromMemorySegment(LANES, ALL, left + at + 3 * STEP_BYTES, ORDER);
      FloatVector r3 =
          FloatVector.fromMemorySegment(LANES, ALL, right + at + 3 * STEP_BYTES, ORDER);
      sum0 = l0.fma(r0, sum0);
      sum1 = l1.fma(r1, sum1);
      sum2 = l2.fma(r2, sum2);
      sum3 = l3.fma(r3, sum3);
    }
    for (; at < bytes; at += STEP_BYTES) {
      FloatVector l0 = FloatVector.fromMemorySegment(LANES, ALL, left + at, ORDER);
      FloatVector r0 = FloatVector.fromMemorySegment(LANES, ALL, right + at, ORDER);
      sum0 = l0.fma(r0, sum0);
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
  }

  @Override
  public float squaredL2(long left, long right, int padded) {
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    FloatVector sum2 = FloatVector.zero(LANES);
    FloatVector sum3 = FloatVector.zero(LANES);
    long bytes = (long) padded * Float.BYTES;
    long at = 0;
    for (; at + 4 * STEP_BYTES <= bytes; at += 4 * STEP_BYTES) {
      FloatVector l0 = FloatVector.fromMemorySegment(LANES, ALL, left + at, ORDER);
      FloatVector r0 = FloatVector.fromMemorySegment(LANES, ALL, right + at, ORDER);
      FloatVector l1 = FloatVector.fromMemorySegment(LANES, ALL, left + at + STEP_BYTES, ORDER);
      FloatVector r1 = FloatVector.fromMemorySegment(LANES, ALL, right + at + STEP_BYTES, ORDER);
      FloatVector l2 = FloatVector.fromMemorySegment(LANES, ALL, left + at + 2 * STEP_BYTES, ORDER);
      FloatVector r2 =
          FloatVector.fromMemorySegment(LANES, ALL, right + at + 2 * STEP_BYTES, ORDER);
      FloatVector l3 = FloatVector.fromMemorySegment(LANES, ALL, left + at + 3 * STEP_BYTES, ORDER);
      FloatVector r3 =
          FloatVector.fromMemorySegment(LANES, ALL, right + at + 3 * STEP_BYTES, ORDER);
      FloatVector d0 = l0.sub(r0);
      sum0 = d0.fma(d0, sum0);
      FloatVector d1 = l1.sub(r1);
      sum1 = d1.fma(d1, sum1);
      FloatVector d2 = l2.sub(r2);
      sum2 = d2.fma(d2, sum2);
      FloatVector d3 = l3.sub(r3);
      sum3 = d3.fma(d3, sum3);
    }
    for (; at < bytes; at += STEP_BYTES) {
      FloatVector l0 = FloatVector.fromMemorySegment(LANES, ALL, left + at, ORDER);
      FloatVector r0 = FloatVector.fromMemorySegment(LANES, ALL, right + at, ORDER);
      FloatVector d0 = l0.sub(r0);
      sum0 = d0.fma(d0, sum0);
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
  }

  @Override
  public float l1(long left, long right, int padded) {
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    FloatVector sum2 = FloatVector.zero(LANES);
    FloatVector sum3 = FloatVector.zero(LANES);
    long bytes = (long) padded * Float.BYTES;
    long at = 0;
    for (; at + 4 * STEP_BYTES <= bytes; at += 4 * STEP_BYTES) {
      FloatVector l0 = FloatVector.fromMemorySegment(LANES, ALL, left + at, ORDER);
      FloatVector r0 = FloatVector.fromMemorySegment(LANES, ALL, right + at, ORDER);
      FloatVector l1 = FloatVector.fromMemorySegment(LANES, ALL, left + at + STEP_BYTES, ORDER);
      FloatVector r1 = FloatVector.fromMemorySegment(LANES, ALL, right + at + STEP_BYTES, ORDER);
      FloatVector l2 = FloatVector.fromMemorySegment(LANES, ALL, left + at + 2 * STEP_BYTES, ORDER);
      FloatVector r2 =
          FloatVector.fromMemorySegment(LANES, ALL, right + at + 2 * STEP_BYTES, ORDER);
      FloatVector l3 = FloatVector.fromMemorySegment(LANES, ALL, left + at + 3 * STEP_BYTES, ORDER);
      FloatVector r3 =
          FloatVector.fromMemorySegment(LANES, ALL, right + at + 3 * STEP_BYTES, ORDER);
      sum0 = sum0.add(l0.sub(r0).abs());
      sum1 = sum1.add(l1.sub(r1).abs());
      sum2 = sum2.add(l2.sub(r2).abs());
      sum3 = sum3.add(l3.sub(r3).abs());
    }
    for (; at < bytes; at += STEP_BYTES) {
      FloatVector l0 = FloatVector.fromMemorySegment(LANES, ALL, left + at, ORDER);
      FloatVector r0 = FloatVector.fromMemorySegment(LANES, ALL, right + at, ORDER);
      sum0 = sum0.add(l0.sub(r0).abs());
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
  }

  @Override
  public float dot(float[] left, float[] right) {
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    FloatVector sum2 = FloatVector.zero(LANES);
    FloatVector sum3 = FloatVector.zero(LANES);
    int i = 0;
    for (; i + 4 * STEP <= left.length; i += 4 * STEP) {
      FloatVector l0 = FloatVector.fromArray(LANES, left, i);
      FloatVector r0 = FloatVector.fromArray(LANES, right, i);
      FloatVector l1 = FloatVector.fromArray(LANES, left, i + STEP);
      FloatVector r1 = FloatVector.fromArray(LANES, right, i + STEP);
      FloatVector l2 = FloatVector.fromArray(LANES, left, i + 2 * STEP);
      FloatVector r2 = FloatVector.fromArray(LANES, right, i + 2 * STEP);
      FloatVector l3 = FloatVector.fromArray(LANES, left, i + 3 * STEP);
      FloatVector r3 = FloatVector.fromArray(LANES, right, i + 3 * STEP);
      sum0 = l0.fma(r0, sum0);
      sum1 = l1.fma(r1, sum1);
      sum2 = l2.fma(r2, sum2);
      sum3 = l3.fma(r3, sum3);
    }
    for (; i + STEP <= left.length; i += STEP) {
      FloatVector l0 = FloatVector.fromArray(LANES, left, i);
      FloatVector r0 = FloatVector.fromArray(LANES, right, i);
      sum0 = l0.fma(r0, sum0);
    }
    if (i < left.length) {
      VectorMask<Float> rest = LANES.indexInRange(i, left.length);
      FloatVector l0 = FloatVector.fromArray(LANES, left, i, rest);
      FloatVector r0 = FloatVector.fromArray(LANES, right, i, rest);
      sum0 = l0.fma(r0, sum0);
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
  }

  @Override
  public float squaredL2(float[] left, float[] right) {
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    FloatVector sum2 = FloatVector.zero(LANES);
    FloatVector sum3 = FloatVector.zero(LANES);
    int i = 0;
    for (; i + 4 * STEP <= left.length; i += 4 * STEP) {
      FloatVector l0 = FloatVector.fromArray(LANES, left, i);
      FloatVector r0 = FloatVector.fromArray(LANES, right, i);
      FloatVector l1 = FloatVector.fromArray(LANES, left, i + STEP);
      FloatVector r1 = FloatVector.fromArray(LANES, right, i + STEP);
      FloatVector l2 = FloatVector.fromArray(LANES, left, i + 2 * STEP);
      FloatVector r2 = FloatVector.fromArray(LANES, right, i + 2 * STEP);
      FloatVector l3 = FloatVector.fromArray(LANES, left, i + 3 * STEP);
      FloatVector r3 = FloatVector.fromArray(LANES, right, i + 3 * STEP);
      FloatVector d0 = l0.sub(r0);
      sum0 = d0.fma(d0, sum0);
      FloatVector d1 = l1.sub(r1);
      sum1 = d1.fma(d1, sum1);
      FloatVector d2 = l2.sub(r2);
      sum2 = d2.fma(d2, sum2);
      FloatVector d3 = l3.sub(r3);
      sum3 = d3.fma(d3, sum3);
    }
    for (; i + STEP <= left.length; i += STEP) {
      FloatVector l0 = FloatVector.fromArray(LANES, left, i);
      FloatVector r0 = FloatVector.fromArray(LANES, right, i);
      FloatVector d0 = l0.sub(r0);
      sum0 = d0.fma(d0, sum0);
    }
    if (i < left.length) {
      VectorMask<Float> rest = LANES.indexInRange(i, left.length);
      FloatVector l0 = FloatVector.fromArray(LANES, left, i, rest);
      FloatVector r0 = FloatVector.fromArray(LANES, right, i, rest);
      FloatVector d0 = l0.sub(r0);
      sum0 = d0.fma(d0, sum0);
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
  }

  @Override
  public float l1(float[] left, float[] right) {
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    FloatVector sum2 = FloatVector.zero(LANES);
    FloatVector sum3 = FloatVector.zero(LANES);
    int i = 0;
    for (; i + 4 * STEP <= left.length; i += 4 * STEP) {
      FloatVector l0 = FloatVector.fromArray(LANES, left, i);
      FloatVector r0 = FloatVector.fromArray(LANES, right, i);
      FloatVector l1 = FloatVector.fromArray(LANES, left, i + STEP);
      FloatVector r1 = FloatVector.fromArray(LANES, right, i + STEP);
      FloatVector l2 = FloatVector.fromArray(LANES, left, i + 2 * STEP);
      FloatVector r2 = FloatVector.fromArray(LANES, right, i + 2 * STEP);
      FloatVector l3 = FloatVector.fromArray(LANES, left, i + 3 * STEP);
      FloatVector r3 = FloatVector.fromArray(LANES, right, i + 3 * STEP);
      sum0 = sum0.add(l0.sub(r0).abs());
      sum1 = sum1.add(l1.sub(r1).abs());
      sum2 = sum2.add(l2.sub(r2).abs());
      sum3 = sum3.add(l3.sub(r3).abs());
    }
    for (; i + STEP <= left.length; i += STEP) {
      FloatVector l0 = FloatVector.fromArray(LANES, left, i);
      FloatVector r0 = FloatVector.fromArray(LANES, right, i);
      sum0 = sum0.add(l0.sub(r0).abs());
    }
    if (i < left.length) {
      VectorMask<Float> rest = LANES.indexInRange(i, left.length);
      FloatVector l0 = FloatVector.fromArray(LANES, left, i, rest);
      FloatVector r0 = FloatVector.fromArray(LANES, right, i, rest);
      sum0 = sum0.add(l0.sub(r0).abs());
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
  }

  @Override
  public double sumOfSquares(float[] vector) {
    DoubleVector sum0 = DoubleVector.zero(DOUBLES);
    DoubleVector sum1 = DoubleVector.zero(DOUBLES);
    DoubleVector sum2 = DoubleVector.zero(DOUBLES);
    DoubleVector sum3 = DoubleVector.zero(DOUBLES);
    int step = DOUBLES.length();
    int i = 0;
    for (; i + 4 * step <= vector.length; i += 4 * step) {
      FloatVector f0 = FloatVector.fromArray(HALF_LANES, vector, i);
      FloatVector f1 = FloatVector.fromArray(HALF_LANES, vector, i + step);
      FloatVector f2 = FloatVector.fromArray(HALF_LANES, vector, i + 2 * step);
      FloatVector f3 = FloatVector.fromArray(HALF_LANES, vector, i + 3 * step);
      DoubleVector d0 = (DoubleVector) f0.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector d1 = (DoubleVector) f1.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector d2 = (DoubleVector) f2.convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector d3 = (DoubleVector) f3.convertShape(VectorOperators.F2D, DOUBLES, 0);
      sum0 = d0.fma(d0, sum0);
      sum1 = d1.fma(d1, sum1);
      sum2 = d2.fma(d2, sum2);
      sum3 = d3.fma(d3, sum3);
    }
    double rest = 0;
    for (; i < vector.length; i++) {
      rest += (double) vector[i] * vector[i];
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD) + rest;
  }
}
