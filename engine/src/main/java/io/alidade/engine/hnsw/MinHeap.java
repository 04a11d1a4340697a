package io.alidade.engine.hnsw;

import java.util.Arrays;

/// A binary heap of longs, smallest first, that keeps its array.
final class MinHeap {
  private long[] elements = new long[256];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    size = 0;
  }

  /// The smallest; there must be one.
  long peek() {
    return elements[0];
  }

  void push(long element) {
    if (size == elements.length) {
      elements = Arrays.copyOf(elements, 2 * size);
    }
    int hole = size++;
    while (hole > 0) {
      int parent = (hole - 1) >>> 1;
      if (elements[parent] <= element) {
        break;
      }
      elements[hole] = elements[parent];
      hole = parent;
    }
    elements[hole] = element;
  }

  long pop() {
    long smallest = elements[0];
    long last = elements[--size];
    int hole = 0;
    int half = size >>> 1;
    while (hole < half) {
      int child = 2 * hole + 1;
      if (child + 1 < size && elements[child + 1] < elements[child]) {
        child++;
      }
      if (last <= elements[child]) {
        break;
      }
      elements[hole] = elements[child];
      hole = child;
    }
    elements[hole] = last;
    return smallest;
  }
}
