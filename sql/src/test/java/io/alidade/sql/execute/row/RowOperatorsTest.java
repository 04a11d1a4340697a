package io.alidade.sql.execute.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.payload.ValueOrder;
import io.alidade.engine.search.Checkpoint;
import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowOperatorsTest {
  private final MemoryBudget budget = new MemoryBudget(1 << 20, StatementMemory.ofHeap());

  private static RowCursor rows(@Nullable Object[]... rows) {
    return new ListedRows(List.of(rows));
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  private static String read(RowCursor cursor) {
    List<String> lines = new ArrayList<>();
    try (cursor) {
      for (List<@Nullable Object[]> batch = cursor.next();
          !batch.isEmpty();
          batch = cursor.next()) {
        batch.forEach(row -> lines.add(Arrays.toString(row)));
      }
    }
    return lines.stream().collect(Collectors.joining(" "));
  }

  private String join(JoinKind kind, boolean nullMatches, boolean hashed) {
    RowCursor left = rows(row(1), row(2), row((Object) null));
    RowSource right = () -> rows(row(2), row(2), row(3), row((Object) null));
    RowFunction column = row -> row[0];
    HashJoin.Shape shape =
        new HashJoin.Shape(
            kind,
            1,
            1,
            hashed
                ? RowPredicate.ALL
                : row ->
                    row[0] == null || row[1] == null
                        ? nullMatches && row[0] == row[1]
                        : row[0].equals(row[1]));
    return read(
        hashed
            ? HashJoin.open(
                left,
                right,
                shape,
                new HashJoin.Keys(List.of(column), List.of(column), List.of(nullMatches)),
                budget,
                Checkpoint.NONE)
            : NestedLoopJoin.open(left, right, shape, budget, Checkpoint.NONE));
  }

  @Test
  void joinsTreatNullsAsTheyAreToldTo() {
    for (boolean hashed : new boolean[] {true, false}) {
      assertThat(join(JoinKind.INNER, false, hashed)).isEqualTo("[2, 2] [2, 2]");
      assertThat(join(JoinKind.LEFT, false, hashed))
          .isEqualTo("[1, null] [2, 2] [2, 2] [null, null]");
      assertThat(join(JoinKind.RIGHT, false, hashed))
          .isEqualTo("[2, 2] [2, 2] [null, 3] [null, null]");
      assertThat(join(JoinKind.FULL, false, hashed))
          .isEqualTo("[1, null] [2, 2] [2, 2] [null, null] [null, 3] [null, null]");
      assertThat(join(JoinKind.SEMI, false, hashed)).isEqualTo("[2]");
      assertThat(join(JoinKind.ANTI, false, hashed)).isEqualTo("[1] [null]");
      assertThat(join(JoinKind.INNER, true, hashed)).isEqualTo("[2, 2] [2, 2] [null, null]");
    }
    assertThat(budget.reserved()).isZero();
  }

  @Test
  void aJoinOfNothingGivesWhatItsKindKeeps() {
    RowSource nothing = () -> rows();
    HashJoin.Shape shape = new HashJoin.Shape(JoinKind.LEFT, 1, 2, RowPredicate.ALL);
    assertThat(read(NestedLoopJoin.open(rows(row(1)), nothing, shape, budget, Checkpoint.NONE)))
        .isEqualTo("[1, null, null]");
    assertThat(read(NestedLoopJoin.open(rows(), nothing, shape, budget, Checkpoint.NONE)))
        .isEmpty();
  }

  @Test
  void aDependentJoinReadsTheRightSideForEachRow() {
    HashJoin.Shape shape = new HashJoin.Shape(JoinKind.LEFT, 1, 1, RowPredicate.ALL);
    assertThat(
            read(
                DependentJoin.open(
                    rows(row(1), row(2)),
                    left -> left[0].equals(1) ? rows() : rows(row(20), row(21)),
                    shape,
                    Checkpoint.NONE)))
        .isEqualTo("[1, null] [2, 20] [2, 21]");
  }

  private static RowOrder order(RowOrder.Nulls nulls) {
    return new RowOrder(List.of(new RowOrder.Key(0, ValueOrder.of(ColumnType.INT4), nulls)));
  }

  private static RowCursor unsorted() {
    return rows(row(3, "a"), row(null, "b"), row(1, "c"), row(3, "d"));
  }

  @Test
  void sortingKeepsTheOrderOfEqualRowsAndPutsNullsWhereTold() {
    assertThat(
            read(new SortedRows(unsorted(), order(RowOrder.Nulls.LAST), budget, Checkpoint.NONE)))
        .isEqualTo("[1, c] [3, a] [3, d] [null, b]");
    assertThat(
            read(new SortedRows(unsorted(), order(RowOrder.Nulls.FIRST), budget, Checkpoint.NONE)))
        .isEqualTo("[null, b] [1, c] [3, a] [3, d]");
    assertThat(budget.reserved()).isZero();
  }

  @Test
  void theFirstRowsAreThoseOfTheSort() {
    assertThat(read(new TopRows(unsorted(), order(RowOrder.Nulls.LAST), 2, budget)))
        .isEqualTo("[1, c] [3, a]");
    assertThat(read(new TopRows(unsorted(), order(RowOrder.Nulls.LAST), 9, budget)))
        .isEqualTo("[1, c] [3, a] [3, d] [null, b]");
    assertThat(budget.reserved()).isZero();
  }

  @Test
  void whatIsBufferedIsWithinTheBudget() {
    MemoryBudget small = new MemoryBudget(150, StatementMemory.ofHeap());
    SortedRows sorted =
        new SortedRows(unsorted(), order(RowOrder.Nulls.LAST), small, Checkpoint.NONE);
    assertThatThrownBy(sorted::next)
        .isInstanceOfSatisfying(
            DatabaseException.class, e -> assertThat(e.state()).isEqualTo(SqlState.OUT_OF_MEMORY));
    sorted.close();
    assertThat(small.reserved()).isZero();
  }

  @Test
  void groupsHoldWhatSqlTakesForEqual() {
    RowCursor input =
        rows(
            row(new BigDecimal("1.0")),
            row(new BigDecimal("1.00")),
            row((Object) null),
            row((Object) null));
    assertThat(read(new GroupedRows(input, new int[] {0}, () -> new Accumulator[0], budget)))
        .isEqualTo("[1.0] [null]");
    assertThat(RowKeys.keyOf(-0.0)).isEqualTo(RowKeys.keyOf(0.0));
    assertThat(RowKeys.keyOf(Double.NaN)).isEqualTo(RowKeys.keyOf(Double.NaN));
    assertThat(RowKeys.keyOf(new byte[] {1})).isEqualTo(RowKeys.keyOf(new byte[] {1}));
    assertThat(RowKeys.keyOf(new float[] {1, -0f})).isEqualTo(RowKeys.keyOf(new float[] {1, 0f}));
  }

  @Test
  void groupingNothingGivesARowOnlyWithoutKeys() {
    assertThat(read(new GroupedRows(rows(), new int[] {}, () -> new Accumulator[0], budget)))
        .isEqualTo("[]");
    assertThat(read(new GroupedRows(rows(), new int[] {0}, () -> new Accumulator[0], budget)))
        .isEmpty();
  }

  @Test
  void limitsCutBatches() {
    assertThat(read(new LimitedRows(unsorted(), 1, 2))).isEqualTo("[null, b] [1, c]");
    assertThat(read(new LimitedRows(unsorted(), 0, LimitedRows.UNLIMITED)).split("] ")).hasSize(4);
    assertThat(read(new LimitedRows(unsorted(), 9, 2))).isEmpty();
    assertThat(read(new LimitedRows(unsorted(), 0, 0))).isEmpty();
  }

  @Test
  void setOperationsCountWithAllAndNotWithout() {
    assertThat(matched(MatchedRows.Operation.INTERSECT)).isEqualTo("[1]");
    assertThat(matched(MatchedRows.Operation.INTERSECT_ALL)).isEqualTo("[1] [1]");
    assertThat(matched(MatchedRows.Operation.EXCEPT)).isEqualTo("[null]");
    assertThat(matched(MatchedRows.Operation.EXCEPT_ALL)).isEqualTo("[1] [null] [null]");
  }

  private String matched(MatchedRows.Operation operation) {
    return read(
        new MatchedRows(
            rows(row(1), row(1), row(1), row((Object) null), row((Object) null)),
            rows(row(1), row(1), row(2)),
            operation,
            1,
            budget));
  }
}
