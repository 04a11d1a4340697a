package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Writes floats into rows of any element and reads them back. Rows are given by address; what
/// fills a row's last line up is zero before and after.
final class RowFormat {
  private static final MemorySegment ALL = AddressSpace.ALL;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int MOST_UINT8 = 255;

  private RowFormat() {}

  /// Writes a row, and its norm and factor.
  ///
  /// @param note the address of [VectorElement#noteBytes] bytes
  /// @throws IllegalArgumentException if it cannot be a row of this element; the row is written in
  ///   part then
  static void write(VectorElement element, float[] vector, long row, long note) {
    float[] kept =
        switch (element) {
          case FLOAT32 -> {
            AddressSpace.putFloats(row, vector);
            yield vector;
          }
          case FLOAT16 -> halves(vector, row);
          case UINT8 -> bytes(vector, row);
          case NIBBLE -> {
            float factor = NibbleRows.of(vector.length).write(vector, row);
            AddressSpace.putFloat(note + Float.BYTES, factor);
            yield vector; // It keeps its length.
          }
          case BIT -> {
            writeBits(vector, row);
            yield vector;
          }
        };
    AddressSpace.putFloat(note, InverseNorm.of(kept));
  }

  private static float[] halves(float[] vector, long row) {
    float[] kept = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      short half = Float.floatToFloat16(vector[i]);
      kept[i] = Float.float16ToFloat(half);
      if (!Float.isFinite(kept[i])) {
        throw new IllegalArgumentException(vector[i] + " is no finite half float");
      }
      ALL.set(SHORT, row + (long) i * Short.BYTES, half);
    }
    return kept;
  }

  private static float[] bytes(float[] vector, long row) {
    float[] kept = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      int number = Math.clamp((int) vector[i], 0, MOST_UINT8);
      kept[i] = number;
      ALL.set(ValueLayout.JAVA_BYTE, row + i, (byte) number);
    }
    return kept;
  }

  /// Writes bits, each given as 0 or 1, from the lowest of each byte on.
  ///
  /// @throws IllegalArgumentException if there is another number
  static void writeBits(float[] vector, long row) {
    for (int from = 0; from < vector.length; from += Byte.SIZE) {
      int word = 0;
      int end = Math.min(Byte.SIZE, vector.length - from);
      for (int i = 0; i < end; i++) {
        float bit = vector[from + i];
        if (bit == 1) {
          word |= 1 << i;
        } else if (bit != 0) {
          throw new IllegalArgumentException(bit + " is no bit");
        }
      }
      ALL.set(ValueLayout.JAVA_BYTE, row + from / Byte.SIZE, (byte) word);
    }
  }

  /// Reads a row.
  ///
  /// @param factor see [VectorStore#factor]
  static void read(VectorElement element, long row, float factor, float[] target, int dimensions) {
    switch (element) {
      case FLOAT32 -> AddressSpace.copyFloats(row, target, dimensions);
      case FLOAT16 -> {
        for (int i = 0; i < dimensions; i++) {
          target[i] = Float.float16ToFloat(ALL.get(SHORT, row + (long) i * Short.BYTES));
        }
      }
      case UINT8 -> {
        for (int i = 0; i < dimensions; i++) {
          target[i] = ALL.get(ValueLayout.JAVA_BYTE, row + i) & 0xff;
        }
      }
      case NIBBLE -> {
        NibbleRows form = NibbleRows.of(dimensions);
        float[] numbers = new float[form.rotated()];
        form.read(row, factor, target, numbers, new float[form.rotated()], dimensions);
      }
      case BIT -> {
        for (int i = 0; i < dimensions; i++) {
          target[i] = ALL.get(ValueLayout.JAVA_BYTE, row + i / Byte.SIZE) >> i % Byte.SIZE & 1;
        }
      }
    }
  }

  /// See [VectorElement#rounded].
  static float[] rounded(VectorElement element, float[] vector) {
    if (element == VectorElement.FLOAT32) {
      return vector.clone();
    }
    try (NativeVectors one = new NativeVectors(vector.length, element)) {
      return one.toArray(one.append(vector));
    }
  }
}
