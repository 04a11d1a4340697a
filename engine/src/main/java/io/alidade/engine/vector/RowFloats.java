package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;

/// The rows of a store as 32-bit floats in memory: where they lie if they are that, and otherwise
/// in a copy of one at a time. Used by one thread at a time, and to be held while an address is
/// used.
public final class RowFloats {
  private final VectorStore store;
  private final boolean inPlace;
  private final OffHeapArea area = new OffHeapArea();
  private final long copy;
  private final float[] row;

  public RowFloats(VectorStore store) {
    this.store = store;
    this.inPlace = store.element() == VectorElement.FLOAT32;
    this.row = new float[inPlace ? 0 : store.dimensions()];
    this.copy = inPlace ? 0 : area.allocate(VectorStore.rowStride(store.dimensions()));
  }

  /// The address of a row's floats, filled up with zeros; good until the next call.
  public long address(int ordinal) {
    if (inPlace) {
      return store.address(ordinal);
    }
    store.read(ordinal, row);
    AddressSpace.putFloats(copy, row);
    return copy;
  }
}
