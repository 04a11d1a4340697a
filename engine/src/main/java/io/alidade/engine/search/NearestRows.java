package io.alidade.engine.search;

import io.alidade.engine.vector.Keyed;
import java.util.Arrays;

/// The nearest rows of those offered, at most so many: a heap with the farthest on top.
///
/// Rows without a comparable distance are kept apart; they come last in a result, and only as many
/// as can be needed are remembered. Kept from one search to the next, so that searching allocates
/// nothing. Used by one thread at a time.
final class NearestRows {
  private static final int INITIAL_CAPACITY = 128;

  /// Arrays longer than this are not kept for the next search.
  private static final int MOST_KEPT = 1 << 16;

  private long[] heap = new long[INITIAL_CAPACITY];
  private int limit;
  private int size;

  /// The key of the farthest row once the heap is full; before, everything is let in.
  private float threshold;

  private final Ordinals undefined = new Ordinals();
  private final Ordinals absent = new Ordinals();

  /// A list of ordinals, in the order of offering.
  private static final class Ordinals {
    private int[] elements = new int[8];
    private int count;

    void clear() {
      count = 0;
      if (elements.length > MOST_KEPT) {
        elements = new int[8];
      }
    }

    void add(int ordinal, int limit) {
      if (count >= limit) {
        return;
      }
      if (count == elements.length) {
        elements = Arrays.copyOf(elements, 2 * count);
      }
      elements[count++] = ordinal;
    }

    /// Keeps the first of both by their order.
    void addAll(Ordinals other, int limit) {
      int both = count + other.count;
      if (both > elements.length) {
        elements = Arrays.copyOf(elements, both);
      }
      System.arraycopy(other.elements, 0, elements, count, other.count);
      count = both;
      sort();
      count = Math.min(both, limit);
    }

    void sort() {
      Arrays.sort(elements, 0, count);
    }
  }

  /// Forgets all and takes at most so many rows, one at least, from now on.
  void reset(int newLimit) {
    limit = newLimit;
    size = 0;
    threshold = Float.POSITIVE_INFINITY;
    undefined.clear();
    absent.clear();
    if (heap.length > MOST_KEPT) {
      heap = new long[INITIAL_CAPACITY];
    }
  }

  /// How many rows with a distance are held.
  int size() {
    return size;
  }

  /// Whether as many rows are held as may be.
  boolean isFull() {
    return size == limit;
  }

  /// The ordinal of the farthest row held; there must be one.
  int farthest() {
    return Keyed.ordinal(heap[0]);
  }

  /// Whether a row of that key can be among the nearest, or has no key (NaN). The cheap test before
  /// [#offer].
  boolean mayAdmit(float key) {
    return !(key > threshold);
  }

  /// Offers rows with their keys.
  void offer(float[] keys, int[] ordinals, int count) {
    for (int i = 0; i < count; i++) {
      if (!(keys[i] > threshold)) {
        offer(keys[i], ordinals[i]);
      }
    }
  }

  /// Offers a row with its key; a NaN key means that its distance is not defined.
  void offer(float key, int ordinal) {
    if (Float.isNaN(key)) {
      undefined.add(ordinal, limit);
    } else {
      offer(Keyed.of(key, ordinal));
    }
  }

  private void offer(long keyed) {
    if (size < limit) {
      push(keyed);
    } else if (keyed < heap[0]) {
      replaceFarthest(keyed);
    } else {
      return;
    }
    if (size == limit) {
      threshold = Keyed.key(heap[0]);
    }
  }

  /// Offers all that another holds, which has looked at other rows in the order of their ordinals,
  /// as this one has.
  void offerAll(NearestRows other) {
    for (int i = 0; i < other.size; i++) {
      offer(other.heap[i]);
    }
    undefined.addAll(other.undefined, limit);
    absent.addAll(other.absent, limit);
  }

  /// Adds a row whose vector is NULL.
  void addAbsent(int ordinal) {
    absent.add(ordinal, limit);
  }

  private void push(long keyed) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, (int) Math.max(size + 1L, Math.min(limit, 2L * size)));
    }
    int hole = size++;
    while (hole > 0) {
      int parent = (hole - 1) >>> 1;
      if (heap[parent] >= keyed) {
        break;
      }
      heap[hole] = heap[parent];
      hole = parent;
    }
    heap[hole] = keyed;
  }

  private void replaceFarthest(long keyed) {
    int hole = 0;
    int half = size >>> 1;
    while (hole < half) {
      int child = 2 * hole + 1;
      if (child + 1 < size && heap[child + 1] > heap[child]) {
        child++;
      }
      if (keyed >= heap[child]) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = keyed;
  }

  /// Puts all into order, the nearest first; then nothing more can be offered.
  void sort() {
    Arrays.sort(heap, 0, size);
    undefined.sort();
    absent.sort();
  }

  /// The ordinal of a row with a distance.
  int ordinal(int place) {
    return Keyed.ordinal(heap[place]);
  }

  /// How many rows with a NaN distance are remembered.
  int undefinedCount() {
    return undefined.count;
  }

  /// A row whose distance is NaN, by ordinal once sorted.
  int undefined(int place) {
    return undefined.elements[place];
  }

  /// How many rows without a vector are remembered.
  int absentCount() {
    return absent.count;
  }

  /// A row without a vector, by ordinal once sorted.
  int absent(int place) {
    return absent.elements[place];
  }
}
