package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.vector.Kernel;
import io.alidade.engine.vector.Kernels;

/// Finds the signs of treated vectors, and how what they stand for lies to the vector. Used by one
/// thread at a time.
final class SignEncoder {
  private final SignLevels levels;
  private final Kernel kernel = Kernels.BEST;

  /// What the signs so far do not stand for.
  private final float[] rest;

  /// For pairs: a number of the sign for each sign.
  private final float[] signs;

  private int ones;
  private float squares;
  private float alongCode;
  private float relativeError;
  private float deviation;

  SignEncoder(SignLevels levels, int dimensions) {
    this.levels = levels;
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
    float squaredCode = squares - 2 * alongRest + kernel.dot(rest, rest);
    alongCode = squares - alongRest;
    double product = (double) alongCode * alongCode;
    double across = Math.max(0, (double) squares * squaredCode - product);
    relativeError = product > 0 ? (float) Math.sqrt(across / product / (vector.length - 1)) : 0;
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
    int half = rest.length / 2;
    float[] x = new float[4];
    float[] y = new float[4];
    float[] squared = new float[4];
    for (int sum = 0; sum < 4; sum++) {
      float second = (sum & 1) == 0 ? 1 : -1;
      float third = (sum & 2) == 0 ? 1 : -1;
      x[sum] = levels.first(0) + second * levels.first(1) + third * levels.first(2);
      y[sum] = levels.second(0) + second * levels.second(1) + third * levels.second(2);
      squared[sum] = (x[sum] * x[sum] + y[sum] * y[sum]) * deviation;
    }
    for (int i = 0; i < half; i++) {
      float left = rest[i];
      float right = rest[half + i];
      int nearest = 0;
      float least = Float.POSITIVE_INFINITY;
      float along = 0;
      for (int sum = 0; sum < 4; sum++) {
        float product = left * x[sum] + right * y[sum];
        float distance = squared[sum] - 2 * Math.abs(product);
        if (distance < least) {
          least = distance;
          nearest = sum;
          along = product;
        }
      }
      float sign = along < 0 ? -1 : 1;
      signs[i] = sign;
      signs[half + i] = (nearest & 1) == 0 ? sign : -sign;
      signs[2 * half + i] = (nearest & 2) == 0 ? sign : -sign;
      rest[i] = left - sign * deviation * x[nearest];
      rest[half + i] = right - sign * deviation * y[nearest];
    }
    return pack(signs, target);
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
    return (float) Math.sqrt(squares) * relativeError;
  }
}
