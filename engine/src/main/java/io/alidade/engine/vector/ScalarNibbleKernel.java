package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;

/// The kernels for nibbles in plain Java, for a Java without the Vector API; the reference for the
/// others.
final class ScalarNibbleKernel implements NibbleKernel {
  private static final int LINE = VectorStore.ROW_ALIGNMENT;
  private static final int WORDS = LINE / Integer.BYTES;

  @Override
  public void dot(long query, int bytes, long[] rows, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows[i], bytes);
    }
  }

  @Override
  public float dot(long query, long row, int bytes) {
    float even = 0;
    float odd = 0;
    for (int line = 0; line < bytes; line += LINE) {
      for (int place = 0; place < WORDS; place++) {
        int word = AddressSpace.getInt(row + line + (long) place * Integer.BYTES);
        long at = query + (2L * line + place) * Float.BYTES;
        for (int k = 0; k < Integer.SIZE; k += 8) {
          even += AddressSpace.getFloat(at) * (word >>> k & 15);
          odd += AddressSpace.getFloat(at + LINE) * (word >>> k + 4 & 15);
          at += 2 * LINE;
        }
      }
    }
    return even + odd;
  }
}
