package io.alidade.engine.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// The rows of the greatest score of those offered, at most so many. Used by one thread.
final class NearestLists {
  private final PriorityQueue<MultiVectorSearch.Hit> farthestFirst =
      new PriorityQueue<>(Comparator.reverseOrder());

  private final int limit;

  /// @param limit at least 1
  NearestLists(int limit) {
    this.limit = limit;
  }

  /// Offers a row; one without a score (NaN) is passed over.
  void offer(int ordinal, double score) {
    if (Double.isNaN(score) || (isFull() && score < least())) {
      return;
    }
    MultiVectorSearch.Hit hit = new MultiVectorSearch.Hit(ordinal, score);
    if (!isFull()) {
      farthestFirst.add(hit);
    } else if (hit.compareTo(farthestFirst.element()) < 0) {
      farthestFirst.remove();
      farthestFirst.add(hit);
    }
  }

  /// Whether as many rows are held as may be.
  boolean isFull() {
    return farthestFirst.size() == limit;
  }

  /// The least score held; there must be one.
  double least() {
    return farthestFirst.element().score();
  }

  /// Forgets all.
  void clear() {
    farthestFirst.clear();
  }

  /// All, the nearest first.
  List<MultiVectorSearch.Hit> sorted() {
    List<MultiVectorSearch.Hit> hits = new ArrayList<>(farthestFirst);
    Collections.sort(hits);
    return hits;
  }
}
