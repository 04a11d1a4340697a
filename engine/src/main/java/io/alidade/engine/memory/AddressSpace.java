package io.alidade.engine.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The whole address space of the process as one memory segment; offsets in it are addresses.
///
/// Integers and floats are in the machine's byte order, which is little-endian wherever the
/// engine's files may be opened.
public final class AddressSpace {
  /// The segment. Its accesses are not checked against anything but the sign of the address.
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private AddressSpace() {}

  /// The integer at an address.
  public static int getInt(long address) {
    return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
  }

  /// Writes an integer.
  public static void putInt(long address, int value) {
    ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
  }

  /// The float at an address.
  public static float getFloat(long address) {
    return ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
  }

  /// Writes a float.
  public static void putFloat(long address, float value) {
    ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
  }

  /// Fills the array from an address on.
  public static void copyFloats(long address, float[] target) {
    MemorySegment.copy(ALL, ValueLayout.JAVA_FLOAT_UNALIGNED, address, target, 0, target.length);
  }

  /// Fills the first places of the array from an address on.
  public static void copyFloats(long address, float[] target, int count) {
    MemorySegment.copy(ALL, ValueLayout.JAVA_FLOAT_UNALIGNED, address, target, 0, count);
  }

  /// Writes the array from an address on.
  public static void putFloats(long address, float[] source) {
    MemorySegment.copy(source, 0, ALL, ValueLayout.JAVA_FLOAT_UNALIGNED, address, source.length);
  }

  /// Copies bytes from one address to another; the two stretches do not overlap.
  public static void copy(long from, long to, long bytes) {
    MemorySegment.copy(ALL, from, ALL, to, bytes);
  }

  /// Fills part of the array from an address on.
  public static void copyInts(long address, int[] target, int count) {
    MemorySegment.copy(ALL, ValueLayout.JAVA_INT_UNALIGNED, address, target, 0, count);
  }

  /// Writes the first integers of the array from an address on.
  public static void putInts(long address, int[] source, int count) {
    MemorySegment.copy(source, 0, ALL, ValueLayout.JAVA_INT_UNALIGNED, address, count);
  }

  /// The bytes from an address on, as a segment of that length.
  public static MemorySegment slice(long address, long bytes) {
    return ALL.asSlice(address, bytes);
  }

  /// Whether this machine's byte order is that of the engine's files.
  public static boolean isLittleEndian() {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  }
}
