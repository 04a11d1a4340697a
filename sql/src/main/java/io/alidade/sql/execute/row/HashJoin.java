package io.alidade.sql.execute.row;

import io.alidade.engine.search.Checkpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A join on equal keys: the right side goes into a hash table, the left side is looked up in it.
public final class HashJoin implements RowGenerator {
  /// What must be equal.
  ///
  /// @param left of the left row
  /// @param right of the right row, of the same types
  /// @param nullMatches for each pair whether NULL matches NULL (IS NOT DISTINCT FROM)
  public record Keys(List<RowFunction> left, List<RowFunction> right, List<Boolean> nullMatches) {}

  private final RowReader left;
  private final RowSource rightSource;
  private final JoinKind kind;
  private final JoinMatcher matcher;
  private final RowKeys leftKeys;
  private final RowKeys rightKeys;
  private final List<Boolean> nullMatches;
  private final RowBuffer buffer;
  private final Map<Object, List<JoinMatcher.Candidate>> table = new HashMap<>();
  private final List<JoinMatcher.Candidate> rightRows = new ArrayList<>();
  private @Nullable Iterator<JoinMatcher.Candidate> rest;
  private boolean built;

  private HashJoin(
      RowCursor left,
      RowSource right,
      JoinKind kind,
      Keys keys,
      JoinMatcher matcher,
      MemoryBudget budget) {
    this.left = new RowReader(left);
    this.rightSource = right;
    this.kind = kind;
    this.matcher = matcher;
    this.leftKeys = new RowKeys(keys.left());
    this.rightKeys = new RowKeys(keys.right());
    this.nullMatches = keys.nullMatches();
    this.buffer = new RowBuffer(budget);
  }

  /// What two sides look like and what else must hold.
  ///
  /// @param condition on the columns of both, in addition to the keys
  public record Shape(JoinKind kind, int leftWidth, int rightWidth, RowPredicate condition) {
    JoinMatcher matcher() {
      return new JoinMatcher(kind, leftWidth, rightWidth, condition);
    }
  }

  /// Starts the join.
  public static RowCursor open(
      RowCursor left,
      RowSource right,
      Shape shape,
      Keys keys,
      MemoryBudget budget,
      Checkpoint checkpoint) {
    HashJoin join = new HashJoin(left, right, shape.kind(), keys, shape.matcher(), budget);
    return new GeneratedRows(join, checkpoint, join::close);
  }

  @Override
  public @Nullable Object @Nullable [] next() {
    if (!built) {
      build();
    }
    while (rest == null) {
      @Nullable Object @Nullable [] row = matcher.next();
      if (row != null) {
        return row;
      }
      @Nullable Object @Nullable [] leftRow = left.next();
      if (leftRow == null) {
        rest =
            kind.keepsRight() ? rightRows.iterator() : List.<JoinMatcher.Candidate>of().iterator();
        break;
      }
      @Nullable Object key = leftKeys.joinKey(leftRow, nullMatches);
      matcher.start(leftRow, key == null ? List.of() : table.getOrDefault(key, List.of()));
    }
    while (rest.hasNext()) {
      JoinMatcher.Candidate candidate = rest.next();
      if (!candidate.matched) {
        return matcher.unmatchedRight(candidate.row);
      }
    }
    return null;
  }

  private void build() {
    built = true;
    buffer.addAll(rightSource.open());
    for (@Nullable Object[] row : buffer.rows()) {
      JoinMatcher.Candidate candidate = new JoinMatcher.Candidate(row);
      if (kind.keepsRight()) {
        rightRows.add(candidate);
      }
      @Nullable Object key = rightKeys.joinKey(row, nullMatches);
      if (key != null) {
        table.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(candidate);
      }
    }
  }

  private void close() {
    left.close();
    buffer.close();
    table.clear();
    rightRows.clear();
  }
}
