package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.memory.RecordTable;

/// Vectors in memory of our own that grows without moving: those of a mutable segment.
///
/// One writer; readers see a row once [#size] says so.
public final class NativeVectors implements VectorStore, AutoCloseable {
  private final int dimensions;
  private final OffHeapArea area = new OffHeapArea();
  private final RecordTable rows;
  private final RecordTable inverseNorms;
  private volatile int size;

  public NativeVectors(int dimensions) {
    if (dimensions < 1) {
      throw new IllegalArgumentException(dimensions + " dimensions");
    }
    this.dimensions = dimensions;
    this.rows = RecordTable.growing(area, VectorStore.rowStride(dimensions));
    this.inverseNorms = RecordTable.growing(area, Float.BYTES);
  }

  /// Adds a row and returns its ordinal.
  public int append(float[] vector) {
    if (vector.length != dimensions) {
      throw new IllegalArgumentException(
          "a vector of " + vector.length + " dimensions among those of " + dimensions);
    }
    int ordinal = size;
    rows.reserve(ordinal + 1);
    inverseNorms.reserve(ordinal + 1);
    AddressSpace.putFloats(rows.address(ordinal), vector); // The padding is zero already.
    AddressSpace.putFloat(inverseNorms.address(ordinal), InverseNorm.of(vector));
    size = ordinal + 1;
    return ordinal;
  }

  /// Adds a row of another store, whose norm is known already, and returns its ordinal.
  public int append(VectorStore from, int fromOrdinal) {
    if (from.dimensions() != dimensions) {
      throw new IllegalArgumentException(
          "a vector of " + from.dimensions() + " dimensions among those of " + dimensions);
    }
    int ordinal = size;
    rows.reserve(ordinal + 1);
    inverseNorms.reserve(ordinal + 1);
    AddressSpace.copy(
        from.address(fromOrdinal), rows.address(ordinal), (long) dimensions * Float.BYTES);
    AddressSpace.putFloat(inverseNorms.address(ordinal), from.inverseNorm(fromOrdinal));
    size = ordinal + 1;
    return ordinal;
  }

  /// Adds a row without a vector (SQL NULL) and returns its ordinal.
  public int appendAbsent() {
    int ordinal = size;
    rows.reserve(ordinal + 1);
    inverseNorms.reserve(ordinal + 1);
    AddressSpace.putFloat(inverseNorms.address(ordinal), ABSENT);
    size = ordinal + 1;
    return ordinal;
  }

  @Override
  public int dimensions() {
    return dimensions;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long address(int ordinal) {
    return rows.address(ordinal);
  }

  @Override
  public float inverseNorm(int ordinal) {
    return AddressSpace.getFloat(inverseNorms.address(ordinal));
  }

  /// The memory asked for so far, touched or not.
  public long allocatedBytes() {
    return area.allocatedBytes();
  }

  /// Frees the memory. No reader may be in it.
  @Override
  public void close() {
    area.close();
  }
}
