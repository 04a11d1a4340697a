package io.alidade.model;

import java.util.Arrays;

/// The value of a `bit` or `bit varying`: a string of bits of any length, zero included.
///
/// Bits count from 0, the leftmost. Immutable. The order is PostgreSQL's: by bytes from the left,
/// then by length.
public final class BitString implements Comparable<BitString> {
  private static final int LEFTMOST = 0x80;

  private final int length;
  private final byte[] bytes;

  private BitString(int length, byte[] bytes) {
    this.length = length;
    this.bytes = bytes;
  }

  /// The first bits of some bytes, the highest bit of a byte first; what is behind them is dropped.
  ///
  /// @param length in bits, at most eight for each byte
  public static BitString of(int length, byte[] bytes) {
    byte[] own = Arrays.copyOf(bytes, bytes(length));
    if (length % Byte.SIZE != 0) {
      own[own.length - 1] &= (byte) (0xFF << (Byte.SIZE - length % Byte.SIZE));
    }
    return new BitString(length, own);
  }

  /// One bit for each element: whether it is above zero.
  public static BitString ofPositive(float[] elements) {
    byte[] bytes = new byte[bytes(elements.length)];
    for (int i = 0; i < elements.length; i++) {
      if (elements[i] > 0) {
        bytes[i >> 3] |= (byte) (LEFTMOST >> (i & 7));
      }
    }
    return new BitString(elements.length, bytes);
  }

  /// The bytes that so many bits take.
  public static int bytes(int length) {
    return (int) (((long) length + Byte.SIZE - 1) / Byte.SIZE);
  }

  /// How many bits.
  public int length() {
    return length;
  }

  /// Whether a bit is one.
  public boolean get(int index) {
    return (bytes[index >> 3] & LEFTMOST >> (index & 7)) != 0;
  }

  /// A copy of the bytes, the leftmost bit highest, filled up with zeros.
  public byte[] toByteArray() {
    return bytes.clone();
  }

  /// 0 or 1 for each bit, as vectors of bits are handed to the engine.
  public float[] toFloats() {
    float[] elements = new float[length];
    for (int i = 0; i < length; i++) {
      elements[i] = get(i) ? 1 : 0;
    }
    return elements;
  }

  /// How many bits are one.
  public int count() {
    int count = 0;
    for (byte it : bytes) {
      count += Integer.bitCount(it & 0xFF);
    }
    return count;
  }

  /// Cut or filled up with zeros at its right end.
  public BitString resized(int newLength) {
    return newLength == length ? this : of(newLength, bytes);
  }

  /// What combines two bits into one, with eight at a time.
  @FunctionalInterface
  public interface Combination {
    int combine(int left, int right);
  }

  /// Bit by bit with another of the same length.
  public BitString combined(BitString other, Combination combination) {
    byte[] result = new byte[bytes.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (byte) combination.combine(bytes[i], other.bytes[i]);
    }
    return of(length, result);
  }

  /// In how many bits it differs from another of the same length.
  public int differences(BitString other) {
    int count = 0;
    for (int i = 0; i < bytes.length; i++) {
      count += Integer.bitCount((bytes[i] ^ other.bytes[i]) & 0xFF);
    }
    return count;
  }

  /// How many bits are one in both this and another of the same length.
  public int common(BitString other) {
    int count = 0;
    for (int i = 0; i < bytes.length; i++) {
      count += Integer.bitCount(bytes[i] & other.bytes[i] & 0xFF);
    }
    return count;
  }

  /// This and another behind it.
  public BitString followedBy(BitString other) {
    byte[] result = Arrays.copyOf(bytes, bytes(Math.addExact(length, other.length)));
    for (int i = 0; i < other.length; i++) {
      if (other.get(i)) {
        int at = length + i;
        result[at >> 3] |= (byte) (LEFTMOST >> (at & 7));
      }
    }
    return new BitString(length + other.length, result);
  }

  /// Some of the bits.
  ///
  /// @param from the first
  /// @param count how many, all of them there
  public BitString slice(int from, int count) {
    byte[] result = new byte[bytes(count)];
    for (int i = 0; i < count; i++) {
      if (get(from + i)) {
        result[i >> 3] |= (byte) (LEFTMOST >> (i & 7));
      }
    }
    return new BitString(count, result);
  }

  /// The same length with its bits moved to the right, to the left if negative; zeros come in.
  public BitString shifted(int places) {
    byte[] result = new byte[bytes.length];
    for (int i = 0; i < length; i++) {
      long from = (long) i - places;
      if (from >= 0 && from < length && get((int) from)) {
        result[i >> 3] |= (byte) (LEFTMOST >> (i & 7));
      }
    }
    return new BitString(length, result);
  }

  @Override
  public int compareTo(BitString other) {
    int order = Arrays.compareUnsigned(bytes, other.bytes); // A beginning is less than the whole.
    return order != 0 ? order : Integer.compare(length, other.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BitString that
        && length == that.length
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bytes) + length;
  }

  /// Its digits: `1010`.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(get(i) ? '1' : '0');
    }
    return text.toString();
  }
}
