package io.alidade.engine.search;

import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.IndexPath;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.NoVectors;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.Scorer;
import io.alidade.engine.vector.VectorStore;
import java.util.Optional;
import java.util.PrimitiveIterator;

/// One thread's scans of rows of a segment, with all the memory they need: rows that pass the gate
/// are compared with the query, by their codes where it is told so and by their vectors otherwise.
///
/// The nearest by code are gathered in a shortlist, of which [#rescore] finds the nearest by the
/// vectors. Rows can be tested first and then compared, or compared first and tested only if they
/// are near enough to matter; the answer is the same. Kept from one search to the next.
final class RowScan {
  /// Rows that follow each other are compared so many at a time.
  private static final int BLOCK = 256;

  private final QueryScorer exact = new QueryScorer();
  private final RowGate gate = new RowGate();
  private final NearestRows nearest = new NearestRows();
  private final NearestRows shortlist = new NearestRows();
  private final Batch waiting = new Batch();
  private final Batch waitingCoded = new Batch();
  private final float[] keys = new float[BLOCK];
  private VectorStore vectors = NoVectors.INSTANCE;
  private Optional<VectorCodes> codes = Optional.empty();

  /// By the vectors, too, if there are no codes.
  private Scorer coded = exact;

  /// The ordinals below this are compared by codes.
  private int codedEnd;

  private long distances;
  private long rescored;

  /// Prepares for a segment and a query; [#close] must follow.
  void open(SegmentView segment, BoundFilter filter, VectorQuery query, Checkpoint checkpoint) {
    vectors = segment.vectors(query.column());
    gate.set(segment, filter, checkpoint);
    exact.setStore(vectors, query.distance());
    exact.setQuery(query.query());
    distances = 0;
    rescored = 0;
    byVectors(1);
  }

  /// Forgets what was found and takes the nearest `limit` by the vectors from now on.
  void byVectors(int limit) {
    giveBackScorer();
    codedEnd = 0;
    nearest.reset(limit);
    shortlist.reset(1);
    waiting.clear();
    waitingCoded.clear();
  }

  /// The same, but rows that have codes are compared by those.
  ///
  /// @param shortlisted how many of them are then compared by their vectors, at least `limit`
  void byCodes(int limit, CodedRows rows, int shortlisted, float[] query) {
    byVectors(limit);
    shortlist.reset(shortlisted);
    coded = rows.codes().takeScorer();
    codes = rows.present();
    coded.setQuery(query);
    codedEnd = rows.count();
  }

  private void giveBackScorer() {
    if (codes.isPresent()) {
      codes.get().giveBack(coded);
      codes = Optional.empty();
      coded = exact;
    }
  }

  /// Lets go of the segment; what was found stays.
  void close() {
    giveBackScorer();
    exact.forgetStore();
    gate.clear();
    vectors = NoVectors.INSTANCE;
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

  /// Scans the rows of a range.
  void scan(ScanPlan.Order order, int from, int end) {
    switch (order) {
      case TEST_FIRST -> testFirst(from, end);
      case COMPARE_FIRST -> compareFirst(from, end);
    }
  }

  /// Tests the rows of a range and compares those that pass.
  private void testFirst(int from, int end) {
    for (int ordinal = gate.next(from); ordinal < end; ordinal = gate.next(ordinal + 1)) {
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
      distances += waitingCoded.add(ordinal, coded, shortlist);
    } else {
      distances += waiting.add(ordinal, exact, nearest);
    }
  }

  private void compareWaiting() {
    distances += waitingCoded.compare(coded, shortlist);
    distances += waiting.compare(exact, nearest);
  }

  /// Compares the rows of a range and tests those that are near enough.
  private void compareFirst(int from, int end) {
    int start = gate.next(from);
    while (start < end) {
      gate.checkpoint();
      boolean byCode = start < codedEnd;
      int limit = byCode ? Math.min(codedEnd, end) : end;
      int count = Math.min(BLOCK, limit - start);
      if (byCode) {
        compareBlock(start, count, coded, shortlist);
      } else if (areAllPresent(start, count)) {
        compareBlock(start, count, exact, nearest);
      } else { // There is nothing to read where a vector is missing.
        testFirst(start, start + count);
      }
      start = gate.next(start + count);
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
    int found = shortlist.size();
    distances += found;
    rescored += found;
    for (int i = 0; i < found; i++) {
      waiting.add(shortlist.ordinal(i), exact, nearest);
    }
    waiting.compare(exact, nearest);
    for (int i = 0; i < shortlist.undefinedCount(); i++) {
      nearest.offer(Float.NaN, shortlist.undefined(i));
    }
  }

  /// Whether there was more than the shortlist could take, so that rows were left out by their
  /// codes alone.
  boolean isCut() {
    return codes.isPresent() && shortlist.isFull();
  }

  /// Lets through the rows that count.
  RowGate gate() {
    return gate;
  }

  /// Compares by the vectors.
  QueryScorer exact() {
    return exact;
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
  long rescored() {
    return rescored;
  }
}
