package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.ValueLayout;

/// How a query of bytes is laid out for inner products with rows of bytes: as 16-bit numbers, first
/// those of the even bytes of a row, then those of the odd ones.
///
/// A kernel then takes a row's bytes apart with a mask and a shift instead of widening them, which
/// moves bytes across the register.
final class Int7Layout {
  private Int7Layout() {}

  static void write(byte[] query, int count, int bytes, long target) {
    AddressSpace.slice(target, 2L * bytes).fill((byte) 0);
    for (int i = 0; i < count; i++) {
      long half = (i & 1) == 0 ? target : target + bytes;
      AddressSpace.ALL.set(
          ValueLayout.JAVA_SHORT_UNALIGNED, half + (long) (i >> 1) * Short.BYTES, query[i]);
    }
  }
}
