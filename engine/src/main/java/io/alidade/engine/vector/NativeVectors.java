package io.alidade.engine.vector;

/// Vectors in memory of our own that grows without moving: those of a mutable segment.
///
/// One writer; readers see a row once [#size] says so.
public final class NativeVectors implements VectorStore, AutoCloseable {
  public NativeVectors(int dimensions) {
    throw new UnsupportedOperationException();
  }

  /// Adds a row and returns its ordinal.
  public int append(float[] vector) {
    throw new UnsupportedOperationException();
  }

  /// Adds a row without a vector (SQL NULL) and returns its ordinal.
  public int appendAbsent() {
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

  /// Frees the memory. No reader may be in it.
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
