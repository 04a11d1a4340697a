package io.alidade.engine.vector;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// How far two vectors of bits are from each other, as pgvector's operators on `bit` define it:
/// smaller is nearer.
public enum BitDistance {
  /// `<~>`: in how many bits they differ.
  HAMMING,
  /// `<%>`: one minus the share of bits set in both among those set in either; one if none is set
  /// in both, be there bits set or not.
  JACCARD;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// The distance of two vectors of equally many bits; bits beyond the vectors are zero in both.
  ///
  /// @throws IllegalArgumentException if the arrays' lengths differ
  public double between(byte[] left, byte[] right) {
    if (left.length != right.length) {
      throw new IllegalArgumentException(left.length + " and " + right.length + " bytes");
    }
    return switch (this) {
      case HAMMING -> differing(left, right);
      case JACCARD -> {
        int common = common(left, right);
        yield jaccard(common, common + differing(left, right));
      }
    };
  }

  /// The distance of two rows in memory, laid out as [BitKernel] says.
  public double between(long left, long right, int bytes) {
    return switch (this) {
      case HAMMING -> BitKernels.BEST.hamming(left, right, bytes);
      case JACCARD -> BitKernels.BEST.jaccard(left, right, bytes);
    };
  }

  /// Refuses vectors of different lengths.
  ///
  /// @throws DatabaseException 22000 if they differ
  public static void requireSameLength(int leftBits, int rightBits) {
    if (leftBits != rightBits) {
      throw new DatabaseException(
          SqlState.DATA_EXCEPTION, "different bit lengths " + leftBits + " and " + rightBits);
    }
  }

  /// The jaccard distance by the numbers of bits set in both and in either.
  static double jaccard(int common, int either) {
    return common == 0 ? 1 : 1 - common / (double) either;
  }

  private static int differing(byte[] left, byte[] right) {
    int sum = 0;
    int i = 0;
    for (; i + Long.BYTES <= left.length; i += Long.BYTES) {
      sum += Long.bitCount((long) LONGS.get(left, i) ^ (long) LONGS.get(right, i));
    }
    for (; i < left.length; i++) {
      sum += Integer.bitCount((left[i] ^ right[i]) & 0xff);
    }
    return sum;
  }

  private static int common(byte[] left, byte[] right) {
    int sum = 0;
    int i = 0;
    for (; i + Long.BYTES <= left.length; i += Long.BYTES) {
      sum += Long.bitCount((long) LONGS.get(left, i) & (long) LONGS.get(right, i));
    }
    for (; i < left.length; i++) {
      sum += Integer.bitCount(left[i] & right[i] & 0xff);
    }
    return sum;
  }
}
