package io.alidade.engine.multivector;

import io.alidade.engine.vector.Keyed;
import java.util.Arrays;

/// The rows whose vectors walks have found, each with the best that its key can be: the sum over
/// the query's vectors of the least key found, or where none was found of the greatest key that the
/// walk for that vector found at all.
///
/// A hash table kept from one query to the next. Used by one thread at a time.
final class CandidateRows {
  private static final int INITIAL_SLOTS = 1 << 12;

  /// Tables longer than this are not kept for the next query.
  private static final int MOST_KEPT = 1 << 17;

  private static final int EMPTY = -1;
  private static final int SCRAMBLE = 0x9E37_79B9;

  private int[] rows = new int[0];

  /// The walk that a row was last found by.
  private int[] walks = new int[0];

  /// How far the keys found lie below those of the rows that were not, summed up.
  private float[] gains = new float[0];

  private long[] ranked = new long[0];
  private int size;
  private int walk;

  /// The sum of the walks' greatest keys.
  private double farthest;

  /// Forgets all.
  void clear() {
    if (rows.length == 0 || rows.length > MOST_KEPT) {
      allocate(INITIAL_SLOTS);
      ranked = new long[INITIAL_SLOTS / 2];
    } else {
      Arrays.fill(rows, EMPTY);
    }
    size = 0;
    walk = 0;
    farthest = 0;
  }

  private void allocate(int slots) {
    rows = new int[slots];
    walks = new int[slots];
    gains = new float[slots];
    Arrays.fill(rows, EMPTY);
  }

  /// Begins what the walk for one more vector of the query has found.
  ///
  /// @param greatest the greatest key found
  void begin(float greatest) {
    walk++;
    farthest += greatest;
  }

  /// Takes a row that the walk has found; of a row's vectors the nearest counts, which is to come
  /// first.
  ///
  /// @param gain how far its key lies below the greatest
  void add(int row, float gain) {
    int slot = slot(row);
    if (rows[slot] == EMPTY) {
      if (2 * (size + 1) > rows.length) {
        grow();
        slot = slot(row);
      }
      rows[slot] = row;
      gains[slot] = gain;
      walks[slot] = walk;
      size++;
    } else if (walks[slot] != walk) {
      gains[slot] += gain;
      walks[slot] = walk;
    }
  }

  private int slot(int row) {
    int mask = rows.length - 1;
    int slot = (row * SCRAMBLE >>> 8) & mask;
    while (rows[slot] != EMPTY && rows[slot] != row) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldRows = rows;
    int[] oldWalks = walks;
    float[] oldGains = gains;
    allocate(2 * oldRows.length);
    for (int i = 0; i < oldRows.length; i++) {
      if (oldRows[i] != EMPTY) {
        int slot = slot(oldRows[i]);
        rows[slot] = oldRows[i];
        walks[slot] = oldWalks[i];
        gains[slot] = oldGains[i];
      }
    }
  }

  /// Puts the rows into the order of what their scores can be, the best first, ties by ordinal;
  /// then nothing more can be added.
  void rank() {
    if (ranked.length < size) {
      ranked = new long[rows.length / 2];
    }
    int count = 0;
    for (int slot = 0; slot < rows.length; slot++) {
      if (rows[slot] != EMPTY) {
        ranked[count++] = Keyed.of(-gains[slot], rows[slot]);
      }
    }
    Arrays.sort(ranked, 0, count);
  }

  /// How many rows were found.
  int size() {
    return size;
  }

  /// The ordinal of a row, once ranked.
  int row(int place) {
    return Keyed.ordinal(ranked[place]);
  }

  /// What the row's score can be at most, unless a walk has missed one of its vectors.
  double bound(int place) {
    return -Keyed.key(ranked[place]) - farthest;
  }
}
