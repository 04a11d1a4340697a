package io.alidade.model;

/// 16-bit floats (IEEE binary16), which values of `halfvec` are made of.
///
/// They are held as the 32-bit floats of the same value; this class rounds to those.
public final class Half {
  private Half() {}

  /// The nearest 16-bit float, ties to even; infinite beyond 65519.99.
  public static float round(float value) {
    return Float.float16ToFloat(Float.floatToFloat16(value));
  }

  /// The same for each element, in a new array.
  public static float[] round(float[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = round(values[i]);
    }
    return rounded;
  }
}
