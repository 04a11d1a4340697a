package io.alidade.engine.search;

import io.alidade.engine.vector.Keyed;
import java.util.Arrays;

/// The nearest rows of those offered, at most so many: a heap with the farthest on top.
///
/// Rows without a comparable distance are kept apart; they come last in a result, and only as many
/// as can be needed are remembered. Used by one thread.
final class NearestRows {
  private static final int INITIAL_CAPACITY = 64;

  private final int limit;
  private long[] heap;
  private int size;
  private final Ordinals undefined = new Ordinals();
  private final Ordinals absent = new Ordinals();

  /// A list of ordinals, in the order of offering.
  private static final class Ordinals {
    private int[] elements = new int[8];
    private int count;

    void add(int ordinal, int limit) {
      if (count == limit) {
        return;
      }
      if (count == elements.length) {
        elements = Arrays.copyOf(elements, 2 * count);
      }
      elements[count++] = ordinal;
    }

    int[] sorted() {
      int[] result = Arrays.copyOf(elements, count);
      Arrays.sort(result);
      return result;
    }
  }

  NearestRows(int limit) {
    this.limit = limit;
    this.heap = new long[Math.min(limit, INITIAL_CAPACITY)];
  }

  /// How many rows with a distance are held.
  int size() {
    return size;
  }

  /// The ordinal of the farthest row held; there must be one.
  int farthest() {
    return Keyed.ordinal(heap[0]);
  }

  /// Offers a row with its key; a NaN key means that its distance is not defined.
  void offer(float key, int ordinal) {
    if (Float.isNaN(key)) {
      undefined.add(ordinal, limit);
      return;
    }
    long keyed = Keyed.of(key, ordinal);
    if (size < limit) {
      push(keyed);
    } else if (keyed < heap[0]) {
      replaceFarthest(keyed);
    }
  }

  /// Adds a row whose vector is NULL.
  void addAbsent(int ordinal) {
    absent.add(ordinal, limit);
  }

  private void push(long keyed) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, (int) Math.min(limit, 2L * size));
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

  /// The ordinals with a distance, nearest first.
  int[] nearest() {
    long[] sorted = Arrays.copyOf(heap, size);
    Arrays.sort(sorted);
    int[] ordinals = new int[size];
    for (int i = 0; i < size; i++) {
      ordinals[i] = Keyed.ordinal(sorted[i]);
    }
    return ordinals;
  }

  /// The ordinals whose distance is NaN, in their order.
  int[] undefined() {
    return undefined.sorted();
  }

  /// The ordinals without a vector, in their order.
  int[] absent() {
    return absent.sorted();
  }
}
