package io.alidade.engine.vector;

/// A store without rows.
public enum NoVectors implements VectorStore {
  INSTANCE;

  @Override
  public int dimensions() {
    return 1;
  }

  @Override
  public VectorElement element() {
    return VectorElement.FLOAT32;
  }

  @Override
  public int size() {
    return 0;
  }

  @Override
  public long address(int ordinal) {
    throw new IndexOutOfBoundsException(ordinal);
  }

  @Override
  public float inverseNorm(int ordinal) {
    throw new IndexOutOfBoundsException(ordinal);
  }

  @Override
  public float factor(int ordinal) {
    throw new IndexOutOfBoundsException(ordinal);
  }
}
