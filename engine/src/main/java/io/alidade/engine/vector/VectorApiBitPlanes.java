package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Products of bits with 1, 4 or 8 planes of a query on the Vector API, for rows of any length; see
/// [CodeKernel].
///
/// The planes' counts are combined by doubling and adding from the highest plane down.
/// Straight-line, like [VectorApiKernel].
final class VectorApiBitPlanes {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final long STEP_BYTES = LONGS.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final MemorySegment ALL = AddressSpace.ALL;

  private VectorApiBitPlanes() {}

  static void dot1(long query, int bytes, long[] rows, int count, int[] out) {
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      long row0 = rows[i];
      long row1 = rows[i + 1];
      long row2 = rows[i + 2];
      long row3 = rows[i + 3];
      LongVector sum0 = LongVector.zero(LONGS);
      LongVector sum1 = LongVector.zero(LONGS);
      LongVector sum2 = LongVector.zero(LONGS);
      LongVector sum3 = LongVector.zero(LONGS);
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row0 + at, ORDER);
        LongVector r1 = LongVector.fromMemorySegment(LONGS, ALL, row1 + at, ORDER);
        LongVector r2 = LongVector.fromMemorySegment(LONGS, ALL, row2 + at, ORDER);
        LongVector r3 = LongVector.fromMemorySegment(LONGS, ALL, row3 + at, ORDER);
        LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
        LongVector t0 = r0.and(q0).lanewise(VectorOperators.BIT_COUNT);
        LongVector t1 = r1.and(q0).lanewise(VectorOperators.BIT_COUNT);
        LongVector t2 = r2.and(q0).lanewise(VectorOperators.BIT_COUNT);
        LongVector t3 = r3.and(q0).lanewise(VectorOperators.BIT_COUNT);
        sum0 = sum0.add(t0);
        sum1 = sum1.add(t1);
        sum2 = sum2.add(t2);
        sum3 = sum3.add(t3);
      }
      out[i] = (int) sum0.reduceLanes(VectorOperators.ADD);
      out[i + 1] = (int) sum1.reduceLanes(VectorOperators.ADD);
      out[i + 2] = (int) sum2.reduceLanes(VectorOperators.ADD);
      out[i + 3] = (int) sum3.reduceLanes(VectorOperators.ADD);
    }
    for (; i < count; i++) {
      out[i] = dot1(query, bytes, rows[i]);
    }
  }

  static void dot1(long query, int bytes, long first, long stride, int count, int[] out) {
    long row = first;
    for (int i = 0; i < count; i++) {
      LongVector sum0 = LongVector.zero(LONGS);
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row + at, ORDER);
        LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
        LongVector t0 = r0.and(q0).lanewise(VectorOperators.BIT_COUNT);
        sum0 = sum0.add(t0);
      }
      out[i] = (int) sum0.reduceLanes(VectorOperators.ADD);
      row += stride;
    }
  }

  static int dot1(long query, int bytes, long row) {
    LongVector sum0 = LongVector.zero(LONGS);
    for (long at = 0; at < bytes; at += STEP_BYTES) {
      LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row + at, ORDER);
      LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
      LongVector t0 = r0.and(q0).lanewise(VectorOperators.BIT_COUNT);
      sum0 = sum0.add(t0);
    }
    return (int) sum0.reduceLanes(VectorOperators.ADD);
  }

  static void dot4(long query, int bytes, long[] rows, int count, int[] out) {
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      long row0 = rows[i];
      long row1 = rows[i + 1];
      long row2 = rows[i + 2];
      long row3 = rows[i + 3];
      LongVector sum0 = LongVector.zero(LONGS);
      LongVector sum1 = LongVector.zero(LONGS);
      LongVector sum2 = LongVector.zero(LONGS);
      LongVector sum3 = LongVector.zero(LONGS);
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row0 + at, ORDER);
        LongVector r1 = LongVector.fromMemorySegment(LONGS, ALL, row1 + at, ORDER);
        LongVector r2 = LongVector.fromMemorySegment(LONGS, ALL, row2 + at, ORDER);
        LongVector r3 = LongVector.fromMemorySegment(LONGS, ALL, row3 + at, ORDER);
        LongVector q3 = LongVector.fromMemorySegment(LONGS, ALL, query + 3L * bytes + at, ORDER);
        LongVector q2 = LongVector.fromMemorySegment(LONGS, ALL, query + 2L * bytes + at, ORDER);
        LongVector q1 = LongVector.fromMemorySegment(LONGS, ALL, query + bytes + at, ORDER);
        LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
        LongVector t0 = r0.and(q3).lanewise(VectorOperators.BIT_COUNT);
        LongVector t1 = r1.and(q3).lanewise(VectorOperators.BIT_COUNT);
        LongVector t2 = r2.and(q3).lanewise(VectorOperators.BIT_COUNT);
        LongVector t3 = r3.and(q3).lanewise(VectorOperators.BIT_COUNT);
        t0 = t0.add(t0).add(r0.and(q2).lanewise(VectorOperators.BIT_COUNT));
        t1 = t1.add(t1).add(r1.and(q2).lanewise(VectorOperators.BIT_COUNT));
        t2 = t2.add(t2).add(r2.and(q2).lanewise(VectorOperators.BIT_COUNT));
        t3 = t3.add(t3).add(r3.and(q2).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q1).lanewise(VectorOperators.BIT_COUNT));
        t1 = t1.add(t1).add(r1.and(q1).lanewise(VectorOperators.BIT_COUNT));
        t2 = t2.add(t2).add(r2.and(q1).lanewise(VectorOperators.BIT_COUNT));
        t3 = t3.add(t3).add(r3.and(q1).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q0).lanewise(VectorOperators.BIT_COUNT));
        t1 = t1.add(t1).add(r1.and(q0).lanewise(VectorOperators.BIT_COUNT));
        t2 = t2.add(t2).add(r2.and(q0).lanewise(VectorOperators.BIT_COUNT));
        t3 = t3.add(t3).add(r3.and(q0).lanewise(VectorOperators.BIT_COUNT));
        sum0 = sum0.add(t0);
        sum1 = sum1.add(t1);
        sum2 = sum2.add(t2);
        sum3 = sum3.add(t3);
      }
      out[i] = (int) sum0.reduceLanes(VectorOperators.ADD);
      out[i + 1] = (int) sum1.reduceLanes(VectorOperators.ADD);
      out[i + 2] = (int) sum2.reduceLanes(VectorOperators.ADD);
      out[i + 3] = (int) sum3.reduceLanes(VectorOperators.ADD);
    }
    for (; i < count; i++) {
      out[i] = dot4(query, bytes, rows[i]);
    }
  }

  static void dot4(long query, int bytes, long first, long stride, int count, int[] out) {
    long row = first;
    for (int i = 0; i < count; i++) {
      LongVector sum0 = LongVector.zero(LONGS);
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row + at, ORDER);
        LongVector q3 = LongVector.fromMemorySegment(LONGS, ALL, query + 3L * bytes + at, ORDER);
        LongVector q2 = LongVector.fromMemorySegment(LONGS, ALL, query + 2L * bytes + at, ORDER);
        LongVector q1 = LongVector.fromMemorySegment(LONGS, ALL, query + bytes + at, ORDER);
        LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
        LongVector t0 = r0.and(q3).lanewise(VectorOperators.BIT_COUNT);
        t0 = t0.add(t0).add(r0.and(q2).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q1).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q0).lanewise(VectorOperators.BIT_COUNT));
        sum0 = sum0.add(t0);
      }
      out[i] = (int) sum0.reduceLanes(VectorOperators.ADD);
      row += stride;
    }
  }

  static int dot4(long query, int bytes, long row) {
    LongVector sum0 = LongVector.zero(LONGS);
    for (long at = 0; at < bytes; at += STEP_BYTES) {
      LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row + at, ORDER);
      LongVector q3 = LongVector.fromMemorySegment(LONGS, ALL, query + 3L * bytes + at, ORDER);
      LongVector q2 = LongVector.fromMemorySegment(LONGS, ALL, query + 2L * bytes + at, ORDER);
      LongVector q1 = LongVector.fromMemorySegment(LONGS, ALL, query + bytes + at, ORDER);
      LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
      LongVector t0 = r0.and(q3).lanewise(VectorOperators.BIT_COUNT);
      t0 = t0.add(t0).add(r0.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q0).lanewise(VectorOperators.BIT_COUNT));
      sum0 = sum0.add(t0);
    }
    return (int) sum0.reduceLanes(VectorOperators.ADD);
  }

  static void dot8(long query, int bytes, long[] rows, int count, int[] out) {
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      long row0 = rows[i];
      long row1 = rows[i + 1];
      long row2 = rows[i + 2];
      long row3 = rows[i + 3];
      LongVector sum0 = LongVector.zero(LONGS);
      LongVector sum1 = LongVector.zero(LONGS);
      LongVector sum2 = LongVector.zero(LONGS);
      LongVector sum3 = LongVector.zero(LONGS);
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row0 + at, ORDER);
        LongVector r1 = LongVector.fromMemorySegment(LONGS, ALL, row1 + at, ORDER);
        LongVector r2 = LongVector.fromMemorySegment(LONGS, ALL, row2 + at, ORDER);
        LongVector r3 = LongVector.fromMemorySegment(LONGS, ALL, row3 + at, ORDER);
        LongVector q7 = LongVector.fromMemorySegment(LONGS, ALL, query + 7L * bytes + at, ORDER);
        LongVector q6 = LongVector.fromMemorySegment(LONGS, ALL, query + 6L * bytes + at, ORDER);
        LongVector q5 = LongVector.fromMemorySegment(LONGS, ALL, query + 5L * bytes + at, ORDER);
        LongVector q4 = LongVector.fromMemorySegment(LONGS, ALL, query + 4L * bytes + at, ORDER);
        LongVector q3 = LongVector.fromMemorySegment(LONGS, ALL, query + 3L * bytes + at, ORDER);
        LongVector q2 = LongVector.fromMemorySegment(LONGS, ALL, query + 2L * bytes + at, ORDER);
        LongVector q1 = LongVector.fromMemorySegment(LONGS, ALL, query + bytes + at, ORDER);
        LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
        LongVector t0 = r0.and(q7).lanewise(VectorOperators.BIT_COUNT);
        LongVector t1 = r1.and(q7).lanewise(VectorOperators.BIT_COUNT);
        LongVector t2 = r2.and(q7).lanewise(VectorOperators.BIT_COUNT);
        LongVector t3 = r3.and(q7).lanewise(VectorOperators.BIT_COUNT);
        t0 = t0.add(t0).add(r0.and(q6).lanewise(VectorOperators.BIT_COUNT));
        t1 = t1.add(t1).add(r1.and(q6).lanewise(VectorOperators.BIT_COUNT));
        t2 = t2.add(t2).add(r2.and(q6).lanewise(VectorOperators.BIT_COUNT));
        t3 = t3.add(t3).add(r3.and(q6).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q5).lanewise(VectorOperators.BIT_COUNT));
        t1 = t1.add(t1).add(r1.and(q5).lanewise(VectorOperators.BIT_COUNT));
        t2 = t2.add(t2).add(r2.and(q5).lanewise(VectorOperators.BIT_COUNT));
        t3 = t3.add(t3).add(r3.and(q5).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q4).lanewise(VectorOperators.BIT_COUNT));
        t1 = t1.add(t1).add(r1.and(q4).lanewise(VectorOperators.BIT_COUNT));
        t2 = t2.add(t2).add(r2.and(q4).lanewise(VectorOperators.BIT_COUNT));
        t3 = t3.add(t3).add(r3.and(q4).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q3).lanewise(VectorOperators.BIT_COUNT));
        t1 = t1.add(t1).add(r1.and(q3).lanewise(VectorOperators.BIT_COUNT));
        t2 = t2.add(t2).add(r2.and(q3).lanewise(VectorOperators.BIT_COUNT));
        t3 = t3.add(t3).add(r3.and(q3).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q2).lanewise(VectorOperators.BIT_COUNT));
        t1 = t1.add(t1).add(r1.and(q2).lanewise(VectorOperators.BIT_COUNT));
        t2 = t2.add(t2).add(r2.and(q2).lanewise(VectorOperators.BIT_COUNT));
        t3 = t3.add(t3).add(r3.and(q2).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q1).lanewise(VectorOperators.BIT_COUNT));
        t1 = t1.add(t1).add(r1.and(q1).lanewise(VectorOperators.BIT_COUNT));
        t2 = t2.add(t2).add(r2.and(q1).lanewise(VectorOperators.BIT_COUNT));
        t3 = t3.add(t3).add(r3.and(q1).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q0).lanewise(VectorOperators.BIT_COUNT));
        t1 = t1.add(t1).add(r1.and(q0).lanewise(VectorOperators.BIT_COUNT));
        t2 = t2.add(t2).add(r2.and(q0).lanewise(VectorOperators.BIT_COUNT));
        t3 = t3.add(t3).add(r3.and(q0).lanewise(VectorOperators.BIT_COUNT));
        sum0 = sum0.add(t0);
        sum1 = sum1.add(t1);
        sum2 = sum2.add(t2);
        sum3 = sum3.add(t3);
      }
      out[i] = (int) sum0.reduceLanes(VectorOperators.ADD);
      out[i + 1] = (int) sum1.reduceLanes(VectorOperators.ADD);
      out[i + 2] = (int) sum2.reduceLanes(VectorOperators.ADD);
      out[i + 3] = (int) sum3.reduceLanes(VectorOperators.ADD);
    }
    for (; i < count; i++) {
      out[i] = dot8(query, bytes, rows[i]);
    }
  }

  static void dot8(long query, int bytes, long first, long stride, int count, int[] out) {
    long row = first;
    for (int i = 0; i < count; i++) {
      LongVector sum0 = LongVector.zero(LONGS);
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row + at, ORDER);
        LongVector q7 = LongVector.fromMemorySegment(LONGS, ALL, query + 7L * bytes + at, ORDER);
        LongVector q6 = LongVector.fromMemorySegment(LONGS, ALL, query + 6L * bytes + at, ORDER);
        LongVector q5 = LongVector.fromMemorySegment(LONGS, ALL, query + 5L * bytes + at, ORDER);
        LongVector q4 = LongVector.fromMemorySegment(LONGS, ALL, query + 4L * bytes + at, ORDER);
        LongVector q3 = LongVector.fromMemorySegment(LONGS, ALL, query + 3L * bytes + at, ORDER);
        LongVector q2 = LongVector.fromMemorySegment(LONGS, ALL, query + 2L * bytes + at, ORDER);
        LongVector q1 = LongVector.fromMemorySegment(LONGS, ALL, query + bytes + at, ORDER);
        LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
        LongVector t0 = r0.and(q7).lanewise(VectorOperators.BIT_COUNT);
        t0 = t0.add(t0).add(r0.and(q6).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q5).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q4).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q3).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q2).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q1).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(t0).add(r0.and(q0).lanewise(VectorOperators.BIT_COUNT));
        sum0 = sum0.add(t0);
      }
      out[i] = (int) sum0.reduceLanes(VectorOperators.ADD);
      row += stride;
    }
  }

  static int dot8(long query, int bytes, long row) {
    LongVector sum0 = LongVector.zero(LONGS);
    for (long at = 0; at < bytes; at += STEP_BYTES) {
      LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row + at, ORDER);
      LongVector q7 = LongVector.fromMemorySegment(LONGS, ALL, query + 7L * bytes + at, ORDER);
      LongVector q6 = LongVector.fromMemorySegment(LONGS, ALL, query + 6L * bytes + at, ORDER);
      LongVector q5 = LongVector.fromMemorySegment(LONGS, ALL, query + 5L * bytes + at, ORDER);
      LongVector q4 = LongVector.fromMemorySegment(LONGS, ALL, query + 4L * bytes + at, ORDER);
      LongVector q3 = LongVector.fromMemorySegment(LONGS, ALL, query + 3L * bytes + at, ORDER);
      LongVector q2 = LongVector.fromMemorySegment(LONGS, ALL, query + 2L * bytes + at, ORDER);
      LongVector q1 = LongVector.fromMemorySegment(LONGS, ALL, query + bytes + at, ORDER);
      LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
      LongVector t0 = r0.and(q7).lanewise(VectorOperators.BIT_COUNT);
      t0 = t0.add(t0).add(r0.and(q6).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q5).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q4).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q3).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q2).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q1).lanewise(VectorOperators.BIT_COUNT));
      t0 = t0.add(t0).add(r0.and(q0).lanewise(VectorOperators.BIT_COUNT));
      sum0 = sum0.add(t0);
    }
    return (int) sum0.reduceLanes(VectorOperators.ADD);
  }
}
