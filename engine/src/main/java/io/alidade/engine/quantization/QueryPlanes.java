package io.alidade.engine.quantization;

import io.alidade.engine.memory.AddressSpace;

/// A query rounded to a few bits a value and laid out bit by bit, to be compared with codes of
/// signs: value `i` is about `low + step * code_i`. Written again for each query, by one thread.
///
/// One bit keeps the sign and the magnitude that makes products with signs right on average.
final class QueryPlanes {
  private final int planes;
  private final int bytes;
  private final long target;
  private final int[] codes;
  private float low;
  private float step;
  private float sum;
  private float error;

  /// @param values how many there are, a multiple of 32
  /// @param planes how many bits a value, at most 8
  /// @param bytes the length of a plane, zero behind the values
  /// @param target the address of zeroed memory for the planes, the lowest bit first
  QueryPlanes(int values, int planes, int bytes, long target) {
    this.planes = planes;
    this.bytes = bytes;
    this.target = target;
    this.codes = new int[values];
  }

  /// Rounds values, lays them out, and leaves in their place what was rounded away.
  void write(float[] values) {
    if (planes == 1) {
      roundToSigns(values);
    } else {
      round(values);
    }
    for (int from = 0; from < codes.length; from += Integer.SIZE) {
      pack(from);
    }
  }

  private void roundToSigns(float[] values) {
    float squares = 0;
    float magnitudes = 0;
    for (float value : values) {
      squares += value * value;
      magnitudes += Math.abs(value);
    }
    float magnitude = magnitudes > 0 ? squares / magnitudes : 0;
    low = -magnitude;
    step = 2 * magnitude;
    finish(values, step > 0 ? 1 / step : 0, 1);
  }

  private void round(float[] values) {
    float least = values[0];
    float most = values[0];
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    int levels = (1 << planes) - 1;
    low = least;
    step = (most - least) / levels;
    finish(values, step > 0 ? 1 / step : 0, levels);
  }

  private void finish(float[] values, float inverse, int most) {
    float start = low;
    float width = step;
    for (int i = 0; i < values.length; i++) {
      int code = (int) ((values[i] - start) * inverse + 0.5f);
      code = Math.max(0, Math.min(most, code));
      codes[i] = code;
      values[i] -= start + width * code;
    }
    int total = 0;
    for (int code : codes) {
      total += code;
    }
    sum = low * codes.length + step * total;
    float squares = 0;
    for (float rest : values) {
      squares += rest * rest;
    }
    error = (float) Math.sqrt(squares);
  }

  private void pack(int from) {
    long bytes0 = transposed(from);
    long bytes1 = transposed(from + 8);
    long bytes2 = transposed(from + 16);
    long bytes3 = transposed(from + 24);
    long at = target + from / Byte.SIZE;
    for (int plane = 0; plane < planes; plane++) {
      int shift = plane * Byte.SIZE;
      long word =
          (bytes0 >>> shift & 0xff)
              | (bytes1 >>> shift & 0xff) << 8
              | (bytes2 >>> shift & 0xff) << 16
              | (bytes3 >>> shift & 0xff) << 24;
      AddressSpace.putInt(at, (int) word);
      at += bytes;
    }
  }

  /// Eight codes, of which byte `p` gets the bits `p` (H. Warren, Hacker's Delight, 7-3).
  private long transposed(int from) {
    long x = 0;
    for (int i = 0; i < Byte.SIZE; i++) {
      x |= (long) codes[from + i] << (i * Byte.SIZE);
    }
    x =
        (x & 0xAA55AA55AA55AA55L)
            | (x & 0x00AA00AA00AA00AAL) << 7
            | (x >>> 7 & 0x00AA00AA00AA00AAL);
    x =
        (x & 0xCCCC3333CCCC3333L)
            | (x & 0x0000CCCC0000CCCCL) << 14
            | (x >>> 14 & 0x0000CCCC0000CCCCL);
    return (x & 0xF0F0F0F00F0F0F0FL)
        | (x & 0x00000000F0F0F0F0L) << 28
        | (x >>> 28 & 0x00000000F0F0F0F0L);
  }

  float low() {
    return low;
  }

  float step() {
    return step;
  }

  /// The sum of the rounded values.
  float sum() {
    return sum;
  }

  /// The length of what was rounded away.
  float error() {
    return error;
  }
}
