package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The kernels for codes in plain Java, for a Java without the Vector API; the reference for the
/// others.
final class ScalarCodeKernel implements CodeKernel {
  private static final MemorySegment ALL = AddressSpace.ALL;

  @Override
  public void dotBits(long query, int planes, int bytes, long[] rows, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dotBits(query, planes, bytes, rows[i]);
    }
  }

  @Override
  public void dotBits(
      long query, int planes, int bytes, long first, long stride, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dotBits(query, planes, bytes, first + i * stride);
    }
  }

  @Override
  public int dotBits(long query, int planes, int bytes, long row) {
    int sum = 0;
    for (int plane = planes - 1; plane >= 0; plane--) {
      long at = query + (long) plane * bytes;
      int count = 0;
      for (long i = 0; i < bytes; i += Long.BYTES) {
        count +=
            Long.bitCount(
                ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, at + i)
                    & ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, row + i));
      }
      sum = 2 * sum + count;
    }
    return sum;
  }

  @Override
  public void prepareInt7(byte[] query, int count, int bytes, long target) {
    Int7Layout.write(query, count, bytes, target);
  }

  @Override
  public void dotInt7(long preparedQuery, int bytes, long[] rows, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dotInt7(preparedQuery, bytes, rows[i]);
    }
  }

  @Override
  public void dotInt7(
      long preparedQuery, int bytes, long first, long stride, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dotInt7(preparedQuery, bytes, first + i * stride);
    }
  }

  @Override
  public int dotInt7(long preparedQuery, int bytes, long row) {
    int even = 0;
    int odd = 0;
    for (long i = 0; i < bytes; i += Short.BYTES) {
      int pair = ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, row + i);
      even += ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, preparedQuery + i) * (pair & 0xff);
      odd += ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, preparedQuery + bytes + i) * (pair >> 8);
    }
    return even + odd;
  }

  @Override
  public int dotInt7Rows(long left, long right, int bytes) {
    int sum = 0;
    for (long i = 0; i < bytes; i++) {
      sum += ALL.get(ValueLayout.JAVA_BYTE, left + i) * ALL.get(ValueLayout.JAVA_BYTE, right + i);
    }
    return sum;
  }
}
