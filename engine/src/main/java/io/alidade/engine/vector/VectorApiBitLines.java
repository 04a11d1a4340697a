package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Products of bits with 1, 4 or 8 planes of a query on the Vector API, for rows that fill one
/// vector; see [CodeKernel].
///
/// The query stays in registers, and four rows' sums are added across their lanes together, as the
/// parts of one number: that takes as long as the counting. A scan runs as fast as memory is read.
/// Straight-line, like [VectorApiKernel].
final class VectorApiBitLines {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final long STEP_BYTES = LONGS.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final MemorySegment ALL = AddressSpace.ALL;

  private VectorApiBitLines() {}

  static void dotBits(long query, int planes, long[] rows, int count, int[] out) {
    switch (planes) {
      case 1 -> dot1(query, rows, count, out);
      case 4 -> dot4(query, rows, count, out);
      case 8 -> dot8(query, rows, count, out);
      default -> throw new IllegalArgumentException(planes + " planes");
    }
  }

  static void dotBits(long query, int planes, long first, long stride, int count, int[] out) {
    switch (planes) {
      case 1 -> dot1(query, first, stride, count, out);
      case 4 -> dot4(query, first, stride, count, out);
      case 8 -> dot8(query, first, stride, count, out);
      default -> throw new IllegalArgumentException(planes + " planes");
    }
  }

