package io.alidade.model.codec;

import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.nio.ByteBuffer;

/// pgvector's binary form of `vector` and `halfvec`: the dimensions (u16), zero (u16), and the
/// elements as big-endian floats of 32 or 16 bits.
final class VectorBinary {
  private static final int HEADER = 2 * Short.BYTES;

  private VectorBinary() {}

  static void encode(float[] vector, Kind kind, ByteSink out) {
    out.putShort(vector.length).putShort(0);
    if (kind == Kind.VECTOR) {
      out.putFloats(vector);
      return;
    }
    for (float element : vector) {
      out.putShort(Float.floatToFloat16(element));
    }
  }

  static float[] decode(ByteBuffer in, int length, ColumnType type) {
    Kind kind = type.kind();
    if (length < HEADER) {
      throw ValueErrors.tooShort();
    }
    int dimensions = in.getShort() & 0xFFFF;
    int unused = in.getShort();
    requireHeader(dimensions, unused, type);
    int width = kind == Kind.VECTOR ? Float.BYTES : Short.BYTES;
    if (length < HEADER + dimensions * width) {
      throw ValueErrors.tooShort();
    }
    float[] vector = new float[dimensions];
    if (kind == Kind.VECTOR) {
      in.asFloatBuffer().get(vector);
      in.position(in.position() + dimensions * Float.BYTES);
    } else {
      for (int i = 0; i < dimensions; i++) {
        vector[i] = Float.float16ToFloat(in.getShort());
      }
    }
    requireFinite(vector, kind);
    return vector;
  }

  private static void requireHeader(int dimensions, int unused, ColumnType type) {
    if (dimensions < 1) {
      throw VectorText.tooFewDimensions(type.kind());
    }
    if (dimensions > ColumnType.MAX_VECTOR_DIMENSIONS) {
      throw VectorText.tooManyDimensions(type.kind());
    }
    if (type.hasModifier() && dimensions != type.modifier()) {
      throw new DatabaseException(
          SqlState.DATA_EXCEPTION,
          "expected " + type.modifier() + " dimensions, not " + dimensions);
    }
    if (unused != 0) {
      throw new DatabaseException(
          SqlState.DATA_EXCEPTION, "expected unused to be 0, not " + unused);
    }
  }

  private static void requireFinite(float[] vector, Kind kind) {
    float sum = 0; // Stays 0 unless some element is not finite.
    for (float element : vector) {
      sum += element * 0;
    }
    if (sum != 0 || Float.isNaN(sum)) {
      for (float element : vector) {
        VectorText.checkElement(element, kind);
      }
    }
  }
}
