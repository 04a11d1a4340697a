package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.ValueLayout;

/// The kernels for narrow rows in plain Java, for a Java without the Vector API; the reference for
/// the others.
final class ScalarNarrowKernel implements NarrowKernel {
  private final Element element;

  ScalarNarrowKernel(Element element) {
    this.element = element;
  }

  @Override
  public void dot(long query, int padded, long[] rows, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows[i], padded);
    }
  }

  @Override
  public void squaredL2(long query, int padded, long[] rows, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows[i], padded);
    }
  }

  @Override
  public void l1(long query, int padded, long[] rows, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = l1(query, rows[i], padded);
    }
  }

  @Override
  public float dot(long query, long row, int padded) {
    float even = 0;
    float odd = 0;
    for (int i = 0; i < padded; i += 2) {
      even += number(query, i) * rowNumber(row, i);
      odd += number(query, i + 1) * rowNumber(row, i + 1);
    }
    return even + odd;
  }

  @Override
  public float squaredL2(long query, long row, int padded) {
    float even = 0;
    float odd = 0;
    for (int i = 0; i < padded; i += 2) {
      float evenDifference = number(query, i) - rowNumber(row, i);
      float oddDifference = number(query, i + 1) - rowNumber(row, i + 1);
      even += evenDifference * evenDifference;
      odd += oddDifference * oddDifference;
    }
    return even + odd;
  }

  @Override
  public float l1(long query, long row, int padded) {
    float even = 0;
    float odd = 0;
    for (int i = 0; i < padded; i += 2) {
      even += Math.abs(number(query, i) - rowNumber(row, i));
      odd += Math.abs(number(query, i + 1) - rowNumber(row, i + 1));
    }
    return even + odd;
  }

  private static float number(long query, int i) {
    return AddressSpace.getFloat(query + (long) i * Float.BYTES);
  }

  private float rowNumber(long row, int i) {
    return switch (element) {
      case FLOAT16 ->
          Float.float16ToFloat(
              AddressSpace.ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, row + (long) i * Short.BYTES));
      case UINT8 -> AddressSpace.ALL.get(ValueLayout.JAVA_BYTE, row + i) & 0xff;
    };
  }
}
