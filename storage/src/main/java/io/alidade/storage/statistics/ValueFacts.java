package io.alidade.storage.statistics;

import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.model.Jsonb;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/// Facts about single values: hashes that equal values share, and what they take in PostgreSQL.
final class ValueFacts {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  /// PostgreSQL's short header of a value, and its long one.
  private static final int SHORT_HEADER = 1;

  private static final int LONG_HEADER = 4;
  private static final int MOST_SHORT = 126;
  private static final int NUMERIC_GROUP = 4;

  private ValueFacts() {}

  /// Whether values of a type are compared and counted; of vectors and arrays only the sizes are.
  static boolean areCompared(ColumnType type) {
    return switch (type.kind()) {
      case BOOL,
          INT2,
          INT4,
          INT8,
          OID,
          REGPROC,
          REGCLASS,
          REGTYPE,
          DATE,
          TIMESTAMP,
          TIMESTAMPTZ,
          FLOAT4,
          FLOAT8,
          NUMERIC,
          TEXT,
          VARCHAR,
          NAME,
          CHAR,
          BYTEA,
          UUID,
          JSONB ->
          true;
      case VECTOR, HALFVEC, BIT, VARBIT, ARRAY -> false;
    };
  }

  static long hash(Object value) {
    return switch (value) {
      case String text -> hash(text);
      case Double number -> hash(number.doubleValue());
      case Float number -> hash(number.doubleValue());
      case Number number when !(number instanceof BigDecimal) -> mix(number.longValue());
      case BigDecimal number -> mix(number.stripTrailingZeros().hashCode());
      case UUID id -> mix(mix(id.getMostSignificantBits()) ^ id.getLeastSignificantBits());
      case Jsonb json -> hash(json.text());
      case byte[] bytes -> mix(((long) Arrays.hashCode(bytes) << Integer.SIZE) | bytes.length);
      default -> mix(value.hashCode());
    };
  }

  static long hash(double value) {
    return mix(Double.doubleToLongBits(value == 0 ? 0.0 : value)); // 0 equals -0.
  }

  private static long hash(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * MULTIPLIER;
      hash ^= hash >>> 29;
    }
    return mix(hash);
  }

  /// The finalizer of MurmurHash3.
  static long mix(long value) {
    long hash = value + MULTIPLIER;
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return hash ^ (hash >>> 33);
  }

  /// The bytes that PostgreSQL would store, about.
  static int width(ColumnType type, Object value) {
    return switch (type.kind()) {
      case BOOL -> 1;
      case INT2 -> Short.BYTES;
      case INT4, DATE, FLOAT4, OID, REGPROC, REGCLASS, REGTYPE -> Integer.BYTES;
      case INT8, TIMESTAMP, TIMESTAMPTZ, FLOAT8 -> Long.BYTES;
      case UUID -> 2 * Long.BYTES;
      case NAME -> 64;
      case TEXT, VARCHAR, CHAR -> withHeader(utf8Length((String) value));
      case JSONB -> withHeader(utf8Length(((Jsonb) value).text()));
      case BYTEA -> withHeader(((byte[]) value).length);
      case NUMERIC -> numeric((BigDecimal) value);
      case VECTOR -> 8 + ((float[]) value).length * Float.BYTES;
      case HALFVEC -> 8 + ((float[]) value).length * Short.BYTES;
      case BIT, VARBIT -> 8 + (((BitString) value).length() + 7) / 8;
      case ARRAY -> 20 + elements(type.elementType(), (List<?>) value);
    };
  }

  private static int elements(ColumnType type, List<?> values) {
    int bytes = 0;
    for (Object value : values) {
      bytes += value == null ? 0 : width(type, value);
    }
    return bytes;
  }

  private static int withHeader(int bytes) {
    return bytes + (bytes <= MOST_SHORT ? SHORT_HEADER : LONG_HEADER);
  }

  private static int numeric(BigDecimal value) {
    BigDecimal plain = value.stripTrailingZeros();
    if (plain.signum() == 0) {
      return SHORT_HEADER + Short.BYTES;
    }
    int before = Math.max(0, plain.precision() - plain.scale());
    int after = Math.max(0, plain.scale());
    int groups = Math.ceilDiv(before, NUMERIC_GROUP) + Math.ceilDiv(after, NUMERIC_GROUP);
    return SHORT_HEADER + Short.BYTES + groups * Short.BYTES;
  }

  private static int utf8Length(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }
}
