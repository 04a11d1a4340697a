package io.alidade.storage.lock;

import io.alidade.model.BitString;
import io.alidade.model.Jsonb;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What locks are on, as 64-bit numbers: hashes of a kind, an OID and a row id or key.
///
/// Two things with the same number share their lock: someone waits without need, once in a very
/// long time, and nothing else happens.
public final class LockKey {
  /// The definitions as a whole.
  public static final long CATALOG = mix(4, 0);

  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private LockKey() {}

  public static long ofTable(int oid) {
    return mix(mix(1, oid), 0);
  }

  public static long ofRow(int tableOid, long rowId) {
    return mix(mix(2, tableOid), rowId);
  }

  /// The key of a unique index; values that the index takes as equal give the same number.
  public static long ofKey(int indexOid, @Nullable Object[] values) {
    long hash = mix(3, indexOid);
    for (Object value : values) {
      hash = mix(hash, hash(value));
    }
    return hash;
  }

  private static long mix(long hash, long value) {
    long mixed = (hash ^ value) * PRIME;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
    mixed ^= mixed >>> 32;
    return mixed * PRIME + 1;
  }

  private static long hash(@Nullable Object value) {
    return switch (value) {
      case null -> 0;
      case Long number -> number;
      case Integer number -> number;
      case Short number -> number;
      case Boolean bool -> bool ? 1 : 0;
      case Float number -> Double.doubleToLongBits(number + 0.0);
      case Double number -> Double.doubleToLongBits(number + 0.0);
      case BigDecimal number -> hash(number.stripTrailingZeros().toString());
      case String text -> hash(text);
      case Jsonb json -> hash(json.text());
      case UUID uuid -> mix(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
      case byte[] bytes -> hash(bytes);
      case float[] vector -> hash(vector);
      case BitString bits -> mix(bits.length(), hash(bits.toByteArray()));
      case List<?> list -> hash(list);
      default -> throw new IllegalStateException(value.getClass() + " as a key");
    };
  }

  private static long hash(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return hash;
  }

  private static long hash(byte[] bytes) {
    long hash = bytes.length;
    for (byte it : bytes) {
      hash = (hash ^ it) * PRIME;
    }
    return hash;
  }

  private static long hash(float[] vector) {
    long hash = vector.length;
    for (float it : vector) {
      hash = mix(hash, Float.floatToIntBits(it + 0.0f));
    }
    return hash;
  }

  private static long hash(List<?> list) {
    long hash = list.size();
    for (Object it : list) {
      hash = mix(hash, hash((@Nullable Object) it));
    }
    return hash;
  }
}
