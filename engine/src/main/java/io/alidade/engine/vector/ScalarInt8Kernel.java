package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The kernels for signed bytes in plain Java; the reference for the others.
final class ScalarInt8Kernel implements Int8Kernel {
  private static final MemorySegment ALL = AddressSpace.ALL;

  @Override
  public void dot(long query, int bytes, long[] rows, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows[i], bytes);
    }
  }

  @Override
  public void squaredL2(long query, int bytes, long[] rows, int count, int[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows[i], bytes);
    }
  }

  @Override
  public int dot(long left, long right, int bytes) {
    int sum = 0;
    for (long i = 0; i < bytes; i++) {
      sum += ALL.get(ValueLayout.JAVA_BYTE, left + i) * ALL.get(ValueLayout.JAVA_BYTE, right + i);
    }
    return sum;
  }

  @Override
  public int squaredL2(long left, long right, int bytes) {
    int sum = 0;
    for (long i = 0; i < bytes; i++) {
      int difference =
          ALL.get(ValueLayout.JAVA_BYTE, left + i) - ALL.get(ValueLayout.JAVA_BYTE, right + i);
      sum += difference * difference;
    }
    return sum;
  }
}
