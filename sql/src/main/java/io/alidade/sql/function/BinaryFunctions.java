package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BYTEA;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.TEXT;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Functions of `bytea`, and digests of text.
final class BinaryFunctions {
  private BinaryFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    builder.two("||", BYTEA, BYTEA, BYTEA, (_, l, r) -> joined((byte[]) l, (byte[]) r));
    for (String name : List.of("length", "octet_length")) {
      builder.one(name, BYTEA, INT4, (_, v) -> ((byte[]) v).length);
    }
    builder.one("bit_length", BYTEA, INT4, (_, v) -> ((byte[]) v).length * Byte.SIZE);
    for (String name : List.of("substr", "substring")) {
      builder.two(
          name,
          BYTEA,
          INT4,
          BYTEA,
          (_, v, from) -> slice((byte[]) v, (Integer) from, Integer.MAX_VALUE));
      builder.many(
          signature(name, BYTEA, BYTEA, INT4, INT4),
          (_, a) -> substring((byte[]) a[0], (Integer) a[1], (Integer) a[2]));
    }
    builder.two(
        "position",
        BYTEA,
        BYTEA,
        INT4,
        (_, v, part) -> characters(v).indexOf(characters(part)) + 1);
    builder.two("get_byte", BYTEA, INT4, INT4, (_, v, at) -> byteAt((byte[]) v, (Integer) at));
    builder.one("md5", TEXT, TEXT, (_, v) -> md5(((String) v).getBytes(StandardCharsets.UTF_8)));
    builder.one("md5", BYTEA, TEXT, (_, v) -> md5((byte[]) v));
    Map.of("sha224", "SHA-224", "sha256", "SHA-256", "sha384", "SHA-384", "sha512", "SHA-512")
        .forEach((name, algorithm) ->
            builder.one(name, BYTEA, BYTEA, (_, v) -> digest(algorithm, (byte[]) v)));
    builder.two(
        "encode", BYTEA, TEXT, TEXT, (_, v, e) -> BinaryEncoding.of((String) e).encode((byte[]) v));
    builder.two(
        "decode", TEXT, TEXT, BYTEA, (_, v, e) -> BinaryEncoding.of((String) e).decode((String) v));
  }

  private static byte[] joined(byte[] left, byte[] right) {
    byte[] both = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }

  /// One character for each byte.
  private static String characters(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] substring(byte[] bytes, int from, int count) {
    if (count < 0) {
      throw new DatabaseException(
          SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    return slice(bytes, from, (long) from + count);
  }

  /// From a place, counted from 1, to before another.
  private static byte[] slice(byte[] bytes, int from, long end) {
    int start = Math.max(from, 1) - 1;
    int stop = (int) Math.min(end - 1, bytes.length);
    return start >= stop ? new byte[0] : Arrays.copyOfRange(bytes, start, stop);
  }

  private static int byteAt(byte[] bytes, int index) {
    if (index < 0 || index >= bytes.length) {
      throw new DatabaseException(
          SqlState.ARRAY_SUBSCRIPT_ERROR,
          "index " + index + " out of valid range, 0.." + (bytes.length - 1));
    }
    return bytes[index] & 0xFF;
  }

  private static String md5(byte[] bytes) {
    return HexFormat.of().formatHex(digest("MD5", bytes));
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
