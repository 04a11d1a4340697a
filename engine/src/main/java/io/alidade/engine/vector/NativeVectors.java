package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.memory.RecordTable;

/// Vectors in memory of our own that grows without moving: those of a mutable segment.
///
/// One writer; readers see a row once [#size] says so.
public final class NativeVectors implements VectorStore, AutoCloseable {
  private final int dimensions;
  private final VectorElement element;
  private final OffHeapArea area = new OffHeapArea();
  private final RecordTable rows;
  private final RecordTable notes;
  private volatile int size;

  /// No rows yet, of 32-bit floats.
  public NativeVectors(int dimensions) {
    this(dimensions, VectorElement.FLOAT32);
  }

  /// No rows yet.
  public NativeVectors(int dimensions, VectorElement element) {
    if (dimensions < 1) {
      throw new IllegalArgumentException(dimensions + " dimensions");
    }
    this.dimensions = dimensions;
    this.element = element;
    this.rows = RecordTable.growing(area, element.rowStride(dimensions));
    this.notes = RecordTable.growing(area, element.noteBytes());
  }

  /// Adds a row, rounded as its element says, and returns its ordinal.
  ///
  /// @throws IllegalArgumentException if the vector has another length, or cannot be a row of this
  ///   element (see [VectorElement#rounded]); then nothing is added
  public int append(float[] vector) {
    if (vector.length != dimensions) {
      throw new IllegalArgumentException(
          "a vector of " + vector.length + " dimensions among those of " + dimensions);
    }
    int ordinal = size;
    rows.reserve(ordinal + 1);
    notes.reserve(ordinal + 1);
    // The padding is zero already.
    RowFormat.write(element, vector, rows.address(ordinal), notes.address(ordinal));
    size = ordinal + 1;
    return ordinal;
  }

  /// Adds a row of another store of the same element, as it is, and returns its ordinal.
  public int append(VectorStore from, int fromOrdinal) {
    if (from.dimensions() != dimensions) {
      throw new IllegalArgumentException(
          "a vector of " + from.dimensions() + " dimensions among those of " + dimensions);
    }
    if (from.element() != element) {
      throw new IllegalArgumentException("a row of " + from.element() + " among " + element);
    }
    int ordinal = size;
    rows.reserve(ordinal + 1);
    notes.reserve(ordinal + 1);
    AddressSpace.copy(
        from.address(fromOrdinal), rows.address(ordinal), element.rowBytes(dimensions));
    AddressSpace.putFloat(notes.address(ordinal), from.inverseNorm(fromOrdinal));
    if (element == VectorElement.NIBBLE) {
      AddressSpace.putFloat(notes.address(ordinal) + Float.BYTES, from.factor(fromOrdinal));
    }
    size = ordinal + 1;
    return ordinal;
  }

  /// Adds a row without a vector (SQL NULL) and returns its ordinal.
  public int appendAbsent() {
    int ordinal = size;
    rows.reserve(ordinal + 1);
    notes.reserve(ordinal + 1);
    AddressSpace.putFloat(notes.address(ordinal), ABSENT);
    size = ordinal + 1;
    return ordinal;
  }

  @Override
  public int dimensions() {
    return dimensions;
  }

  @Override
  public VectorElement element() {
    return element;
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
    return AddressSpace.getFloat(notes.address(ordinal));
  }

  @Override
  public float factor(int ordinal) {
    return element == VectorElement.NIBBLE
        ? AddressSpace.getFloat(notes.address(ordinal) + Float.BYTES)
        : 1;
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
