package io.alidade.model.codec;

import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.model.ColumnType.Kind;
import io.alidade.model.DatabaseException;
import io.alidade.model.Jsonb;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's binary forms, as the package describes them.
public final class BinaryCodec {

  private static final int JSONB_VERSION = 1;
  private static final int MAX_ARRAY_DIMENSIONS = 6;

  /// The days from 1970-01-01, from which we count, to 2000-01-01, from which PostgreSQL does.
  private static final int EPOCH_DAYS = 10_957;

  private static final long EPOCH_MICROS = EPOCH_DAYS * DateTimeText.MICROS_PER_DAY;

  private BinaryCodec() {}

  /// Reads a value that takes up the next `length` bytes.
  ///
  /// @param in big-endian; left after the value
  /// @throws DatabaseException 22P03 or 08P01 when they are no value of the type, or what
  ///   [Modifiers#coerce] throws
  public static Object decode(ByteBuffer in, int length, ColumnType type) {
    int end = in.position() + length;
    if (length < 0 || end > in.limit()) {
      throw ValueErrors.tooShort();
    }
    Object value = read(in, length, type);
    if (in.position() != end) {
      throw ValueErrors.binaryFormat();
    }
    return value;
  }

  private static Object read(ByteBuffer in, int length, ColumnType type) {
    return switch (type.kind()) {
      case BOOL -> need(in, length, 1).get() != 0;
      case INT2 -> need(in, length, 2).getShort();
      case INT4 -> need(in, length, 4).getInt();
      case INT8 -> need(in, length, 8).getLong();
      case FLOAT4 -> need(in, length, 4).getFloat();
      case FLOAT8 -> need(in, length, 8).getDouble();
      case NUMERIC -> Modifiers.numeric(NumericBinary.decode(in, length), type);
      case TEXT -> Utf8.decode(in, length);
      case VARCHAR ->
          Modifiers.varchar(Utf8.decode(in, length), type, Modifiers.Coercion.ASSIGNMENT);
      case NAME -> TextCodec.truncateName(Utf8.decode(in, length));
      case CHAR -> readChar(need(in, length, 1).get());
      case BYTEA -> bytes(in, length);
      case UUID -> new UUID(need(in, length, 16).getLong(), in.getLong());
      case DATE -> readDate(need(in, length, 4).getInt());
      case TIMESTAMP, TIMESTAMPTZ -> readTimestamp(need(in, length, 8).getLong());
      case JSONB -> readJsonb(in, length);
      case OID, REGPROC, REGCLASS, REGTYPE -> need(in, length, 4).getInt() & 0xFFFF_FFFFL;
      case VECTOR, HALFVEC -> VectorBinary.decode(in, length, type);
      case BIT, VARBIT -> readBits(in, length, type);
      case ARRAY -> readArray(in, length, type.elementType());
    };
  }

  /// Writes a value, without its length before it.
  public static void encode(Object value, ColumnType type, ByteSink out) {
    switch (type.kind()) {
      case BOOL -> out.putByte((Boolean) value ? 1 : 0);
      case INT2 -> out.putShort((Short) value);
      case INT4 -> out.putInt((Integer) value);
      case INT8 -> out.putLong((Long) value);
      case FLOAT4 -> out.putFloat((Float) value);
      case FLOAT8 -> out.putDouble((Double) value);
      case NUMERIC -> NumericBinary.encode((BigDecimal) value, out);
      case TEXT, VARCHAR, NAME -> out.putUtf8((String) value);
      case CHAR -> writeChar((String) value, out);
      case BYTEA -> out.putBytes((byte[]) value);
      case UUID -> {
        UUID uuid = (UUID) value;
        out.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
      }
      case DATE -> out.putInt(wireDate((Integer) value));
      case TIMESTAMP, TIMESTAMPTZ -> out.putLong(wireTimestamp((Long) value));
      case JSONB -> out.putByte(JSONB_VERSION).putUtf8(((Jsonb) value).text());
      case OID, REGPROC, REGCLASS, REGTYPE -> out.putInt((int) (long) (Long) value);
      case VECTOR, HALFVEC -> VectorBinary.encode((float[]) value, type.kind(), out);
      case BIT, VARBIT -> {
        BitString bits = (BitString) value;
        out.putInt(bits.length()).putBytes(bits.toByteArray());
      }
      case ARRAY -> writeArray(TextCodec.list(value), type.elementType(), out);
    }
  }

