package io.alidade.engine.multivector;

import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.Walk;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// The walks for the vectors of one query, and the rows that they found.
///
/// Begun with [#begin], then given one vector after the other, then [#rank]ed. Taken from
/// [MultiVectorIndex#walk] and given back by [#close] with all the memory it needs, so that a query
/// allocates nothing once warm. Used by one thread at a time.
public final class MultiVectorWalk implements AutoCloseable {
  /// Where so large a share of the rows is wanted, testing only what was found is quicker.
  private static final double NEARLY_ALL = 0.98;

  /// Of what such a walk found this must be wanted, or the wanted rows are just not the nearest.
  private static final double NEARLY_ALL_FOUND = 0.9;

  /// Where the nearest are not wanted, those beyond are about equally far, and so many times as
  /// many have to be found for the best of them to be among them.
  private static final int BEYOND_A_GAP = 4;

  private static final IntPredicate NOBODY = _ -> false;

  private final MultiVectorIndex index;
  private final HnswIndex graph;
  private final MultiVectorScorer scorer;
  private final CandidateRows candidates = new CandidateRows();
  private final IntPredicate acceptsVector = this::acceptsVector;
  private IntPredicate wanted = NOBODY;

  /// A bit a row: whether it was asked about, and what the answer was. A row has several vectors.
  private long[] asked = {};

  private long[] accepted = {};
  private int rows;
  private double share;
  private long visited;

  MultiVectorWalk(MultiVectorIndex index, HnswIndex graph, MultiVectorScorer scorer) {
    this.index = index;
    this.graph = graph;
    this.scorer = scorer;
  }

  /// Begins a query.
  ///
  /// @param rowCount rows from here on are left out
  /// @param wantedRows asked once at most about each row that comes near enough
  /// @param wantedShare about which share of the rows is wanted
  public void begin(int rowCount, IntPredicate wantedRows, double wantedShare) {
    candidates.clear();
    rows = rowCount;
    wanted = wantedRows;
    share = wantedShare;
    visited = 0;
    int words = (rowCount + Long.SIZE - 1) / Long.SIZE;
    if (asked.length < words) {
      asked = new long[words];
      accepted = new long[words];
    } else {
      Arrays.fill(asked, 0, words, 0);
    }
  }

  private boolean acceptsVector(int vector) {
    int row = index.row(vector);
    if (row >= rows) {
      return false;
    }
    int word = row / Long.SIZE;
    long bit = 1L << row;
    if ((asked[word] & bit) == 0) {
      asked[word] |= bit;
      accepted[word] = wanted.test(row) ? accepted[word] | bit : accepted[word] & ~bit;
    }
    return (accepted[word] & bit) != 0;
  }

  /// Walks for the nearest of a vector of the query.
  ///
  /// @param ef how many vectors of wanted rows to find
  /// @param budget the nodes that the query's walks may visit in all
  /// @return whether the budget has sufficed
  public boolean find(float[] vector, int ef, long budget) {
    try (Walk walk = graph.walk()) {
      if (share < NEARLY_ALL) {
        findWanted(walk, vector, ef, budget);
      } else if (!findAll(walk, vector, ef, budget)) {
        findWanted(walk, vector, BEYOND_A_GAP * ef, budget);
      }
      take(walk);
      return walk.isComplete();
    }
  }

  private void findWanted(Walk walk, float[] vector, int ef, long budget) {
    walk.run(vector, ef, acceptsVector, budget - visited);
    visited += walk.visitedNodes();
  }

  /// Walks as if all rows were wanted, and tests what was found.
  ///
  /// @return whether nearly all of it is wanted
  private boolean findAll(Walk walk, float[] vector, int ef, long budget) {
    int wider = (int) Math.ceil(ef / Math.min(1, share));
    walk.runThenTest(vector, wider, acceptsVector, budget - visited);
    visited += walk.visitedNodes();
    return walk.acceptedShare() >= NEARLY_ALL_FOUND;
  }

  private void take(Walk walk) {
    int found = walk.size();
    if (found == 0) {
      return;
    }
    float greatest = walk.key(found - 1);
    candidates.begin(greatest);
    for (int place = 0; place < found; place++) {
      candidates.add(index.row(walk.ordinal(place)), greatest - walk.key(place));
    }
  }

  /// Puts the rows found into the order of what their scores can be, the best first.
  ///
  /// @return how many there are
  public int rank() {
    candidates.rank();
    return candidates.size();
  }

  /// The ordinal of a row that was found.
  public int row(int place) {
    return candidates.row(place);
  }

  /// What the row's score can be at most, unless a walk has missed one of its vectors.
  public double bound(int place) {
    return candidates.bound(place);
  }

  /// The nodes that were visited.
  public long visitedNodes() {
    return visited;
  }

  /// A scorer to compare rows by, to be told the query.
  public MultiVectorScorer scorer() {
    return scorer;
  }

  /// Gives the walk back.
  @Override
  public void close() {
    wanted = NOBODY;
    index.giveBack(this);
  }
}
