package io.alidade.sql.execute.row;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What all joins share: a left row meets its candidates and gives rows by the kind of join.
final class JoinMatcher {
  private final JoinKind kind;
  private final int leftWidth;
  private final int rightWidth;
  private final RowPredicate condition;

  private @Nullable Object[] left = new @Nullable Object[0];
  private List<Candidate> candidates = List.of();
  private int position;
  private boolean matched;
  private boolean pending;

  /// A row of the right side, and whether a left row has matched it.
  static final class Candidate {
    final @Nullable Object[] row;
    boolean matched;

    Candidate(@Nullable Object[] row) {
      this.row = row;
    }
  }

  /// @param condition on the columns of the left row followed by those of the right
  JoinMatcher(JoinKind kind, int leftWidth, int rightWidth, RowPredicate condition) {
    this.kind = kind;
    this.leftWidth = leftWidth;
    this.rightWidth = rightWidth;
    this.condition = condition;
  }

  /// Begins with the next left row; the last one's rows must all have been taken.
  void start(@Nullable Object[] leftRow, List<Candidate> rightRows) {
    left = leftRow;
    candidates = rightRows;
    position = 0;
    matched = false;
    pending = true;
  }

  /// The next row that the left row gives, or null when there are no more.
  @Nullable Object @Nullable [] next() {
    while (position < candidates.size()) {
      Candidate candidate = candidates.get(position++);
      @Nullable Object[] joined = joined(left, candidate.row);
      if (!condition.test(joined)) {
        continue;
      }
      matched = true;
      candidate.matched = true;
      if (kind.givesRight()) {
        return joined;
      }
      break; // One match decides.
    }
    if (!pending) {
      return null;
    }
    pending = false;
    position = candidates.size();
    return switch (kind) {
      case SEMI -> matched ? left : null;
      case ANTI -> matched ? null : left;
      case LEFT, FULL -> matched ? null : joined(left, new @Nullable Object[rightWidth]);
      case INNER, RIGHT -> null;
    };
  }

  /// A right row that nobody matched, with NULLs on the left.
  @Nullable Object[] unmatchedRight(@Nullable Object[] right) {
    return joined(new @Nullable Object[leftWidth], right);
  }

  private @Nullable Object[] joined(@Nullable Object[] leftRow, @Nullable Object[] rightRow) {
    @Nullable Object[] joined = new @Nullable Object[leftWidth + rightWidth];
    System.arraycopy(leftRow, 0, joined, 0, leftWidth);
    System.arraycopy(rightRow, 0, joined, leftWidth, rightWidth);
    return joined;
  }
}