  private static void dot1(long query, long[] rows, int count, int[] out) {
    LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query, ORDER);
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, rows[i], ORDER);
      LongVector t0 = r0.and(q0).lanewise(VectorOperators.BIT_COUNT);
      LongVector r1 = LongVector.fromMemorySegment(LONGS, ALL, rows[i + 1], ORDER);
      LongVector t1 = r1.and(q0).lanewise(VectorOperators.BIT_COUNT);
      LongVector r2 = LongVector.fromMemorySegment(LONGS, ALL, rows[i + 2], ORDER);
      LongVector t2 = r2.and(q0).lanewise(VectorOperators.BIT_COUNT);
      LongVector r3 = LongVector.fromMemorySegment(LONGS, ALL, rows[i + 3], ORDER);
      LongVector t3 = r3.and(q0).lanewise(VectorOperators.BIT_COUNT);
      long four =
          t0.add(t1.lanewise(VectorOperators.LSHL, 16))
              .add(t2.lanewise(VectorOperators.LSHL, 32))
              .add(t3.lanewise(VectorOperators.LSHL, 48))
              .reduceLanes(VectorOperators.ADD);
      out[i] = (int) four & 0xffff;
      out[i + 1] = (int) (four >>> 16) & 0xffff;
      out[i + 2] = (int) (four >>> 32) & 0xffff;
      out[i + 3] = (int) (four >>> 48);
    }
    for (; i < count; i++) {
      out[i] = VectorApiBitPlanes.dot1(query, (int) STEP_BYTES, rows[i]);
    }
  }

  private static void dot1(long query, long first, long stride, int count, int[] out) {
    LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query, ORDER);
    long row = first;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row, ORDER);
      LongVector t0 = r0.and(q0).lanewise(VectorOperators.BIT_COUNT);
      LongVector r1 = LongVector.fromMemorySegment(LONGS, ALL, row + stride, ORDER);
      LongVector t1 = r1.and(q0).lanewise(VectorOperators.BIT_COUNT);
      LongVector r2 = LongVector.fromMemorySegment(LONGS, ALL, row + 2 * stride, ORDER);
      LongVector t2 = r2.and(q0).lanewise(VectorOperators.BIT_COUNT);
      LongVector r3 = LongVector.fromMemorySegment(LONGS, ALL, row + 3 * stride, ORDER);
      LongVector t3 = r3.and(q0).lanewise(VectorOperators.BIT_COUNT);
      long four =
          t0.add(t1.lanewise(VectorOperators.LSHL, 16))
              .add(t2.lanewise(VectorOperators.LSHL, 32))
              .add(t3.lanewise(VectorOperators.LSHL, 48))
              .reduceLanes(VectorOperators.ADD);
      out[i] = (int) four & 0xffff;
      out[i + 1] = (int) (four >>> 16) & 0xffff;
      out[i + 2] = (int) (four >>> 32) & 0xffff;
      out[i + 3] = (int) (four >>> 48);
      row += 4 * stride;
    }
    for (; i < count; i++) {
      out[i] = VectorApiBitPlanes.dot1(query, (int) STEP_BYTES, row);
      row += stride;
    }
  }

  private static void dot4(long query, long[] rows, int count, int[] out) {
    LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query, ORDER);
    LongVector q1 = LongVector.fromMemorySegment(LONGS, ALL, query + STEP_BYTES, ORDER);
    LongVector q2 = LongVector.fromMemorySegment(LONGS, ALL, query + 2 * STEP_BYTES, ORDER);
    LongVector q3 = LongVector.fromMemorySegment(LONGS, ALL, query + 3 * STEP_BYTES, ORDER);
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, rows[i], ORDER);
      LongVector t0 = r0.and(q3).lanewise(VectorOperators.BIT_COUNT);
      t0 = t0.add(t0).add(r0.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q0).lanewise(VectorOperators.BIT_COUNT));
      LongVector r1 = LongVector.fromMemorySegment(LONGS, ALL, rows[i + 1], ORDER);
      LongVector t1 = r1.and(q3).lanewise(VectorOperators.BIT_COUNT);
      t1 = t1.add(t1).add(r1.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q0).lanewise(VectorOperators.BIT_COUNT));
      LongVector r2 = LongVector.fromMemorySegment(LONGS, ALL, rows[i + 2], ORDER);
      LongVector t2 = r2.and(q3).lanewise(VectorOperators.BIT_COUNT);
      t2 = t2.add(t2).add(r2.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q0).lanewise(VectorOperators.BIT_COUNT));
      LongVector r3 = LongVector.fromMemorySegment(LONGS, ALL, rows[i + 3], ORDER);
      LongVector t3 = r3.and(q3).lanewise(VectorOperators.BIT_COUNT);
      t3 = t3.add(t3).add(r3.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q0).lanewise(VectorOperators.BIT_COUNT));
      long four =
          t0.add(t1.lanewise(VectorOperators.LSHL, 16))
              .add(t2.lanewise(VectorOperators.LSHL, 32))
              .add(t3.lanewise(VectorOperators.LSHL, 48))
              .reduceLanes(VectorOperators.ADD);
      out[i] = (int) four & 0xffff;
      out[i + 1] = (int) (four >>> 16) & 0xffff;
      out[i + 2] = (int) (four >>> 32) & 0xffff;
      out[i + 3] = (int) (four >>> 48);
    }
    for (; i < count; i++) {
      out[i] = VectorApiBitPlanes.dot4(query, (int) STEP_BYTES, rows[i]);
    }
  }

  private static void dot4(long query, long first, long stride, int count, int[] out) {
    LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query, ORDER);
    LongVector q1 = LongVector.fromMemorySegment(LONGS, ALL, query + STEP_BYTES, ORDER);
    LongVector q2 = LongVector.fromMemorySegment(LONGS, ALL, query + 2 * STEP_BYTES, ORDER);
    LongVector q3 = LongVector.fromMemorySegment(LONGS, ALL, query + 3 * STEP_BYTES, ORDER);
    long row = first;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row, ORDER);
      LongVector t0 = r0.and(q3).lanewise(VectorOperators.BIT_COUNT);
      t0 = t0.add(t0).add(r0.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q0).lanewise(VectorOperators.BIT_COUNT));
      LongVector r1 = LongVector.fromMemorySegment(LONGS, ALL, row + stride, ORDER);
      LongVector t1 = r1.and(q3).lanewise(VectorOperators.BIT_COUNT);
      t1 = t1.add(t1).add(r1.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q0).lanewise(VectorOperators.BIT_COUNT));
      LongVector r2 = LongVector.fromMemorySegment(LONGS, ALL, row + 2 * stride, ORDER);
      LongVector t2 = r2.and(q3).lanewise(VectorOperators.BIT_COUNT);
      t2 = t2.add(t2).add(r2.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q0).lanewise(VectorOperators.BIT_COUNT));
      LongVector r3 = LongVector.fromMemorySegment(LONGS, ALL, row + 3 * stride, ORDER);
      LongVector t3 = r3.and(q3).lanewise(VectorOperators.BIT_COUNT);
      t3 = t3.add(t3).add(r3.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q0).lanewise(VectorOperators.BIT_COUNT));
      long four =
          t0.add(t1.lanewise(VectorOperators.LSHL, 16))
              .add(t2.lanewise(VectorOperators.LSHL, 32))
              .add(t3.lanewise(VectorOperators.LSHL, 48))
              .reduceLanes(VectorOperators.ADD);
      out[i] = (int) four & 0xffff;
      out[i + 1] = (int) (four >>> 16) & 0xffff;
      out[i + 2] = (int) (four >>> 32) & 0xffff;
      out[i + 3] = (int) (four >>> 48);
      row += 4 * stride;
    }
    for (; i < count; i++) {
      out[i] = VectorApiBitPlanes.dot4(query, (int) STEP_BYTES, row);
      row += stride;
    }
  }

  private static void dot8(long query, long[] rows, int count, int[] out) {
    LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query, ORDER);
    LongVector q1 = LongVector.fromMemorySegment(LONGS, ALL, query + STEP_BYTES, ORDER);
    LongVector q2 = LongVector.fromMemorySegment(LONGS, ALL, query + 2 * STEP_BYTES, ORDER);
    LongVector q3 = LongVector.fromMemorySegment(LONGS, ALL, query + 3 * STEP_BYTES, ORDER);
    LongVector q4 = LongVector.fromMemorySegment(LONGS, ALL, query + 4 * STEP_BYTES, ORDER);
    LongVector q5 = LongVector.fromMemorySegment(LONGS, ALL, query + 5 * STEP_BYTES, ORDER);
    LongVector q6 = LongVector.fromMemorySegment(LONGS, ALL, query + 6 * STEP_BYTES, ORDER);
    LongVector q7 = LongVector.fromMemorySegment(LONGS, ALL, query + 7 * STEP_BYTES, ORDER);
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, rows[i], ORDER);
      LongVector t0 = r0.and(q7).lanewise(VectorOperators.BIT_COUNT);
      t0 = t0.add(t0).add(r0.and(q6).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q5).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q4).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q3).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q0).lanewise(VectorOperators.BIT_COUNT));
      LongVector r1 = LongVector.fromMemorySegment(LONGS, ALL, rows[i + 1], ORDER);
      LongVector t1 = r1.and(q7).lanewise(VectorOperators.BIT_COUNT);
      t1 = t1.add(t1).add(r1.and(q6).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q5).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q4).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q3).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q0).lanewise(VectorOperators.BIT_COUNT));
      LongVector r2 = LongVector.fromMemorySegment(LONGS, ALL, rows[i + 2], ORDER);
      LongVector t2 = r2.and(q7).lanewise(VectorOperators.BIT_COUNT);
      t2 = t2.add(t2).add(r2.and(q6).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q5).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q4).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q3).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q0).lanewise(VectorOperators.BIT_COUNT));
      LongVector r3 = LongVector.fromMemorySegment(LONGS, ALL, rows[i + 3], ORDER);
      LongVector t3 = r3.and(q7).lanewise(VectorOperators.BIT_COUNT);
      t3 = t3.add(t3).add(r3.and(q6).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q5).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q4).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q3).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q0).lanewise(VectorOperators.BIT_COUNT));
      long two = t0.add(t1.lanewise(VectorOperators.LSHL, 32)).reduceLanes(VectorOperators.ADD);
      long next = t2.add(t3.lanewise(VectorOperators.LSHL, 32)).reduceLanes(VectorOperators.ADD);
      out[i] = (int) two;
      out[i + 1] = (int) (two >>> 32);
      out[i + 2] = (int) next;
      out[i + 3] = (int) (next >>> 32);
    }
    for (; i < count; i++) {
      out[i] = VectorApiBitPlanes.dot8(query, (int) STEP_BYTES, rows[i]);
    }
  }

  private static void dot8(long query, long first, long stride, int count, int[] out) {
    LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query, ORDER);
    LongVector q1 = LongVector.fromMemorySegment(LONGS, ALL, query + STEP_BYTES, ORDER);
    LongVector q2 = LongVector.fromMemorySegment(LONGS, ALL, query + 2 * STEP_BYTES, ORDER);
    LongVector q3 = LongVector.fromMemorySegment(LONGS, ALL, query + 3 * STEP_BYTES, ORDER);
    LongVector q4 = LongVector.fromMemorySegment(LONGS, ALL, query + 4 * STEP_BYTES, ORDER);
    LongVector q5 = LongVector.fromMemorySegment(LONGS, ALL, query + 5 * STEP_BYTES, ORDER);
    LongVector q6 = LongVector.fromMemorySegment(LONGS, ALL, query + 6 * STEP_BYTES, ORDER);
    LongVector q7 = LongVector.fromMemorySegment(LONGS, ALL, query + 7 * STEP_BYTES, ORDER);
    long row = first;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row, ORDER);
      LongVector t0 = r0.and(q7).lanewise(VectorOperators.BIT_COUNT);
      t0 = t0.add(t0).add(r0.and(q6).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q5).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q4).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q3).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q0).lanewise(VectorOperators.BIT_COUNT));
      LongVector r1 = LongVector.fromMemorySegment(LONGS, ALL, row + stride, ORDER);
      LongVector t1 = r1.and(q7).lanewise(VectorOperators.BIT_COUNT);
      t1 = t1.add(t1).add(r1.and(q6).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q5).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q4).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q3).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t1 = t1.add(t1).add(r1.and(q0).lanewise(VectorOperators.BIT_COUNT));
      LongVector r2 = LongVector.fromMemorySegment(LONGS, ALL, row + 2 * stride, ORDER);
      LongVector t2 = r2.and(q7).lanewise(VectorOperators.BIT_COUNT);
      t2 = t2.add(t2).add(r2.and(q6).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q5).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q4).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q3).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t2 = t2.add(t2).add(r2.and(q0).lanewise(VectorOperators.BIT_COUNT));
      LongVector r3 = LongVector.fromMemorySegment(LONGS, ALL, row + 3 * stride, ORDER);
      LongVector t3 = r3.and(q7).lanewise(VectorOperators.BIT_COUNT);
      t3 = t3.add(t3).add(r3.and(q6).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q5).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q4).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q3).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t3 = t3.add(t3).add(r3.and(q0).lanewise(VectorOperators.BIT_COUNT));
      long two = t0.add(t1.lanewise(VectorOperators.LSHL, 32)).reduceLanes(VectorOperators.ADD);
      long next = t2.add(t3.lanewise(VectorOperators.LSHL, 32)).reduceLanes(VectorOperators.ADD);
      out[i] = (int) two;
      out[i + 1] = (int) (two >>> 32);
      out[i + 2] = (int) next;
      out[i + 3] = (int) (next >>> 32);
      row += 4 * stride;
    }
    for (; i < count; i++) {
      out[i] = VectorApiBitPlanes.dot8(query, (int) STEP_BYTES, row);
      row += stride;
    }
  }
}
