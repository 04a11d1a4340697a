package io.alidade.sql.function;

import static io.alidade.model.ColumnType.BIT;
import static io.alidade.model.ColumnType.FLOAT8;
import static io.alidade.model.ColumnType.INT4;
import static io.alidade.model.ColumnType.INT8;
import static io.alidade.model.ColumnType.VARBIT;
import static io.alidade.sql.function.FunctionRegistry.signature;

import io.alidade.model.BitString;
import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.function.ScalarOperator.Distance;
import java.math.BigInteger;

/// The functions and operators of `bit` and `bit varying`: PostgreSQL's, and pgvector's distances.
final class BitFunctions {
  private BitFunctions() {}

  static void register(FunctionRegistry.Builder builder) {
    distance(builder, Distance.HAMMING, BitFunctions::hamming, "<~>", "hamming_distance");
    distance(builder, Distance.JACCARD, BitFunctions::jaccard, "<%>", "jaccard_distance");
    builder.one("length", BIT, INT4, (_, v) -> bits(v).length());
    builder.one("bit_length", BIT, INT4, (_, v) -> bits(v).length());
    builder.one("octet_length", BIT, INT4, (_, v) -> BitString.bytes(bits(v).length()));
    builder.one("bit_count", BIT, INT8, (_, v) -> (long) bits(v).count());
    bitwise(builder, "&", "AND", (a, b) -> a & b);
    bitwise(builder, "|", "OR", (a, b) -> a | b);
    bitwise(builder, "#", "XOR", (a, b) -> a ^ b);
    builder.one("~", BIT, BIT, (_, v) -> bits(v).combined(bits(v), (a, _) -> ~a));
    builder.two("<<", BIT, INT4, BIT, (_, v, by) -> shifted(bits(v), -(long) (Integer) by));
    builder.two(">>", BIT, INT4, BIT, (_, v, by) -> shifted(bits(v), (Integer) by));
    builder.two("||", VARBIT, VARBIT, VARBIT, (_, a, b) -> concat(bits(a), bits(b)));
    builder.two("get_bit", BIT, INT4, INT4, (_, v, at) -> getBit(bits(v), (Integer) at));
    builder.many(
        signature("set_bit", BIT, BIT, INT4, INT4),
        (_, arguments) ->
            setBit(bits(arguments[0]), (Integer) arguments[1], (Integer) arguments[2]));
    builder.two(
        "substring",
        BIT,
        INT4,
        BIT,
        (_, v, from) -> substring(bits(v), (Integer) from, Integer.MAX_VALUE));
    builder.many(
        signature("substring", BIT, BIT, INT4, INT4),
        (_, arguments) -> {
          int count = (Integer) arguments[2];
          if (count < 0) {
            throw new DatabaseException(
                SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
          }
          return substring(bits(arguments[0]), (Integer) arguments[1], count);
        });
  }

  private interface DistanceBody {
    double compute(BitString left, BitString right);
  }

  private static void distance(
      FunctionRegistry.Builder builder, Distance distance, DistanceBody body, String... names) {
    for (String name : names) {
      builder.distance(
          signature(name, FLOAT8, BIT, BIT),
          distance,
          (_, a, b) -> {
            requireSameLengths(bits(a).length(), bits(b).length());
            return body.compute(bits(a), bits(b));
          });
    }
  }

  private static void requireSameLengths(int left, int right) {
    if (left != right) {
      throw new DatabaseException(
          SqlState.DATA_EXCEPTION, "different bit lengths " + left + " and " + right);
    }
  }

  private static double hamming(BitString left, BitString right) {
    return left.differences(right);
  }

  private static double jaccard(BitString left, BitString right) {
    int common = left.common(right);
    return common == 0 ? 1 : 1 - common / (double) (left.count() + right.count() - common);
  }

  private static void bitwise(
      FunctionRegistry.Builder builder, String name, String verb, BitString.Combination body) {
    builder.two(
        name,
        BIT,
        BIT,
        BIT,
        (_, a, b) -> {
          if (bits(a).length() != bits(b).length()) {
            throw new DatabaseException(
                SqlState.STRING_DATA_LENGTH_MISMATCH,
                "cannot " + verb + " bit strings of different sizes");
          }
          return bits(a).combined(bits(b), body);
        });
  }

  private static BitString bits(Object value) {
    return (BitString) value;
  }

  private static BitString shifted(BitString bits, long places) {
    return bits.shifted((int) Math.clamp(places, -bits.length(), bits.length()));
  }

  private static BitString concat(BitString left, BitString right) {
    if ((long) left.length() + right.length() > ColumnType.MAX_BITS) {
      throw new DatabaseException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "bit string length exceeds the maximum allowed (" + ColumnType.MAX_BITS + ")");
    }
    return left.followedBy(right);
  }

  private static BitString substring(BitString bits, int from, int count) {
    long first = Math.max(from - 1L, 0);
    long end = Math.min((long) from - 1 + count, bits.length());
    return first >= end ? bits.resized(0) : bits.slice((int) first, (int) (end - first));
  }

  private static int getBit(BitString bits, int at) {
    requireIndex(bits, at);
    return bits.get(at) ? 1 : 0;
  }

  private static BitString setBit(BitString bits, int at, int value) {
    requireIndex(bits, at);
    if (value != 0 && value != 1) {
      throw new DatabaseException(SqlState.INVALID_PARAMETER_VALUE, "new bit must be 0 or 1");
    }
    byte[] bytes = bits.toByteArray();
    int mask = 0x80 >> (at & 7);
    bytes[at >> 3] = (byte) (value == 1 ? bytes[at >> 3] | mask : bytes[at >> 3] & ~mask);
    return BitString.of(bits.length(), bytes);
  }

  private static void requireIndex(BitString bits, int at) {
    if (at < 0 || at >= bits.length()) {
      throw new DatabaseException(
          SqlState.ARRAY_SUBSCRIPT_ERROR,
          "bit index %d out of valid range (0..%d)".formatted(at, bits.length() - 1));
    }
  }

  /// The bits as the low end of an integer.
  static int toInt4(BitString bits) {
    if (bits.length() > Integer.SIZE) {
      throw new DatabaseException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    }
    return number(bits).intValue();
  }

  /// The same of a `bigint`.
  static long toInt8(BitString bits) {
    if (bits.length() > Long.SIZE) {
      throw new DatabaseException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range");
    }
    return number(bits).longValue();
  }

  private static BigInteger number(BitString bits) {
    int unused = BitString.bytes(bits.length()) * Byte.SIZE - bits.length();
    return new BigInteger(1, bits.toByteArray()).shiftRight(unused);
  }
}
