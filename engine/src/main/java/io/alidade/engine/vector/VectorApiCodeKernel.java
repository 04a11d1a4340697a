package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The kernels for codes on the Vector API.
///
/// Straight-line, like [VectorApiKernel] and for the same reason. Bits: the planes' counts are
/// combined by doubling and adding from the highest plane down. Bytes: the product sum of an even
/// and an odd byte fits 16 bits, so two are added before anything is widened; pairs of those are
/// summed as 32-bit numbers, and their upper halves apart, from which the lower halves' sum
/// follows.
final class VectorApiCodeKernel implements CodeKernel {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
  private static final long STEP_BYTES = LONGS.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final MemorySegment ALL = AddressSpace.ALL;

  /// Makes the sum of two products, which is at least -32258, a number without a sign.
  private static final short BIAS = Short.MIN_VALUE;

  /// Ones, then as many zeros: from `length - n` on it is a mask of the first n bytes.
  private static final byte[] FIRST_BYTES = firstBytes();

  private static byte[] firstBytes() {
    byte[] mask = new byte[2 * BYTES.length()];
    Arrays.fill(mask, 0, BYTES.length(), (byte) -1);
    return mask;
  }

  @Override
  public void dotBits(long query, int planes, int bytes, long[] rows, int count, int[] out) {
    switch (planes) {
      case 1 -> dot1(query, bytes, rows, count, out);
      case 4 -> dot4(query, bytes, rows, count, out);
      case 8 -> dot8(query, bytes, rows, count, out);
      default -> throw new IllegalArgumentException(planes + " planes");
    }
  }

  @Override
  public void dotBits(
      long query, int planes, int bytes, long first, long stride, int count, int[] out) {
    switch (planes) {
      case 1 -> dot1(query, bytes, first, stride, count, out);
      case 4 -> dot4(query, bytes, first, stride, count, out);
      case 8 -> dot8(query, bytes, first, stride, count, out);
      default -> throw new IllegalArgumentException(planes + " planes");
    }
  }

  @Override
  public int dotBits(long query, int planes, int bytes, long row) {
    return switch (planes) {
      case 1 -> dot1(query, bytes, row);
      case 4 -> dot4(query, bytes, row);
      case 8 -> dot8(query, bytes, row);
      default -> throw new IllegalArgumentException(planes + " planes");
    };
  }

