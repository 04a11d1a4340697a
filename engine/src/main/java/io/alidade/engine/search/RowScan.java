package io.alidade.engine.search;

import io.alidade.engine.filter.IndexPath;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.Scorer;
import io.alidade.engine.vector.VectorStore;
import java.util.Optional;
import java.util.PrimitiveIterator;

/// One thread's scan of rows of a segment: those that pass the gate are compared with the query, by
/// their codes where it is told so and by their vectors otherwise.
///
/// The nearest by code are gathered in a shortlist, of which [#rescore] finds the nearest by the
/// vectors. Rows can be tested first and then compared, or compared first and tested only if they
/// are near enough to matter; the answer is the same.
final class RowScan implements AutoCloseable {
  private final VectorStore vectors;
  private final RowGate gate;
  private final SearchScratch scratch;
  private final QueryScorer exact;
  private final NearestRows nearest;
  private final NearestRows shortlist;
  private final Optional<VectorCodes> codes;

  /// By the vectors, too, if there are no codes.
  private final Scorer coded;

  /// The ordinals below this are compared by codes.
  private final int codedEnd;

  private long distances;
  private int rescored;

  /// A scan by vectors only.
  RowScan(VectorStore vectors, RowGate gate, SearchScratch scratch, int limit) {
    this(vectors, gate, scratch, limit, Optional.empty(), 0, 1);
  }

  private RowScan(
      VectorStore vectors,
      RowGate gate,
      SearchScratch scratch,
      int limit,
      Optional<VectorCodes> codes,
      int codedEnd,
      int shortlisted) {
    this.vectors = vectors;
    this.gate = gate;
    this.scratch = scratch;
    this.exact = scratch.scorer();
    this.nearest = scratch.nearest();
    this.shortlist = scratch.shortlist();
    this.codes = codes;
    this.coded = codes.map(VectorCodes::takeScorer).orElse(exact);
    this.codedEnd = codedEnd;
    nearest.reset(limit);
    shortlist.reset(shortlisted);
    scratch.exact().clear();
    scratch.coded().clear();
  }

  /// A scan that compares the ordinals below `codedEnd` by their codes.
  ///
  /// @param shortlisted how many are then compared by their vectors, at least `limit`
  static RowScan byCodes(
      VectorStore vectors,
      RowGate gate,
      SearchScratch scratch,
      int limit,
      CodedRows rows,
      int shortlisted,
      float[] query) {
    RowScan scan =
        new RowScan(
            vectors, gate, scratch, limit, Optional.of(rows.codes()), rows.count(), shortlisted);
    scan.coded.setQuery(query);
    return scan;
  }

  /// Tests the rows that an index lists and compares those that pass.
  void list(IndexPath path) {
    PrimitiveIterator.OfInt ordinals = path.ordinals();
    switch (path.content()) {
      case MATCHES -> {
        while (ordinals.hasNext()) {
          int ordinal = ordinals.nextInt();
          if (gate.testVisible(ordinal)) {
            add(ordinal);
          }
        }
      }
      case CANDIDATES -> {
        while (ordinals.hasNext()) {
          int ordinal = ordinals.nextInt();
          if (gate.test(ordinal)) {
            add(ordinal);
          }
        }
      }
    }
    compareWaiting();
  }

  /// Tests the rows of a range and compares those that pass.
  void testFirst(int from, int end) {
    for (int ordinal = from; ordinal < end; ordinal++) {
      if (gate.test(ordinal)) {
        add(ordinal);
      }
    }
    compareWaiting();
  }

  private void add(int ordinal) {
    if (!vectors.isPresent(ordinal)) {
      nearest.addAbsent(ordinal);
    } else if (ordinal < codedEnd) {
      distances += scratch.coded().add(ordinal, coded, shortlist);
    } else {
      distances += scratch.exact().add(ordinal, exact, nearest);
    }
  }

  private void compareWaiting() {
    distances += scratch.coded().compare(coded, shortlist);
    distances += scratch.exact().compare(exact, nearest);
  }

  /// Compares the rows of a range and tests those that are near enough.
  void compareFirst(int from, int end) {
    int start = from;
    while (start < end) {
      gate.checkpoint();
      boolean byCode = start < codedEnd;
      int limit = byCode ? Math.min(codedEnd, end) : end;
      int count = Math.min(SearchScratch.BLOCK, limit - start);
      if (byCode) {
        compareBlock(start, count, coded, shortlist);
      } else if (areAllPresent(start, count)) {
        compareBlock(start, count, exact, nearest);
      } else { // There is nothing to read where a vector is missing.
        testFirst(start, start + count);
      }
      start += count;
    }
  }

  private boolean areAllPresent(int first, int count) {
    for (int ordinal = first; ordinal < first + count; ordinal++) {
      if (!vectors.isPresent(ordinal)) {
        return false;
      }
    }
    return true;
  }

  private void compareBlock(int first, int count, Scorer scorer, NearestRows into) {
    float[] keys = scratch.keys();
    scorer.keys(first, count, keys);
    distances += count;
    for (int i = 0; i < count; i++) {
      if (into.mayAdmit(keys[i]) && gate.test(first + i)) {
        if (vectors.isPresent(first + i)) { // Else the code is that of no vector.
          into.offer(keys[i], first + i);
        } else {
          nearest.addAbsent(first + i);
        }
      }
    }
  }

  /// Takes what another thread's scan with the same limits has found.
  void take(RowScan other) {
    nearest.offerAll(other.nearest);
    shortlist.offerAll(other.shortlist);
    distances += other.distances;
    gate.add(other.gate);
  }

  /// Compares the shortlist by the vectors; then the scan is over.
  void rescore() {
    if (codes.isEmpty()) {
      return;
    }
    rescored = shortlist.size();
    distances += rescored;
    for (int i = 0; i < rescored; i++) {
      scratch.exact().add(shortlist.ordinal(i), exact, nearest);
    }
    scratch.exact().compare(exact, nearest);
    for (int i = 0; i < shortlist.undefinedCount(); i++) {
      nearest.offer(Float.NaN, shortlist.undefined(i));
    }
  }

  /// Whether there was more than the shortlist could take, so that rows were left out by their
  /// codes alone.
  boolean isCut() {
    return codes.isPresent() && shortlist.isFull();
  }

  /// What was found by the vectors.
  NearestRows nearest() {
    return nearest;
  }

  /// The distances computed so far, by codes and by vectors.
  long distances() {
    return distances;
  }

  /// How many rows found by codes were compared by their vectors.
  int rescored() {
    return rescored;
  }

  @Override
  public void close() {
    codes.ifPresent(from -> from.giveBack(coded));
  }
}
