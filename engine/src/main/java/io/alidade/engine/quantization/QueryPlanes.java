package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;

/// A query rounded to a few bits a dimension and laid out bit by bit, to be compared with codes of
/// one bit: value `i` is about `low + step * code_i`.
final class QueryPlanes {
  private QueryPlanes() {}

  /// What was rounded away: how to get values back, and the sum of the codes.
  record Range(float low, float step) {}

  /// Writes the planes, the lowest bit first, each `bytes` long and zero behind the values.
  ///
  /// @param planes how many bits a dimension
  static Range write(float[] values, int planes, int bytes, long target) {
    float low = values[0];
    float high = values[0];
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    int levels = (1 << planes) - 1;
    float step = (high - low) / levels;
    float inverse = step > 0 ? 1 / step : 0;
    for (int plane = 0; plane < planes; plane++) {
      for (int at = values.length / Byte.SIZE; at < bytes; at += Integer.BYTES) {
        AddressSpace.putInt(target + (long) plane * bytes + at, 0);
      }
    }
    int[] words = new int[planes];
    return pack(values, low, step, inverse, planes, bytes, target, words);
  }

  private static Range pack(
      float[] values,
      float low,
      float step,
      float inverse,
      int planes,
      int bytes,
      long target,
      int[] words) {
    for (int from = 0; from < values.length; from += Integer.SIZE) {
      for (int plane = 0; plane < planes; plane++) {
        words[plane] = 0;
      }
      for (int i = 0; i < Integer.SIZE; i++) {
        int code = (int) ((values[from + i] - low) * inverse + 0.5f);
        for (int plane = 0; plane < planes; plane++) {
          words[plane] |= (code >> plane & 1) << i;
        }
      }
      for (int plane = 0; plane < planes; plane++) {
        AddressSpace.putInt(target + (long) plane * bytes + from / Byte.SIZE, words[plane]);
      }
    }
    return new Range(low, step);
  }
}
