package io.alidade.model.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing array of bytes that messages and binary values are written to, big-endian.
///
/// Not thread-safe. It can be emptied and used again, and what is written can be patched, as
/// lengths that come first need.
public final class ByteSink {

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int MAX_CAPACITY = Integer.MAX_VALUE - 16;

  private byte[] bytes;
  private int size;

  public ByteSink() {
    this(256);
  }

  public ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  /// How many bytes were written.
  public int size() {
    return size;
  }

  /// How many bytes it holds room for.
  public int capacity() {
    return bytes.length;
  }

  /// The array that holds the bytes, from index 0 to [#size]; replaced when it grows.
  public byte[] array() {
    return bytes;
  }

  /// A copy of what was written.
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /// Forgets what was written after the first `newSize` bytes.
  public void truncate(int newSize) {
    if (newSize < 0 || newSize > size) {
      throw new IndexOutOfBoundsException(newSize + " is not within the " + size + " written");
    }
    size = newSize;
  }

  /// Forgets what was written and, when it had grown beyond `maxCapacity`, the room as well.
  public void clear(int maxCapacity) {
    size = 0;
    if (bytes.length > maxCapacity) {
      bytes = new byte[maxCapacity];
    }
  }

  public ByteSink putByte(int value) {
    int at = advance(1);
    bytes[at] = (byte) value;
    return this;
  }

  public ByteSink putShort(int value) {
    int at = advance(Short.BYTES);
    SHORT.set(bytes, at, (short) value);
    return this;
  }

  public ByteSink putInt(int value) {
    int at = advance(Integer.BYTES);
    INT.set(bytes, at, value);
    return this;
  }

  public ByteSink putLong(long value) {
    int at = advance(Long.BYTES);
    LONG.set(bytes, at, value);
    return this;
  }

  public ByteSink putFloat(float value) {
    return putInt(Float.floatToRawIntBits(value));
  }

  public ByteSink putDouble(double value) {
    return putLong(Double.doubleToRawLongBits(value));
  }

  /// Writes each element as a big-endian float32.
  public ByteSink putFloats(float[] values) {
    int at = advance(Math.multiplyExact(values.length, Float.BYTES));
    byte[] target = bytes;
    for (int i = 0; i < values.length; i++) {
      INT.set(target, at + i * Float.BYTES, Float.floatToRawIntBits(values[i]));
    }
    return this;
  }

  public ByteSink putBytes(byte[] values) {
    return putBytes(values, 0, values.length);
  }

  public ByteSink putBytes(byte[] values, int from, int length) {
    int at = advance(length);
    System.arraycopy(values, from, bytes, at, length);
    return this;
  }

  /// Writes a text in UTF-8, without its length or an end.
  public ByteSink putUtf8(String text) {
    int length = text.length();
    if (length > 64) {
      return putBytes(text.getBytes(StandardCharsets.UTF_8));
    }
    ensure(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return putBytes(text.getBytes(StandardCharsets.UTF_8));
      }
      bytes[size + i] = (byte) c;
    }
    size += length;
    return this;
  }

  /// Overwrites four bytes written before.
  public void setInt(int at, int value) {
    if (at < 0 || at > size - Integer.BYTES) {
      throw new IndexOutOfBoundsException(at + " is not within the " + size + " written");
    }
    INT.set(bytes, at, value);
  }

  private int advance(int length) {
    ensure(length);
    int at = size;
    size += length;
    return at;
  }

  private void ensure(int length) {
    if (bytes.length - size < length) {
      long needed = (long) size + length;
      if (needed > MAX_CAPACITY) {
        throw new OutOfMemoryError("a message of " + needed + " bytes does not fit in an array");
      }
      long doubled = Math.max(needed, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, MAX_CAPACITY));
    }
  }
}