  private static ByteBuffer need(ByteBuffer in, int length, int size) {
    if (length < size) {
      throw ValueErrors.tooShort();
    }
    return in;
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static String readChar(byte value) {
    return value == 0 ? "" : String.valueOf((char) (value & 0xFF));
  }

  private static void writeChar(String value, ByteSink out) {
    out.putByte(value.isEmpty() ? 0 : value.getBytes(StandardCharsets.UTF_8)[0]);
  }

  private static Integer readDate(int wire) {
    if (wire == DateTimeText.DATE_INFINITY || wire == DateTimeText.DATE_MINUS_INFINITY) {
      return wire;
    }
    long day = (long) wire + EPOCH_DAYS;
    if (day >= Integer.MAX_VALUE) {
      throw new DatabaseException(SqlState.DATETIME_FIELD_OVERFLOW, "date out of range");
    }
    return (int) day;
  }

  private static int wireDate(int day) {
    return day == DateTimeText.DATE_INFINITY || day == DateTimeText.DATE_MINUS_INFINITY
        ? day
        : day - EPOCH_DAYS;
  }

  private static Long readTimestamp(long wire) {
    if (wire == DateTimeText.TIMESTAMP_INFINITY || wire == DateTimeText.TIMESTAMP_MINUS_INFINITY) {
      return wire;
    }
    if (wire >= Long.MAX_VALUE - EPOCH_MICROS) {
      throw new DatabaseException(SqlState.DATETIME_FIELD_OVERFLOW, "timestamp out of range");
    }
    return wire + EPOCH_MICROS;
  }

  private static long wireTimestamp(long micros) {
    return micros == DateTimeText.TIMESTAMP_INFINITY
            || micros == DateTimeText.TIMESTAMP_MINUS_INFINITY
        ? micros
        : micros - EPOCH_MICROS;
  }

  private static Jsonb readJsonb(ByteBuffer in, int length) {
    int version = need(in, length, 1).get();
    if (version != JSONB_VERSION) {
      throw new DatabaseException(
          SqlState.INTERNAL_ERROR, "unsupported jsonb version number " + version);
    }
    return Jsonb.parse(Utf8.decode(in, length - 1));
  }

  private static BitString readBits(ByteBuffer in, int length, ColumnType type) {
    int bits = need(in, length, Integer.BYTES).getInt();
    if (bits < 0 || bits > ColumnType.MAX_BITS) {
      throw ValueErrors.binary("invalid length in external bit string");
    }
    int bytes = BitString.bytes(bits);
    if (length - Integer.BYTES < bytes) {
      throw ValueErrors.tooShort();
    }
    BitString value = BitString.of(bits, bytes(in, bytes));
    return Modifiers.bits(value, type, Modifiers.Coercion.ASSIGNMENT);
  }

  private static List<@Nullable Object> readArray(ByteBuffer in, int length, ColumnType element) {
    int end = in.position() + length;
    int dimensions = need(in, length, 12).getInt();
    int flags = in.getInt();
    int elementOid = in.getInt();
    if (dimensions < 0 || dimensions > MAX_ARRAY_DIMENSIONS) {
      throw ValueErrors.binary("invalid number of dimensions: " + dimensions);
    }
    if (flags != 0 && flags != 1) {
      throw ValueErrors.binary("invalid array flags");
    }
    if (elementOid != TypeOids.oid(element)
        && !(isText(elementOid) && isText(TypeOids.oid(element)))) {
      throw new DatabaseException(SqlState.DATATYPE_MISMATCH, "wrong element type");
    }
    if (dimensions == 0) {
      return List.of();
    }
    if (dimensions > 1) {
      throw ValueErrors.unsupported("multidimensional arrays are");
    }
    need(in, end - in.position(), 8);
    int size = in.getInt();
    in.getInt(); // Ours all begin at 1.
    if (size < 0 || (long) size * Integer.BYTES > end - in.position()) {
      throw ValueErrors.tooShort();
    }
    List<@Nullable Object> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      int itemLength = need(in, end - in.position(), 4).getInt();
      if (itemLength < -1 || itemLength > end - in.position()) {
        throw ValueErrors.binary("improper binary format in array element " + (i + 1));
      }
      values.add(itemLength == -1 ? null : decode(in, itemLength, element));
    }
    return Collections.unmodifiableList(values);
  }

  private static boolean isText(int oid) {
    return TypeOids.byOid(oid)
        .map(type ->
            type.kind() == Kind.TEXT || type.kind() == Kind.VARCHAR || type.kind() == Kind.NAME)
        .orElse(false);
  }

  private static void writeArray(List<@Nullable Object> values, ColumnType element, ByteSink out) {
    out.putInt(values.isEmpty() ? 0 : 1);
    out.putInt(values.contains(null) ? 1 : 0);
    out.putInt(TypeOids.oid(element));
    if (values.isEmpty()) {
      return;
    }
    out.putInt(values.size()).putInt(1);
    for (Object value : values) {
      if (value == null) {
        out.putInt(-1);
        continue;
      }
      int lengthAt = out.size();
      out.putInt(0);
      encode(value, element, out);
      out.setInt(lengthAt, out.size() - lengthAt - Integer.BYTES);
    }
  }
}
