package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The kernels for codes on the Vector API.
///
/// Straight-line, like [VectorApiKernel] and for the same reason. Bits are in [VectorApiBitPlanes],
/// and in [VectorApiBitLines] if a row is one vector. Bytes: the products of an even and an odd
/// byte add up to 16 bits at most, so they are added before anything is widened; two such sums are
/// added up as one 32-bit number, and the upper ones apart, from which the sum of the lower ones
/// follows.
final class VectorApiCodeKernel implements CodeKernel {
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
  private static final long STEP_BYTES = BYTES.vectorByteSize();
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
    if (bytes == STEP_BYTES) {
      VectorApiBitLines.dotBits(query, planes, rows, count, out);
      return;
    }
    switch (planes) {
      case 1 -> VectorApiBitPlanes.dot1(query, bytes, rows, count, out);
      case 4 -> VectorApiBitPlanes.dot4(query, bytes, rows, count, out);
      case 8 -> VectorApiBitPlanes.dot8(query, bytes, rows, count, out);
      default -> throw new IllegalArgumentException(planes + " planes");
    }
  }

  @Override
  public void dotBits(
      long query, int planes, int bytes, long first, long stride, int count, int[] out) {
    if (bytes == STEP_BYTES) {
      VectorApiBitLines.dotBits(query, planes, first, stride, count, out);
      return;
    }
    switch (planes) {
      case 1 -> VectorApiBitPlanes.dot1(query, bytes, first, stride, count, out);
      case 4 -> VectorApiBitPlanes.dot4(query, bytes, first, stride, count, out);
      case 8 -> VectorApiBitPlanes.dot8(query, bytes, first, stride, count, out);
      default -> throw new IllegalArgumentException(planes + " planes");
    }
  }

  @Override
  public int dotBits(long query, int planes, int bytes, long row) {
    return switch (planes) {
      case 1 -> VectorApiBitPlanes.dot1(query, bytes, row);
      case 4 -> VectorApiBitPlanes.dot4(query, bytes, row);
      case 8 -> VectorApiBitPlanes.dot8(query, bytes, row);
      default -> throw new IllegalArgumentException(planes + " planes");
    };
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
    long at = 0;
    for (; at + STEP_BYTES <= bytes; at += STEP_BYTES) {
      ShortVector l = ShortVector.fromMemorySegment(SHORTS, ALL, left + at, ORDER);
      ShortVector r = ShortVector.fromMemorySegment(SHORTS, ALL, right + at, ORDER);
      ShortVector even = l.and((short) 0xff).mul(r.and((short) 0xff));
      ShortVector odd =
          l.lanewise(VectorOperators.LSHR, 8).mul(r.lanewise(VectorOperators.LSHR, 8));
      IntVector pairs = even.add(odd).reinterpretAsInts(); // At most 32258 a half, never negative.
      sum = sum.add(pairs);
      upper = upper.add(pairs.lanewise(VectorOperators.LSHR, Short.SIZE));
    }
    if (at < bytes) {
      // What follows the codes is not of them, and may be any bytes: one side's become zero.
      ShortVector mask =
          ByteVector.fromArray(BYTES, FIRST_BYTES, (int) (STEP_BYTES - (bytes - at)))
              .reinterpretAsShorts();
      ShortVector l = ShortVector.fromMemorySegment(SHORTS, ALL, left + at, ORDER).and(mask);
      ShortVector r = ShortVector.fromMemorySegment(SHORTS, ALL, right + at, ORDER);
      ShortVector even = l.and((short) 0xff).mul(r.and((short) 0xff));
      ShortVector odd =
          l.lanewise(VectorOperators.LSHR, 8).mul(r.lanewise(VectorOperators.LSHR, 8));
      IntVector pairs = even.add(odd).reinterpretAsInts();
      sum = sum.add(pairs);
      upper = upper.add(pairs.lanewise(VectorOperators.LSHR, Short.SIZE));
    }
    return sum.sub(upper.lanewise(VectorOperators.LSHL, Short.SIZE))
        .add(upper)
        .reduceLanes(VectorOperators.ADD);
  }
}
