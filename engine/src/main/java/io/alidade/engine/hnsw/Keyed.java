package io.alidade.engine.hnsw;

/// An ordinal with its key in one long, ordered by key, then ordinal; NaN keys come last.
final class Keyed {
  private Keyed() {}

  static long of(float key, int ordinal) {
    int bits = Float.floatToIntBits(key);
    return ((long) (bits ^ ((bits >> 31) & Integer.MAX_VALUE)) << Integer.SIZE) | ordinal;
  }

  static int ordinal(long keyed) {
    return (int) keyed;
  }

  static float key(long keyed) {
    int bits = (int) (keyed >> Integer.SIZE);
    return Float.intBitsToFloat(bits ^ ((bits >> 31) & Integer.MAX_VALUE));
  }
}
