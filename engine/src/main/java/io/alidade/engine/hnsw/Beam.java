package io.alidade.engine.hnsw;

import java.util.Arrays;

/// The nearest ordinals met so far, sorted, at most as many as the beam is wide.
final class Beam {
  private long[] entries = new long[64];
  private int width;
  private int size;

  void clear(int newWidth) {
    width = newWidth;
    size = 0;
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == width;
  }

  /// Whether an entry is near enough to be kept.
  boolean admits(long entry) {
    return size < width || entry < entries[size - 1];
  }

  long get(int place) {
    return entries[place];
  }

  /// Adds an entry behind the others; there is room.
  void append(long entry) {
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, 2 * size);
    }
    entries[size++] = entry;
  }

  /// Adds an entry that [#admits] accepts.
  void add(long entry) {
    if (size == width) {
      size--; // The farthest falls out.
    } else if (size == entries.length) {
      entries = Arrays.copyOf(entries, 2 * size);
    }
    int found = Arrays.binarySearch(entries, 0, size, entry);
    int place = found < 0 ? -found - 1 : found;
    System.arraycopy(entries, place, entries, place + 1, size - place);
    entries[place] = entry;
    size++;
  }
}
