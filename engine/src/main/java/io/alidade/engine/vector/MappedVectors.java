package io.alidade.engine.vector;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/// Vectors of a sealed segment, used where they lie.
///
/// The bytes: `size` rows of [VectorStore#rowStride] bytes (floats, little-endian, filled up with
/// zeros), then `size` inverse norms (floats: NaN for a zero vector, -1 for a row without one),
/// filled up with zeros to a multiple of 64 bytes.
public final class MappedVectors implements VectorStore {
  /// Vectors that [#write] wrote; the address must be a multiple of [VectorStore#ROW_ALIGNMENT].
  public MappedVectors(int dimensions, int size, long address) {
    throw new UnsupportedOperationException();
  }

  /// The bytes that so many vectors take.
  public static long bytes(int dimensions, int size) {
    throw new UnsupportedOperationException();
  }

  /// Writes the first `size` rows of a store in the form that the constructor takes.
  public static void write(VectorStore vectors, int size, WritableByteChannel channel)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public int dimensions() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int size() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long address(int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public float inverseNorm(int ordinal) {
    throw new UnsupportedOperationException();
  }
}
