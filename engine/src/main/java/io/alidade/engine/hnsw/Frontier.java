package io.alidade.engine.hnsw;

import io.alidade.engine.vector.Keyed;
import java.util.Arrays;

/// The nearest nodes met so far, sorted, with a mark at those whose neighbours have been looked at:
/// beam and candidates of a search that accepts every node, in one array.
///
/// Ordinals are not negative, so the sign of an entry's lower half is free for the mark.
final class Frontier {
  private static final long EXPANDED = 1L << Integer.SIZE - 1;

  private long[] entries = new long[64];
  private int width;
  private int size;

  /// No entry before this place is to be expanded.
  private int cursor;

  void clear(int newWidth) {
    width = newWidth;
    size = 0;
    cursor = 0;
    if (entries.length < newWidth) {
      entries = new long[Math.max(newWidth, 2 * entries.length)];
    }
  }

  int size() {
    return size;
  }

  /// The entry at a place, the nearest first.
  long get(int place) {
    return entries[place] & ~EXPANDED;
  }

  /// What an entry must be below to be kept.
  long bound() {
    return size < width ? Long.MAX_VALUE : entries[size - 1];
  }

  /// Adds an entry below [#bound].
  void add(long entry) {
    if (size == width) {
      size--; // The farthest falls out.
    }
    int found = Arrays.binarySearch(entries, 0, size, entry);
    int place = found < 0 ? -found - 1 : found;
    System.arraycopy(entries, place, entries, place + 1, size - place);
    entries[place] = entry;
    size++;
    cursor = Math.min(cursor, place);
  }

  /// The ordinal of the nearest node that was not expanded, which is marked now; -1 if all were.
  int expandNext() {
    while (cursor < size && (entries[cursor] & EXPANDED) != 0) {
      cursor++;
    }
    if (cursor == size) {
      return -1;
    }
    int ordinal = Keyed.ordinal(entries[cursor]);
    entries[cursor] |= EXPANDED;
    cursor++;
    return ordinal;
  }

  /// The ordinal that [#expandNext] would give if nothing were added; -1 if none is near.
  int peek() {
    return cursor < size && (entries[cursor] & EXPANDED) == 0 ? Keyed.ordinal(entries[cursor]) : -1;
  }

  void copyTo(Beam beam) {
    beam.clear(width);
    for (int i = 0; i < size; i++) {
      beam.append(get(i));
    }
  }
}
