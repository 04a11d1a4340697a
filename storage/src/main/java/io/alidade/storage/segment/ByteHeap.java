package io.alidade.storage.segment;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.storage.file.ChecksummedWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// Byte strings outside the heap at positions that never change, counted in units of 8 bytes.
///
/// A growing heap is a row of chunks, each twice as large as the one before; a string lies within
/// one chunk, so a chunk's end may stay unused. A mapped heap is one piece with the same positions.
/// One writer; readers may ask for a position once they have learnt of it through something that
/// orders memory.
final class ByteHeap {
  private static final int UNIT_SHIFT = 3;
  private static final int FIRST_CHUNK_SHIFT = 6;
  private static final int FIRST_CHUNK = 1 << FIRST_CHUNK_SHIFT;
  private static final int CHUNKS = Integer.SIZE - FIRST_CHUNK_SHIFT - 1;

  /// How far positions go: 16 GB.
  static final int MAX_POSITION = Integer.MAX_VALUE - 2 * FIRST_CHUNK;

  /// Where position 0 would lie if each chunk began with it.
  private final long[] bases = new long[CHUNKS];

  private final Optional<OffHeapArea> area;
  private int end;

  private ByteHeap(Optional<OffHeapArea> area, int end) {
    this.area = area;
    this.end = end;
  }

  static ByteHeap growing(OffHeapArea area) {
    return new ByteHeap(Optional.of(area), 0);
  }

  static ByteHeap mapped(long address, long bytes) {
    ByteHeap heap = new ByteHeap(Optional.empty(), (int) (bytes >>> UNIT_SHIFT));
    Arrays.fill(heap.bases, address);
    return heap;
  }

  /// The address of a position. Not checked.
  long address(int position) {
    return bases[chunk(position)] + ((long) position << UNIT_SHIFT);
  }

  /// The units that a string takes.
  static int units(int bytes) {
    return (bytes + (1 << UNIT_SHIFT) - 1) >>> UNIT_SHIFT;
  }

  /// Takes room for a string.
  ///
  /// @return its position
  int allocate(int bytes) {
    int units = units(bytes);
    int position = end;
    while (position + (long) units > chunkEnd(chunk(position))) {
      long next = chunkEnd(chunk(position));
      if (next > MAX_POSITION - (long) units) {
        throw new IllegalStateException("a column of a segment is full");
      }
      position = (int) next;
    }
    reserve(chunk(position));
    end = position + units;
    return position;
  }

  /// The bytes up to the last string, and those that a file of them has.
  long usedBytes() {
    return (long) end << UNIT_SHIFT;
  }

  /// Writes everything in one piece.
  void write(ChecksummedWriter out) throws IOException {
    int position = 0;
    while (position < end) {
      int chunk = chunk(position);
      int to = (int) Math.min(end, chunkEnd(chunk));
      long bytes = (long) (to - position) << UNIT_SHIFT;
      if (bases[chunk] == 0) {
        out.write(new byte[(int) Math.min(bytes, ZEROS)]); // A chunk that was jumped over.
        position += (int) (Math.min(bytes, ZEROS) >>> UNIT_SHIFT);
      } else {
        out.write(AddressSpace.slice(address(position), bytes));
        position = to;
      }
    }
  }

  private static final long ZEROS = 1 << 20;

  private void reserve(int chunk) {
    if (bases[chunk] == 0) {
      OffHeapArea memory =
          area.orElseThrow(() -> new IllegalStateException("a mapped heap does not grow"));
      long start = ((long) FIRST_CHUNK << chunk) - FIRST_CHUNK;
      bases[chunk] =
          memory.allocate(((long) FIRST_CHUNK << chunk) << UNIT_SHIFT) - (start << UNIT_SHIFT);
    }
  }

  private static int chunk(int position) {
    return Integer.SIZE
        - 1
        - FIRST_CHUNK_SHIFT
        - Integer.numberOfLeadingZeros(position + FIRST_CHUNK);
  }

  private static long chunkEnd(int chunk) {
    return ((long) FIRST_CHUNK << (chunk + 1)) - FIRST_CHUNK;
  }
}
