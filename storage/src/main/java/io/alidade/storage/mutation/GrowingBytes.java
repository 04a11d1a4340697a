package io.alidade.storage.mutation;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Bytes on the heap that are gathered before they are written as one; numbers are little-endian.
/// For one thread.
public final class GrowingBytes {
  private static final int FIRST_CAPACITY = 512;
  private static final int MAX_CAPACITY = Integer.MAX_VALUE - 16;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private MemorySegment segment = MemorySegment.ofArray(bytes);
  private int size;

  public int size() {
    return size;
  }

  /// Adds `count` zeros.
  ///
  /// @return where they begin
  public int skip(int count) {
    int at = size;
    reserve(count);
    Arrays.fill(bytes, at, at + count, (byte) 0); // A buffer used again still holds old bytes.
    size += count;
    return at;
  }

  public void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  public void putInt(int value) {
    reserve(Integer.BYTES);
    segment.set(INT, size, value);
    size += Integer.BYTES;
  }

  public void putLong(long value) {
    reserve(Long.BYTES);
    segment.set(LONG, size, value);
    size += Long.BYTES;
  }

  public void putBytes(byte[] source) {
    reserve(source.length);
    System.arraycopy(source, 0, bytes, size, source.length);
    size += source.length;
  }

  /// Adds bytes from an absolute address.
  public void putMemory(long address, int count) {
    reserve(count);
    MemorySegment.copy(AddressSpace.ALL, ValueLayout.JAVA_BYTE, address, bytes, size, count);
    size += count;
  }

  /// Replaces an int that was put before.
  public void setInt(int at, int value) {
    segment.set(INT, at, value);
  }

  /// Sets one bit of bytes that were put before.
  public void setBit(int at, int bit) {
    bytes[at + (bit >>> 3)] |= (byte) (1 << (bit & 7));
  }

  /// What was gathered, not copied: valid until the next change.
  public ByteBuffer content() {
    return ByteBuffer.wrap(bytes, 0, size).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Forgets everything and keeps the memory.
  public void clear() {
    size = 0;
  }

  private void reserve(int count) {
    if (bytes.length - size < count) {
      long needed = (long) size + count;
      if (needed > MAX_CAPACITY) {
        throw new IllegalStateException(needed + " bytes do not fit in one buffer");
      }
      bytes =
          Arrays.copyOf(bytes, (int) Math.min(MAX_CAPACITY, Math.max(needed, 2L * bytes.length)));
      segment = MemorySegment.ofArray(bytes);
    }
  }
}