  private static void dot1(long query, int bytes, long[] rows, int count, int[] out) {
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

  private static void dot1(long query, int bytes, long first, long stride, int count, int[] out) {
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

  private static int dot1(long query, int bytes, long row) {
    LongVector sum0 = LongVector.zero(LONGS);
    for (long at = 0; at < bytes; at += STEP_BYTES) {
      LongVector r0 = LongVector.fromMemorySegment(LONGS, ALL, row + at, ORDER);
      LongVector q0 = LongVector.fromMemorySegment(LONGS, ALL, query + at, ORDER);
      LongVector t0 = r0.and(q0).lanewise(VectorOperators.BIT_COUNT);
      sum0 = sum0.add(t0);
    }
    return (int) sum0.reduceLanes(VectorOperators.ADD);
  }

  private static void dot4(long query, int bytes, long[] rows, int count, int[] out) {
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

  private static void dot4(long query, int bytes, long first, long stride, int count, int[] out) {
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

  private static int dot4(long query, int bytes, long row) {
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

  private static void dot8(long query, int bytes, long[] rows, int count, int[] out) {
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

  private static void dot8(long query, int bytes, long first, long stride, int count, int[] out) {
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

  private static int dot8(long query, int bytes, long row) {
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

  @Override
  public void prepareInt7(byte[] query, int count, int bytes, long target) {
    Int7Layout.write(query, count, bytes, target);
  }

  @Override
  public void dotInt7(long query, int bytes, long[] rows, int count, int[] out) {
    int unbias = bytes / Short.BYTES * BIAS;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      long row0 = rows[i];
      long row1 = rows[i + 1];
      long row2 = rows[i + 2];
      long row3 = rows[i + 3];
      IntVector sum0 = IntVector.zero(INTS);
      IntVector upper0 = IntVector.zero(INTS);
      IntVector sum1 = IntVector.zero(INTS);
      IntVector upper1 = IntVector.zero(INTS);
      IntVector sum2 = IntVector.zero(INTS);
      IntVector upper2 = IntVector.zero(INTS);
      IntVector sum3 = IntVector.zero(INTS);
      IntVector upper3 = IntVector.zero(INTS);
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        ShortVector even = ShortVector.fromMemorySegment(SHORTS, ALL, query + at, ORDER);
        ShortVector odd = ShortVector.fromMemorySegment(SHORTS, ALL, query + bytes + at, ORDER);
        ShortVector r0 = ShortVector.fromMemorySegment(SHORTS, ALL, row0 + at, ORDER);
        ShortVector r1 = ShortVector.fromMemorySegment(SHORTS, ALL, row1 + at, ORDER);
        ShortVector r2 = ShortVector.fromMemorySegment(SHORTS, ALL, row2 + at, ORDER);
        ShortVector r3 = ShortVector.fromMemorySegment(SHORTS, ALL, row3 + at, ORDER);
        ShortVector p0 =
            r0.and((short) 0xff)
                .mul(even)
                .add(r0.lanewise(VectorOperators.LSHR, 8).mul(odd))
                .add(BIAS);
        IntVector i0 = p0.reinterpretAsInts();
        sum0 = sum0.add(i0);
        upper0 = upper0.add(i0.lanewise(VectorOperators.LSHR, Short.SIZE));
        ShortVector p1 =
            r1.and((short) 0xff)
                .mul(even)
                .add(r1.lanewise(VectorOperators.LSHR, 8).mul(odd))
                .add(BIAS);
        IntVector i1 = p1.reinterpretAsInts();
        sum1 = sum1.add(i1);
        upper1 = upper1.add(i1.lanewise(VectorOperators.LSHR, Short.SIZE));
        ShortVector p2 =
            r2.and((short) 0xff)
                .mul(even)
                .add(r2.lanewise(VectorOperators.LSHR, 8).mul(odd))
                .add(BIAS);
        IntVector i2 = p2.reinterpretAsInts();
        sum2 = sum2.add(i2);
        upper2 = upper2.add(i2.lanewise(VectorOperators.LSHR, Short.SIZE));
        ShortVector p3 =
            r3.and((short) 0xff)
                .mul(even)
                .add(r3.lanewise(VectorOperators.LSHR, 8).mul(odd))
                .add(BIAS);
        IntVector i3 = p3.reinterpretAsInts();
        sum3 = sum3.add(i3);
        upper3 = upper3.add(i3.lanewise(VectorOperators.LSHR, Short.SIZE));
      }
      out[i] =
          sum0.sub(upper0.lanewise(VectorOperators.LSHL, Short.SIZE))
                  .add(upper0)
                  .reduceLanes(VectorOperators.ADD)
              + unbias;
      out[i + 1] =
          sum1.sub(upper1.lanewise(VectorOperators.LSHL, Short.SIZE))
                  .add(upper1)
                  .reduceLanes(VectorOperators.ADD)
              + unbias;
      out[i + 2] =
          sum2.sub(upper2.lanewise(VectorOperators.LSHL, Short.SIZE))
                  .add(upper2)
                  .reduceLanes(VectorOperators.ADD)
              + unbias;
      out[i + 3] =
          sum3.sub(upper3.lanewise(VectorOperators.LSHL, Short.SIZE))
                  .add(upper3)
                  .reduceLanes(VectorOperators.ADD)
              + unbias;
    }
    for (; i < count; i++) {
      out[i] = dotInt7(query, bytes, rows[i]);
    }
  }

  @Override
  public void dotInt7(long query, int bytes, long first, long stride, int count, int[] out) {
    int unbias = bytes / Short.BYTES * BIAS;
    long row = first;
    for (int i = 0; i < count; i++) {
      IntVector sum0 = IntVector.zero(INTS);
      IntVector upper0 = IntVector.zero(INTS);
      for (long at = 0; at < bytes; at += STEP_BYTES) {
        ShortVector even = ShortVector.fromMemorySegment(SHORTS, ALL, query + at, ORDER);
        ShortVector odd = ShortVector.fromMemorySegment(SHORTS, ALL, query + bytes + at, ORDER);
        ShortVector r0 = ShortVector.fromMemorySegment(SHORTS, ALL, row + at, ORDER);
        ShortVector p0 =
            r0.and((short) 0xff)
                .mul(even)
                .add(r0.lanewise(VectorOperators.LSHR, 8).mul(odd))
                .add(BIAS);
        IntVector i0 = p0.reinterpretAsInts();
        sum0 = sum0.add(i0);
        upper0 = upper0.add(i0.lanewise(VectorOperators.LSHR, Short.SIZE));
      }
      out[i] =
          sum0.sub(upper0.lanewise(VectorOperators.LSHL, Short.SIZE))
                  .add(upper0)
                  .reduceLanes(VectorOperators.ADD)
              + unbias;
      row += stride;
    }
  }

  @Override
  public int dotInt7(long query, int bytes, long row) {
    int unbias = bytes / Short.BYTES * BIAS;
    IntVector sum0 = IntVector.zero(INTS);
    IntVector upper0 = IntVector.zero(INTS);
    for (long at = 0; at < bytes; at += STEP_BYTES) {
      ShortVector even = ShortVector.fromMemorySegment(SHORTS, ALL, query + at, ORDER);
      ShortVector odd = ShortVector.fromMemorySegment(SHORTS, ALL, query + bytes + at, ORDER);
      ShortVector r0 = ShortVector.fromMemorySegment(SHORTS, ALL, row + at, ORDER);
      ShortVector p0 =
          r0.and((short) 0xff)
              .mul(even)
              .add(r0.lanewise(VectorOperators.LSHR, 8).mul(odd))
              .add(BIAS);
      IntVector i0 = p0.reinterpretAsInts();
      sum0 = sum0.add(i0);
      upper0 = upper0.add(i0.lanewise(VectorOperators.LSHR, Short.SIZE));
    }
    return sum0.sub(upper0.lanewise(VectorOperators.LSHL, Short.SIZE))
            .add(upper0)
            .reduceLanes(VectorOperators.ADD)
        + unbias;
  }

  @Override
  public int dotInt7Rows(long left, long right, int bytes) {
    IntVector sum = IntVector.zero(INTS);
    IntVector upper = IntVector.zero(INTS);
    for (long at = 0; at < bytes; at += STEP_BYTES) {
      // The mask is all ones but for the last step: what follows the codes is not of them.
      int here = (int) Math.min(STEP_BYTES, bytes - at);
      ShortVector mask =
          ByteVector.fromArray(BYTES, FIRST_BYTES, (int) STEP_BYTES - here).reinterpretAsShorts();
      ShortVector l = ShortVector.fromMemorySegment(SHORTS, ALL, left + at, ORDER).and(mask);
      ShortVector r = ShortVector.fromMemorySegment(SHORTS, ALL, right + at, ORDER);
      ShortVector even = l.and((short) 0xff).mul(r.and((short) 0xff));
      ShortVector odd =
          l.lanewise(VectorOperators.LSHR, 8).mul(r.lanewise(VectorOperators.LSHR, 8));
      IntVector pairs = even.add(odd).reinterpretAsInts(); // At most 32258 a half, never negative.
      sum = sum.add(pairs);
      upper = upper.add(pairs.lanewise(VectorOperators.LSHR, Short.SIZE));
    }
    return sum.sub(upper.lanewise(VectorOperators.LSHL, Short.SIZE))
        .add(upper)
        .reduceLanes(VectorOperators.ADD);
  }
}
