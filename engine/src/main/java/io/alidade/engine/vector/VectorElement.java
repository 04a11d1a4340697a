package io.alidade.engine.vector;

/// What a store's rows consist of.
///
/// Rows are given and given back as floats whatever they consist of; all but [#FLOAT32] round them.
/// A row keeps what it was given after rounding, and every distance is that to the rounded row.
public enum VectorElement {
  /// 32-bit floats, as they are given: pgvector's `vector`, Qdrant's `float32`.
  FLOAT32,

  /// IEEE 754 half floats, rounded to the nearest even; nothing beyond 65,504: pgvector's
  /// `halfvec`, Qdrant's `float16`.
  FLOAT16,

  /// Bytes from 0 to 255, cut towards zero and to that range: Qdrant's `uint8`.
  UINT8,

  /// Four bits a number after a random rotation, with a factor for each row, so that a row keeps
  /// its length and turns a little: Qdrant's `turbo4`. See [NibbleRows].
  NIBBLE,

  /// Bits, each given as 0 or 1: pgvector's `bit(n)`. Only [Distance#HAMMING] and
  /// [Distance#JACCARD] compare them, and nothing else do these compare.
  BIT;

  /// The bytes that a row's numbers take, without what fills its last line up.
  public int rowBytes(int dimensions) {
    return switch (this) {
      case FLOAT32 -> dimensions * Float.BYTES;
      case FLOAT16 -> dimensions * Short.BYTES;
      case UINT8 -> dimensions;
      case NIBBLE -> NibbleRows.bytes(dimensions);
      case BIT -> (dimensions + Byte.SIZE - 1) / Byte.SIZE;
    };
  }

  /// The bytes from one row to the next: whole lines of [VectorStore#ROW_ALIGNMENT].
  public int rowStride(int dimensions) {
    return (rowBytes(dimensions) + VectorStore.ROW_ALIGNMENT - 1) & -VectorStore.ROW_ALIGNMENT;
  }

  /// The bytes kept for each row beside its numbers: the inverse norm, and of nibbles the factor.
  public int noteBytes() {
    return switch (this) {
      case FLOAT32, FLOAT16, UINT8, BIT -> Float.BYTES;
      case NIBBLE -> 2 * Float.BYTES;
    };
  }

  /// What a row would give back that was given a vector: the vector rounded.
  ///
  /// @throws IllegalArgumentException if it cannot be a row: a number that is too large for a half
  ///   float, or neither 0 nor 1 for a bit
  public float[] rounded(float[] vector) {
    return RowFormat.rounded(this, vector);
  }
}
