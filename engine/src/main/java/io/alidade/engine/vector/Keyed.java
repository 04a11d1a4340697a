package io.alidade.engine.vector;

/// An ordinal with its key (see [QueryScorer]) in one long, ordered by key, then ordinal; NaN keys
/// come last.
public final class Keyed {
  private Keyed() {}

  /// The pair as one long.
  public static long of(float key, int ordinal) {
    int bits = Float.floatToIntBits(key);
    return ((long) (bits ^ ((bits >> 31) & Integer.MAX_VALUE)) << Integer.SIZE) | ordinal;
  }

  /// The ordinal of a pair.
  public static int ordinal(long keyed) {
    return (int) keyed;
  }

  /// The key of a pair.
  public static float key(long keyed) {
    int bits = (int) (keyed >> Integer.SIZE);
    return Float.intBitsToFloat(bits ^ ((bits >> 31) & Integer.MAX_VALUE));
  }
}
