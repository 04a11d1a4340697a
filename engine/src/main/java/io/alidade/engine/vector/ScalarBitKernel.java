package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The kernels for bits in plain Java, for a Java without the Vector API; the reference for the
/// others.
final class ScalarBitKernel implements BitKernel {
  private static final MemorySegment ALL = AddressSpace.ALL;

  @Override
  public void hamming(long query, int bytes, long[] rows, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = hamming(query, rows[i], bytes);
    }
  }

  @Override
  public void hamming(long query, int bytes, long first, long stride, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = hamming(query, first + i * stride, bytes);
    }
  }

  @Override
  public int hamming(long left, long right, int bytes) {
    int sum = 0;
    for (long i = 0; i < bytes; i += Long.BYTES) {
      sum +=
          Long.bitCount(
              ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, left + i)
                  ^ ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, right + i));
    }
    return sum;
  }

  @Override
  public void jaccard(long query, int bytes, long[] rows, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) jaccard(query, rows[i], bytes);
    }
  }

  @Override
  public void jaccard(long query, int bytes, long first, long stride, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) jaccard(query, first + i * stride, bytes);
    }
  }

  @Override
  public double jaccard(long left, long right, int bytes) {
    int common = 0;
    int either = 0;
    for (long i = 0; i < bytes; i += Long.BYTES) {
      long l = ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, left + i);
      long r = ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, right + i);
      common += Long.bitCount(l & r);
      either += Long.bitCount(l | r);
    }
    return BitDistance.jaccard(common, either);
  }
}
