package io.alidade.storage.segment;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Copies of sections in memory of the process, in huge pages where the system has them.
final class PinnedCopy implements AutoCloseable {
  private final OffHeapArea area = new OffHeapArea();
  private final PinnedMemory memory;
  private final long bytes;

  private PinnedCopy(PinnedMemory memory, long bytes) {
    this.memory = memory;
    this.bytes = bytes;
  }

  /// Room for so many bytes; empty when there is no more memory for pinned indexes.
  static Optional<PinnedCopy> of(PinnedMemory memory, long bytes) {
    return memory.take(bytes) ? Optional.of(new PinnedCopy(memory, bytes)) : Optional.empty();
  }

  /// A copy of a section.
  MemorySegment add(MemorySegment section) {
    long address = area.allocate(Math.max(1, section.byteSize()));
    AddressSpace.copy(section.address(), address, section.byteSize());
    return AddressSpace.slice(address, section.byteSize());
  }

  /// What was taken for it.
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    area.close();
    memory.giveBack(bytes);
  }
}
