package io.alidade.sql.execute.row;

import io.alidade.engine.search.Checkpoint;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A join whose right side is read anew for each left row and may depend on it (LATERAL).
public final class DependentJoin implements RowGenerator {
  private final RowReader left;
  private final Function<@Nullable Object[], RowCursor> right;
  private final JoinKind kind;
  private final int leftWidth;
  private final int rightWidth;
  private final RowPredicate condition;
  private @Nullable Object[] leftRow = new @Nullable Object[0];
  private @Nullable RowReader matches;
  private boolean matched;

  private DependentJoin(
      RowCursor left, Function<@Nullable Object[], RowCursor> right, HashJoin.Shape shape) {
    this.left = new RowReader(left);
    this.right = right;
    this.kind = shape.kind();
    this.leftWidth = shape.leftWidth();
    this.rightWidth = shape.rightWidth();
    this.condition = shape.condition();
  }

  /// Starts the join, which may be INNER, LEFT, SEMI or ANTI.
  ///
  /// @param right gives the right rows for a left row
  public static RowCursor open(
      RowCursor left,
      Function<@Nullable Object[], RowCursor> right,
      HashJoin.Shape shape,
      Checkpoint checkpoint) {
    if (shape.kind().keepsRight()) {
      throw new IllegalArgumentException("a dependent join cannot be " + shape.kind());
    }
    DependentJoin join = new DependentJoin(left, right, shape);
    return new GeneratedRows(join, checkpoint, join::close);
  }

  @Override
  public @Nullable Object @Nullable [] next() {
    while (true) {
      if (matches == null) {
        @Nullable Object @Nullable [] row = left.next();
        if (row == null) {
          return null;
        }
        leftRow = row;
        matched = false;
        matches = new RowReader(right.apply(row));
      }
      @Nullable Object @Nullable [] rightRow = matches.next();
      if (rightRow == null) {
        closeMatches();
        if (!matched && kind != JoinKind.INNER && kind != JoinKind.SEMI) {
          return kind == JoinKind.ANTI ? leftRow : joined(new @Nullable Object[rightWidth]);
        }
        continue;
      }
      @Nullable Object[] joined = joined(rightRow);
      if (!condition.test(joined)) {
        continue;
      }
      matched = true;
      if (kind.givesRight()) {
        return joined;
      }
      closeMatches();
      if (kind == JoinKind.SEMI) {
        return leftRow;
      }
    }
  }

  private @Nullable Object[] joined(@Nullable Object[] rightRow) {
    @Nullable Object[] joined = new @Nullable Object[leftWidth + rightWidth];
    System.arraycopy(leftRow, 0, joined, 0, leftWidth);
    System.arraycopy(rightRow, 0, joined, leftWidth, rightWidth);
    return joined;
  }

  private void closeMatches() {
    if (matches != null) {
      matches.close();
      matches = null;
    }
  }

  private void close() {
    closeMatches();
    left.close();
  }
}
