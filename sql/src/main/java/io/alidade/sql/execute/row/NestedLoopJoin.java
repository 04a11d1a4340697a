package io.alidade.sql.execute.row;

import io.alidade.engine.search.Checkpoint;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A join on any condition: every left row meets every right row, which are kept in memory.
public final class NestedLoopJoin implements RowGenerator {
  private final RowReader left;
  private final RowSource rightSource;
  private final JoinKind kind;
  private final JoinMatcher matcher;
  private final RowBuffer buffer;
  private final List<JoinMatcher.Candidate> rightRows = new ArrayList<>();
  private final Checkpoint checkpoint;
  private @Nullable Iterator<JoinMatcher.Candidate> rest;
  private boolean built;

  private NestedLoopJoin(
      RowCursor left,
      RowSource right,
      HashJoin.Shape shape,
      MemoryBudget budget,
      Checkpoint checkpoint) {
    this.left = new RowReader(left);
    this.rightSource = right;
    this.kind = shape.kind();
    this.matcher = shape.matcher();
    this.buffer = new RowBuffer(budget);
    this.checkpoint = checkpoint;
  }

  /// Starts the join.
  public static RowCursor open(
      RowCursor left,
      RowSource right,
      HashJoin.Shape shape,
      MemoryBudget budget,
      Checkpoint checkpoint) {
    NestedLoopJoin join = new NestedLoopJoin(left, right, shape, budget, checkpoint);
    return new GeneratedRows(join, checkpoint, join::close);
  }

  @Override
  public @Nullable Object @Nullable [] next() {
    if (!built) {
      built = true;
      buffer.addAll(rightSource.open());
      buffer.rows().forEach(row -> rightRows.add(new JoinMatcher.Candidate(row)));
    }
    while (rest == null) {
      @Nullable Object @Nullable [] row = matcher.next();
      if (row != null) {
        return row;
      }
      // A selective condition gives few rows for much work, so batches are no measure of time.
      checkpoint.pass();
      @Nullable Object @Nullable [] leftRow = left.next();
      if (leftRow == null) {
        rest =
            kind.keepsRight() ? rightRows.iterator() : List.<JoinMatcher.Candidate>of().iterator();
        break;
      }
      matcher.start(leftRow, rightRows);
    }
    while (rest.hasNext()) {
      JoinMatcher.Candidate candidate = rest.next();
      if (!candidate.matched) {
        return matcher.unmatchedRight(candidate.row);
      }
    }
    return null;
  }

  private void close() {
    left.close();
    buffer.close();
    rightRows.clear();
  }
}
