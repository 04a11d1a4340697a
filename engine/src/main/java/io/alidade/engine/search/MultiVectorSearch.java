package io.alidade.engine.search;

import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.vector.Distance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// The exact search of a segment whose rows are lists of vectors: every row that matches is scored
/// by [MultiVectorScorer].
public final class MultiVectorSearch {
  /// A row of so many vectors takes long enough to look at the checkpoint for it alone.
  private static final int MANY_VECTORS = 256;

  private MultiVectorSearch() {}

  /// A row that was found.
  ///
  /// @param score greater is nearer
  public record Hit(int ordinal, double score) implements Comparable<Hit> {
    /// The greatest score first, then by ordinal.
    @Override
    public int compareTo(Hit other) {
      int order = Double.compare(other.score, score);
      return order != 0 ? order : Integer.compare(ordinal, other.ordinal);
    }
  }

  /// What is asked.
  ///
  /// @param vectors at least one
  /// @param limit how many rows at most
  public record Query(float[][] vectors, Distance distance, int limit, Filter filter) {
    public Query {
      if (limit < 0) {
        throw new IllegalArgumentException("limit " + limit + " is negative");
      }
    }
  }

  /// Finds the rows of the greatest score, the first being the nearest. Rows without vectors, or
  /// without a score, are never found.
  public static List<Hit> search(
      SegmentView segment, MultiVectors rows, Query query, Checkpoint checkpoint) {
    checkpoint.pass();
    MultiVectorScorer scorer = new MultiVectorScorer(rows, query.distance, query.vectors);
    RowGate gate = new RowGate(segment, BoundFilter.bind(query.filter, segment), checkpoint);
    PriorityQueue<Hit> farthestFirst = new PriorityQueue<>(Comparator.reverseOrder());
    int size = segment.size();
    for (int ordinal = 0; ordinal < size && query.limit > 0; ordinal++) {
      if (rows.count(ordinal) > 0 && gate.test(ordinal)) {
        if (rows.count(ordinal) >= MANY_VECTORS) {
          gate.checkpoint();
        }
        offer(farthestFirst, query.limit, new Hit(ordinal, scorer.score(ordinal)));
      }
    }
    List<Hit> hits = new ArrayList<>(farthestFirst);
    Collections.sort(hits);
    return hits;
  }

  private static void offer(PriorityQueue<Hit> farthestFirst, int limit, Hit hit) {
    if (Double.isNaN(hit.score)) {
      return;
    }
    if (farthestFirst.size() < limit) {
      farthestFirst.add(hit);
    } else if (hit.compareTo(farthestFirst.element()) < 0) {
      farthestFirst.remove();
      farthestFirst.add(hit);
    }
  }
}
