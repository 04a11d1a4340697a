package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.vector.Kernel;
import io.alidade.engine.vector.Kernels;

/// Finds the signs of treated vectors, and how what they stand for lies to the vector. Used by one
/// thread at a time.
final class SignEncoder {
  /// The sums of a pair whose first sign is plus.
  private static final int SUMS = 4;

  private final SignLevels levels;
  private final Kernel kernel = Kernels.BEST;

  /// What the signs so far do not stand for.
  private final float[] rest;

  /// For pairs: a number of the sign for each sign.
  private final float[] signs;

  private final float[] x = new float[SUMS];
  private final float[] y = new float[SUMS];
  private final float[] squared = new float[SUMS];

  /// The directions across a vector.
  private final int across;

  private int ones;
  private float squares;
  private float alongCode;
  private float relativeError;
  private float deviation;

  /// @param dimensions of treated vectors
  /// @param directions in which what is not coded points at random
  SignEncoder(SignLevels levels, int dimensions, int directions) {
    this.levels = levels;
    this.across = Math.max(1, directions - 1);
    this.rest = new float[dimensions];
    this.signs = new float[levels.isOfPairs() ? levels.signs(dimensions) : 0];
  }

  /// Writes the signs of a vector, a bit each, set for plus.
  void encode(float[] vector, long target) {
    squares = kernel.dot(vector, vector);
    deviation = (float) Math.sqrt(squares / vector.length);
    System.arraycopy(vector, 0, rest, 0, vector.length);
    ones = levels.isOfPairs() ? pairs(target) : singles(target);
    float alongRest = kernel.dot(vector, rest);
    alongCode = squares - alongRest;
    // What of the code is across the vector is what of the rest is: a difference of small numbers.
    double squaredAcross = kernel.dot(rest, rest) - (double) alongRest * alongRest / squares;
    relativeError =
        alongCode > 0
            ? (float) (Math.sqrt(Math.max(0, squaredAcross) * squares / across) / alongCode)
            : 0;
  }

  private int singles(long target) {
    int set = 0;
    for (int term = 0; term < levels.terms(); term++) {
      set += pack(rest, target + (long) term * rest.length / Byte.SIZE);
      subtract(rest, levels.first(term) * deviation);
    }
    return set;
  }

  private static void subtract(float[] rest, float magnitude) {
    int bits = Float.floatToRawIntBits(magnitude);
    for (int i = 0; i < rest.length; i++) {
      int sign = Float.floatToRawIntBits(rest[i]) & Integer.MIN_VALUE;
      rest[i] -= Float.intBitsToFloat(bits | sign);
    }
  }

  /// Of the eight sums, four are the others turned round: the nearest of those four either way.
  private int pairs(long target) {
    for (int sum = 0; sum < SUMS; sum++) {
      float second = (sum & 1) == 0 ? deviation : -deviation;
      float third = (sum & 2) == 0 ? deviation : -deviation;
      x[sum] = levels.first(0) * deviation + levels.first(1) * second + levels.first(2) * third;
      y[sum] = levels.second(0) * deviation + levels.second(1) * second + levels.second(2) * third;
      squared[sum] = x[sum] * x[sum] + y[sum] * y[sum];
    }
    int half = rest.length / 2;
    for (int i = 0; i < half; i++) {
      float left = rest[i];
      float right = rest[half + i];
      int nearest = nearest(left, right);
      float along = left * x[nearest] + right * y[nearest];
      float sign = Math.copySign(1f, along);
      signs[i] = sign;
      signs[half + i] = (1 - 2 * (nearest & 1)) * sign;
      signs[2 * half + i] = (1 - (nearest & 2)) * sign;
      rest[i] = left - sign * x[nearest];
      rest[half + i] = right - sign * y[nearest];
    }
    return pack(signs, target);
  }

  /// Branches that went either way would cost more than the sums: the last two bits of a distance
  /// give way to the number of its sum, and the least of the four is taken.
  private int nearest(float left, float right) {
    int least = Integer.MAX_VALUE;
    float length = left * left + right * right;
    for (int sum = 0; sum < SUMS; sum++) {
      float along = Math.abs(left * x[sum] + right * y[sum]);
      float distance = Math.abs(length - 2 * along + squared[sum]);
      least = Math.min(least, (Float.floatToRawIntBits(distance) & -SUMS) | sum);
    }
    return least & (SUMS - 1);
  }

  private static int pack(float[] values, long target) {
    int set = 0;
    for (int from = 0; from < values.length; from += Integer.SIZE) {
      int minus = 0;
      for (int i = 0; i < Integer.SIZE; i++) {
        minus |= (Float.floatToRawIntBits(values[from + i]) >>> 31) << i;
      }
      set += Integer.bitCount(~minus);
      AddressSpace.putInt(target + from / Byte.SIZE, ~minus);
    }
    return set;
  }

  /// How many bits are set.
  int ones() {
    return ones;
  }

  /// The vector's squared length.
  float squares() {
    return squares;
  }

  /// What a product of a query with the signs' sum, taken for a deviation of 1, is to be multiplied
  /// by, so that the vector's product with itself is right; 0 for a zero vector.
  float factor() {
    return alongCode > 0 ? squares / alongCode * deviation : 0;
  }

  /// The standard error of an estimated inner product with a query of length 1.
  float error() {
    return (float) Math.sqrt(squares) * (relativeError + Centring.ROUNDING);
  }
}
