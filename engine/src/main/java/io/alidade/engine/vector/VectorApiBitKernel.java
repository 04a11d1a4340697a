package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The kernels for bits on the Vector API. Straight-line, like [VectorApiKernel].
///
/// Both counts of a jaccard distance share one sum, a half of a lane each.
final class VectorApiBitKernel implements BitKernel {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final long STEP_BYTES = LONGS.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final MemorySegment ALL = AddressSpace.ALL;

  @Override
  public void hamming(long query, int bytes, long[] rows, int count, int[] out) {
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
        LongVector q = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
        LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row0 + at, ORDER);
        LongVector r1 = LongVector.fromMemorySegment(LONGS, ALL, row1 + at, ORDER);
        LongVector r2 = LongVector.fromMemorySegment(LONGS, ALL, row2 + at, ORDER);
        LongVector r3 = LongVector.fromMemorySegment(LONGS, ALL, row3 + at, ORDER);
        sum0 = sum0.add(q.lanewise(VectorOperators.XOR, r0).lanewise(VectorOperators.BIT_COUNT));
        sum1 = sum1.add(q.lanewise(VectorOperators.XOR, r1).lanewise(VectorOperators.BIT_COUNT));
        sum2 = sum2.add(q.lanewise(VectorOperators.XOR, r2).lanewise(VectorOperators.BIT_COUNT));
        sum3 = sum3.add(q.lanewise(VectorOperators.XOR, r3).lanewise(VectorOperators.BIT_COUNT));
      }
      out[i] = (int) sum0.reduceLanes(VectorOperators.ADD);
      out[i + 1] = (int) sum1.reduceLanes(VectorOperators.ADD);
      out[i + 2] = (int) sum2.reduceLanes(VectorOperators.ADD);
      out[i + 3] = (int) sum3.reduceLanes(VectorOperators.ADD);
    }
    for (; i < count; i++) {
      out[i] = hamming(query, rows[i], bytes);
    }
  }

  @Override
  public void hamming(long query, int bytes, long first, long stride, int count, int[] out) {
    long row = first;
    for (int i = 0; i < count; i++) {
      LongVector sum0 = LongVector.zero(LONGS);
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        LongVector q = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
        LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row + at, ORDER);
        sum0 = sum0.add(q.lanewise(VectorOperators.XOR, r0).lanewise(VectorOperators.BIT_COUNT));
      }
      out[i] = (int) sum0.reduceLanes(VectorOperators.ADD);
      row += stride;
    }
  }

  @Override
  public int hamming(long left, long right, int bytes) {
    LongVector sum0 = LongVector.zero(LONGS);
    for (long at = 0; at < bytes; at += STEP_BYTES) {
      LongVector q = LongVector.fromMemorySegment(LONGS, ALL, left + at, ORDER);
      LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, right + at, ORDER);
      sum0 = sum0.add(q.lanewise(VectorOperators.XOR, r0).lanewise(VectorOperators.BIT_COUNT));
    }
    return (int) sum0.reduceLanes(VectorOperators.ADD);
  }

  @Override
  public void jaccard(long query, int bytes, long[] rows, int count, float[] out) {
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
        LongVector q = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
        LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row0 + at, ORDER);
        LongVector r1 = LongVector.fromMemorySegment(LONGS, ALL, row1 + at, ORDER);
        LongVector r2 = LongVector.fromMemorySegment(LONGS, ALL, row2 + at, ORDER);
        LongVector r3 = LongVector.fromMemorySegment(LONGS, ALL, row3 + at, ORDER);
        LongVector either0 =
            q.or(r0)
                .lanewise(VectorOperators.BIT_COUNT)
                .lanewise(VectorOperators.LSHL, Integer.SIZE);
        sum0 = sum0.add(either0).add(q.and(r0).lanewise(VectorOperators.BIT_COUNT));
        LongVector either1 =
            q.or(r1)
                .lanewise(VectorOperators.BIT_COUNT)
                .lanewise(VectorOperators.LSHL, Integer.SIZE);
        sum1 = sum1.add(either1).add(q.and(r1).lanewise(VectorOperators.BIT_COUNT));
        LongVector either2 =
            q.or(r2)
                .lanewise(VectorOperators.BIT_COUNT)
                .lanewise(VectorOperators.LSHL, Integer.SIZE);
        sum2 = sum2.add(either2).add(q.and(r2).lanewise(VectorOperators.BIT_COUNT));
        LongVector either3 =
            q.or(r3)
                .lanewise(VectorOperators.BIT_COUNT)
                .lanewise(VectorOperators.LSHL, Integer.SIZE);
        sum3 = sum3.add(either3).add(q.and(r3).lanewise(VectorOperators.BIT_COUNT));
      }
      out[i] = (float) jaccard(sum0.reduceLanes(VectorOperators.ADD));
      out[i + 1] = (float) jaccard(sum1.reduceLanes(VectorOperators.ADD));
      out[i + 2] = (float) jaccard(sum2.reduceLanes(VectorOperators.ADD));
      out[i + 3] = (float) jaccard(sum3.reduceLanes(VectorOperators.ADD));
    }
    for (; i < count; i++) {
      out[i] = (float) jaccard(query, rows[i], bytes);
    }
  }

  @Override
  public void jaccard(long query, int bytes, long first, long stride, int count, float[] out) {
    long row = first;
    for (int i = 0; i < count; i++) {
      LongVector sum0 = LongVector.zero(LONGS);
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        LongVector q = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
        LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row + at, ORDER);
        LongVector either0 =
            q.or(r0)
                .lanewise(VectorOperators.BIT_COUNT)
                .lanewise(VectorOperators.LSHL, Integer.SIZE);
        sum0 = sum0.add(either0).add(q.and(r0).lanewise(VectorOperators.BIT_COUNT));
      }
      out[i] = (float) jaccard(sum0.reduceLanes(VectorOperators.ADD));
      row += stride;
    }
  }

  @Override
  public double jaccard(long left, long right, int bytes) {
    LongVector sum0 = LongVector.zero(LONGS);
    for (long at = 0; at < bytes; at += STEP_BYTES) {
      LongVector q = LongVector.fromMemorySegment(LONGS, ALL, left + at, ORDER);
      LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, right + at, ORDER);
      LongVector either0 =
          q.or(r0).lanewise(VectorOperators.BIT_COUNT).lanewise(VectorOperators.LSHL, Integer.SIZE);
      sum0 = sum0.add(either0).add(q.and(r0).lanewise(VectorOperators.BIT_COUNT));
    }
    return jaccard(sum0.reduceLanes(VectorOperators.ADD));
  }

  private static double jaccard(long counts) {
    return BitDistance.jaccard((int) counts, (int) (counts >>> Integer.SIZE));
  }
}
