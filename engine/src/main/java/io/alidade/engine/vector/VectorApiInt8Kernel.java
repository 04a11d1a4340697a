package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The kernels for signed bytes on the Vector API.
///
/// Bytes are taken apart into even and odd ones by shifts, and what 16 bits hold is summed as
/// pairs; see [VectorApiCodeKernel]. Straight-line, like [VectorApiKernel].
final class VectorApiInt8Kernel implements Int8Kernel {
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final long STEP_BYTES = SHORTS.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final MemorySegment ALL = AddressSpace.ALL;

  /// Makes the sum of two products, from -32512 to 32768, a number from 255 to 65535.
  private static final short BIAS = Short.MAX_VALUE;

  @Override
  public void dot(long query, int bytes, long[] rows, int count, int[] out) {
    int bias = bytes / Short.BYTES * BIAS;
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
        ShortVector q = ShortVector.fromMemorySegment(SHORTS, ALL, query + at, ORDER);
        ShortVector even = q.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
        ShortVector odd = q.lanewise(VectorOperators.ASHR, 8);
        ShortVector r0 = ShortVector.fromMemorySegment(SHORTS, ALL, row0 + at, ORDER);
        ShortVector r1 = ShortVector.fromMemorySegment(SHORTS, ALL, row1 + at, ORDER);
        ShortVector r2 = ShortVector.fromMemorySegment(SHORTS, ALL, row2 + at, ORDER);
        ShortVector r3 = ShortVector.fromMemorySegment(SHORTS, ALL, row3 + at, ORDER);
        ShortVector p0 =
            r0.lanewise(VectorOperators.LSHL, 8)
                .lanewise(VectorOperators.ASHR, 8)
                .mul(even)
                .add(r0.lanewise(VectorOperators.ASHR, 8).mul(odd))
                .add(BIAS);
        IntVector i0 = p0.reinterpretAsInts();
        sum0 = sum0.add(i0);
        upper0 = upper0.add(i0.lanewise(VectorOperators.LSHR, Short.SIZE));
        ShortVector p1 =
            r1.lanewise(VectorOperators.LSHL, 8)
                .lanewise(VectorOperators.ASHR, 8)
                .mul(even)
                .add(r1.lanewise(VectorOperators.ASHR, 8).mul(odd))
                .add(BIAS);
        IntVector i1 = p1.reinterpretAsInts();
        sum1 = sum1.add(i1);
        upper1 = upper1.add(i1.lanewise(VectorOperators.LSHR, Short.SIZE));
        ShortVector p2 =
            r2.lanewise(VectorOperators.LSHL, 8)
                .lanewise(VectorOperators.ASHR, 8)
                .mul(even)
                .add(r2.lanewise(VectorOperators.ASHR, 8).mul(odd))
                .add(BIAS);
        IntVector i2 = p2.reinterpretAsInts();
        sum2 = sum2.add(i2);
        upper2 = upper2.add(i2.lanewise(VectorOperators.LSHR, Short.SIZE));
        ShortVector p3 =
            r3.lanewise(VectorOperators.LSHL, 8)
                .lanewise(VectorOperators.ASHR, 8)
                .mul(even)
                .add(r3.lanewise(VectorOperators.ASHR, 8).mul(odd))
                .add(BIAS);
        IntVector i3 = p3.reinterpretAsInts();
        sum3 = sum3.add(i3);
        upper3 = upper3.add(i3.lanewise(VectorOperators.LSHR, Short.SIZE));
      }
      out[i] =
          sum0.sub(upper0.lanewise(VectorOperators.LSHL, Short.SIZE))
                  .add(upper0)
                  .reduceLanes(VectorOperators.ADD)
              - bias;
      out[i + 1] =
          sum1.sub(upper1.lanewise(VectorOperators.LSHL, Short.SIZE))
                  .add(upper1)
                  .reduceLanes(VectorOperators.ADD)
              - bias;
      out[i + 2] =
          sum2.sub(upper2.lanewise(VectorOperators.LSHL, Short.SIZE))
                  .add(upper2)
                  .reduceLanes(VectorOperators.ADD)
              - bias;
      out[i + 3] =
          sum3.sub(upper3.lanewise(VectorOperators.LSHL, Short.SIZE))
                  .add(upper3)
                  .reduceLanes(VectorOperators.ADD)
              - bias;
    }
    for (; i < count; i++) {
      out[i] = dot(query, rows[i], bytes);
    }
  }

  @Override
  public int dot(long left, long right, int bytes) {
    int bias = bytes / Short.BYTES * BIAS;
    IntVector sum0 = IntVector.zero(INTS);
    IntVector upper0 = IntVector.zero(INTS);
    for (long at = 0; at < bytes; at += STEP_BYTES) {
      ShortVector q = ShortVector.fromMemorySegment(SHORTS, ALL, left + at, ORDER);
      ShortVector even = q.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
      ShortVector odd = q.lanewise(VectorOperators.ASHR, 8);
      ShortVector r0 = ShortVector.fromMemorySegment(SHORTS, ALL, right + at, ORDER);
      ShortVector p0 =
          r0.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 8)
              .mul(even)
              .add(r0.lanewise(VectorOperators.ASHR, 8).mul(odd))
              .add(BIAS);
      IntVector i0 = p0.reinterpretAsInts();
      sum0 = sum0.add(i0);
      upper0 = upper0.add(i0.lanewise(VectorOperators.LSHR, Short.SIZE));
    }
    return sum0.sub(upper0.lanewise(VectorOperators.LSHL, Short.SIZE))
            .add(upper0)
            .reduceLanes(VectorOperators.ADD)
        - bias;
  }

  @Override
  public void squaredL2(long query, int bytes, long[] rows, int count, int[] out) {
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
        ShortVector q = ShortVector.fromMemorySegment(SHORTS, ALL, query + at, ORDER);
        ShortVector even = q.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
        ShortVector odd = q.lanewise(VectorOperators.ASHR, 8);
        ShortVector r0 = ShortVector.fromMemorySegment(SHORTS, ALL, row0 + at, ORDER);
        ShortVector r1 = ShortVector.fromMemorySegment(SHORTS, ALL, row1 + at, ORDER);
        ShortVector r2 = ShortVector.fromMemorySegment(SHORTS, ALL, row2 + at, ORDER);
        ShortVector r3 = ShortVector.fromMemorySegment(SHORTS, ALL, row3 + at, ORDER);
        ShortVector e0 =
            even.sub(r0.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8));
        ShortVector o0 = odd.sub(r0.lanewise(VectorOperators.ASHR, 8));
        IntVector i0 = e0.mul(e0).reinterpretAsInts();
        IntVector j0 = o0.mul(o0).reinterpretAsInts();
        sum0 = sum0.add(i0).add(j0);
        upper0 =
            upper0
                .add(i0.lanewise(VectorOperators.LSHR, Short.SIZE))
                .add(j0.lanewise(VectorOperators.LSHR, Short.SIZE));
        ShortVector e1 =
            even.sub(r1.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8));
        ShortVector o1 = odd.sub(r1.lanewise(VectorOperators.ASHR, 8));
        IntVector i1 = e1.mul(e1).reinterpretAsInts();
        IntVector j1 = o1.mul(o1).reinterpretAsInts();
        sum1 = sum1.add(i1).add(j1);
        upper1 =
            upper1
                .add(i1.lanewise(VectorOperators.LSHR, Short.SIZE))
                .add(j1.lanewise(VectorOperators.LSHR, Short.SIZE));
        ShortVector e2 =
            even.sub(r2.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8));
        ShortVector o2 = odd.sub(r2.lanewise(VectorOperators.ASHR, 8));
        IntVector i2 = e2.mul(e2).reinterpretAsInts();
        IntVector j2 = o2.mul(o2).reinterpretAsInts();
        sum2 = sum2.add(i2).add(j2);
        upper2 =
            upper2
                .add(i2.lanewise(VectorOperators.LSHR, Short.SIZE))
                .add(j2.lanewise(VectorOperators.LSHR, Short.SIZE));
        ShortVector e3 =
            even.sub(r3.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8));
        ShortVector o3 = odd.sub(r3.lanewise(VectorOperators.ASHR, 8));
        IntVector i3 = e3.mul(e3).reinterpretAsInts();
        IntVector j3 = o3.mul(o3).reinterpretAsInts();
        sum3 = sum3.add(i3).add(j3);
        upper3 =
            upper3
                .add(i3.lanewise(VectorOperators.LSHR, Short.SIZE))
                .add(j3.lanewise(VectorOperators.LSHR, Short.SIZE));
      }
      out[i] =
          sum0.sub(upper0.lanewise(VectorOperators.LSHL, Short.SIZE))
              .add(upper0)
              .reduceLanes(VectorOperators.ADD);
      out[i + 1] =
          sum1.sub(upper1.lanewise(VectorOperators.LSHL, Short.SIZE))
              .add(upper1)
              .reduceLanes(VectorOperators.ADD);
      out[i + 2] =
          sum2.sub(upper2.lanewise(VectorOperators.LSHL, Short.SIZE))
              .add(upper2)
              .reduceLanes(VectorOperators.ADD);
      out[i + 3] =
          sum3.sub(upper3.lanewise(VectorOperators.LSHL, Short.SIZE))
              .add(upper3)
              .reduceLanes(VectorOperators.ADD);
    }
    for (; i < count; i++) {
      out[i] = squaredL2(query, rows[i], bytes);
    }
  }

  @Override
  public int squaredL2(long left, long right, int bytes) {
    IntVector sum0 = IntVector.zero(INTS);
    IntVector upper0 = IntVector.zero(INTS);
    for (long at = 0; at < bytes; at += STEP_BYTES) {
      ShortVector q = ShortVector.fromMemorySegment(SHORTS, ALL, left + at, ORDER);
      ShortVector even = q.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8);
      ShortVector odd = q.lanewise(VectorOperators.ASHR, 8);
      ShortVector r0 = ShortVector.fromMemorySegment(SHORTS, ALL, right + at, ORDER);
      ShortVector e0 =
          even.sub(r0.lanewise(VectorOperators.LSHL, 8).lanewise(VectorOperators.ASHR, 8));
      ShortVector o0 = odd.sub(r0.lanewise(VectorOperators.ASHR, 8));
      IntVector i0 = e0.mul(e0).reinterpretAsInts();
      IntVector j0 = o0.mul(o0).reinterpretAsInts();
      sum0 = sum0.add(i0).add(j0);
      upper0 =
          upper0
              .add(i0.lanewise(VectorOperators.LSHR, Short.SIZE))
              .add(j0.lanewise(VectorOperators.LSHR, Short.SIZE));
    }
    return sum0.sub(upper0.lanewise(VectorOperators.LSHL, Short.SIZE))
        .add(upper0)
        .reduceLanes(VectorOperators.ADD);
  }
}
