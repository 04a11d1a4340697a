package io.alidade.storage.segment;

import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.model.Jsonb;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The bytes of single values, little-endian.
///
/// Texts are UTF-8, `jsonb` its canonical text, `bytea` itself, numbers their two's complement or
/// IEEE bits, `bool` one byte, `uuid` its two longs (upper first), `vector` its floats, `halfvec`
/// its 16-bit floats, `bit` its length (i32) and bytes, `numeric` its scale (i32) and unscaled
/// value (two's complement, big-endian). An array is its length (u32) and for each element its
/// length in bytes (i32, -1 for NULL) and its bytes.
final class ValueBytes {
  private static final int NULL_LENGTH = -1;

  private ValueBytes() {}

  static byte[] of(ColumnType type, Object value) {
    return switch (type.kind()) {
      case TEXT, VARCHAR, NAME, CHAR -> ((String) value).getBytes(StandardCharsets.UTF_8);
      case JSONB -> ((Jsonb) value).text().getBytes(StandardCharsets.UTF_8);
      case BYTEA -> (byte[]) value;
      case BOOL -> new byte[] {(byte) ((Boolean) value ? 1 : 0)};
      case INT2 -> buffer(Short.BYTES).putShort((Short) value).array();
      case INT4, DATE -> buffer(Integer.BYTES).putInt((Integer) value).array();
      case INT8, TIMESTAMP, TIMESTAMPTZ, OID, REGPROC, REGCLASS, REGTYPE ->
          buffer(Long.BYTES).putLong((Long) value).array();
      case FLOAT4 -> buffer(Float.BYTES).putFloat((Float) value).array();
      case FLOAT8 -> buffer(Double.BYTES).putDouble((Double) value).array();
      case UUID -> ofUuid((UUID) value);
      case VECTOR -> ofVector((float[]) value);
      case HALFVEC -> ofHalves((float[]) value);
      case BIT, VARBIT -> ofBits((BitString) value);
      case NUMERIC -> ofNumeric((BigDecimal) value);
      case ARRAY -> ofArray(type.elementType(), (List<?>) value);
    };
  }

  static Object read(ColumnType type, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return switch (type.kind()) {
      case TEXT, VARCHAR, NAME, CHAR -> new String(bytes, StandardCharsets.UTF_8);
      case JSONB -> Jsonb.ofCanonical(new String(bytes, StandardCharsets.UTF_8));
      case BYTEA -> bytes;
      case BOOL -> in.get() != 0;
      case INT2 -> in.getShort();
      case INT4, DATE -> in.getInt();
      case INT8, TIMESTAMP, TIMESTAMPTZ, OID, REGPROC, REGCLASS, REGTYPE -> in.getLong();
      case FLOAT4 -> in.getFloat();
      case FLOAT8 -> in.getDouble();
      case UUID -> new UUID(in.getLong(), in.getLong());
      case VECTOR -> readVector(in);
      case HALFVEC -> readHalves(in);
      case BIT, VARBIT -> readBits(in);
      case NUMERIC -> readNumeric(in, bytes);
      case ARRAY -> readArray(type.elementType(), in);
    };
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] ofUuid(UUID value) {
    return buffer(2 * Long.BYTES)
        .putLong(value.getMostSignificantBits())
        .putLong(value.getLeastSignificantBits())
        .array();
  }

  private static byte[] ofVector(float[] value) {
    ByteBuffer out = buffer(value.length * Float.BYTES);
    out.asFloatBuffer().put(value);
    return out.array();
  }

  private static float[] readVector(ByteBuffer in) {
    float[] value = new float[in.remaining() / Float.BYTES];
    in.asFloatBuffer().get(value);
    return value;
  }

  private static byte[] ofHalves(float[] value) {
    ByteBuffer out = buffer(value.length * Short.BYTES);
    for (float element : value) {
      out.putShort(Float.floatToFloat16(element));
    }
    return out.array();
  }

  private static float[] readHalves(ByteBuffer in) {
    float[] value = new float[in.remaining() / Short.BYTES];
    for (int i = 0; i < value.length; i++) {
      value[i] = Float.float16ToFloat(in.getShort());
    }
    return value;
  }

  private static byte[] ofBits(BitString value) {
    byte[] bytes = value.toByteArray();
    return buffer(Integer.BYTES + bytes.length).putInt(value.length()).put(bytes).array();
  }

  private static BitString readBits(ByteBuffer in) {
    int length = in.getInt();
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return BitString.of(length, bytes);
  }

  private static byte[] ofNumeric(BigDecimal value) {
    byte[] unscaled = value.unscaledValue().toByteArray();
    return buffer(Integer.BYTES + unscaled.length).putInt(value.scale()).put(unscaled).array();
  }

  private static BigDecimal readNumeric(ByteBuffer in, byte[] bytes) {
    int scale = in.getInt();
    BigInteger unscaled = new BigInteger(Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length));
    return new BigDecimal(unscaled, scale);
  }

  private static byte[] ofArray(ColumnType elementType, List<?> value) {
    List<byte[]> elements = new ArrayList<>(value.size());
    long size = Integer.BYTES;
    for (Object element : value) {
      byte[] bytes = element == null ? new byte[0] : of(elementType, element);
      elements.add(bytes);
      size += Integer.BYTES + bytes.length;
    }
    ByteBuffer out = buffer(Math.toIntExact(size)).putInt(value.size());
    for (int i = 0; i < elements.size(); i++) {
      byte[] bytes = elements.get(i);
      out.putInt(value.get(i) == null ? NULL_LENGTH : bytes.length).put(bytes);
    }
    return out.array();
  }

  private static List<@Nullable Object> readArray(ColumnType elementType, ByteBuffer in) {
    int size = in.getInt();
    List<@Nullable Object> value = new ArrayList<>(Math.min(size, in.remaining()));
    for (int i = 0; i < size; i++) {
      int length = in.getInt();
      if (length == NULL_LENGTH) {
        value.add(null);
      } else {
        byte[] bytes = new byte[length];
        in.get(bytes);
        value.add(read(elementType, bytes));
      }
    }
    return Collections.unmodifiableList(value);
  }
}
