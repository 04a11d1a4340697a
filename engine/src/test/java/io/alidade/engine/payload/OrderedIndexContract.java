package io.alidade.engine.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestSegment;
import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every ordered index does, checked against a sorted list.
abstract class OrderedIndexContract {
  private static final List<ColumnType> TYPES =
      List.of(ColumnType.INT4, ColumnType.TEXT, ColumnType.FLOAT8);
  private static final int ROWS = 500;

  private RandomGenerator random;
  private TestSegment segment;

  /// Adds the index under test to the segment.
  abstract void index(TestSegment rows, List<Integer> columns);

  @BeforeEach
  void begin() {
    random = TestSeed.generator();
    segment = new TestSegment(TYPES, 1);
    for (int i = 0; i < ROWS; i++) {
      segment.add(randomRow(), null);
    }
  }

  @AfterEach
  void end() {
    segment.close();
  }

  private @Nullable Object[] randomRow() {
    return new Object[] {
      random.nextInt(8) == 0 ? null : random.nextInt(-5, 15),
      random.nextInt(8) == 0
          ? null
          : List.of("", "a", "b", "é", "\uFFFD", "𝄞").get(random.nextInt(6)),
      random.nextInt(8) == 0
          ? null
          : new double[] {0, -0.0, 1.5, Double.NaN, Double.POSITIVE_INFINITY}[random.nextInt(5)]
    };
  }

  private OrderedIndex built(List<Integer> columns) {
    index(segment, columns);
    return segment.orderedIndexes().getLast();
  }

  private int compareKey(List<Integer> columns, List<@Nullable Object> bound, int ordinal) {
    for (int i = 0; i < bound.size(); i++) {
      int column = columns.get(i);
      int order =
          ValueOrder.nullsLast(ValueOrder.of(TYPES.get(column)))
              .compare(segment.column(column).get(ordinal), bound.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private List<Integer> expected(List<Integer> columns, KeyRange range) {
    Comparator<Integer> order =
        (left, right) ->
            compareKey(
                columns,
                columns.stream()
                    .<@Nullable Object>map(column -> segment.column(column).get(right))
                    .collect(ArrayList::new, ArrayList::add, ArrayList::addAll),
                left);
    return IntStream.range(0, ROWS)
        .boxed()
        .filter(ordinal -> isIn(columns, range, ordinal))
        .sorted(order.thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private boolean isIn(List<Integer> columns, KeyRange range, int ordinal) {
    if (range.lower().isPresent()) {
      KeyRange.Bound bound = range.lower().get();
      int order = compareKey(columns, bound.values(), ordinal);
      if (order < 0 || (order == 0 && bound.inclusion() == KeyRange.Inclusion.EXCLUSIVE)) {
        return false;
      }
    }
    if (range.upper().isPresent()) {
      KeyRange.Bound bound = range.upper().get();
      int order = compareKey(columns, bound.values(), ordinal);
      return order < 0 || (order == 0 && bound.inclusion() == KeyRange.Inclusion.INCLUSIVE);
    }
    return true;
  }

  private static List<Integer> list(PrimitiveIterator.OfInt iterator) {
    List<Integer> result = new ArrayList<>();
    iterator.forEachRemaining((int ordinal) -> result.add(ordinal));
    return result;
  }

  private Optional<KeyRange.Bound> randomBound(List<Integer> columns) {
    if (random.nextInt(4) == 0) {
      return Optional.empty();
    }
    @Nullable Object[] row = randomRow();
    List<@Nullable Object> values = new ArrayList<>();
    int length = 1 + random.nextInt(columns.size());
    for (int i = 0; i < length; i++) {
      values.add(row[columns.get(i)]);
    }
    KeyRange.Inclusion inclusion = KeyRange.Inclusion.values()[random.nextInt(2)];
    return Optional.of(new KeyRange.Bound(values, inclusion));
  }

  @Test
  void rangesHoldWhatASortedListHolds() {
    for (List<Integer> columns :
        List.of(List.of(0), List.of(1), List.of(2), List.of(0, 1), List.of(2, 1, 0))) {
      OrderedIndex index = built(columns);
      assertThat(index.columns()).isEqualTo(columns);
      for (int i = 0; i < 200; i++) {
        KeyRange range = new KeyRange(randomBound(columns), randomBound(columns));
        List<Integer> expected = expected(columns, range);
        assertThat(list(index.range(range, OrderedIndex.Direction.ASCENDING)))
            .as("%s", range)
            .isEqualTo(expected);
        List<Integer> reversed = new ArrayList<>(expected);
        Collections.reverse(reversed);
        assertThat(list(index.range(range, OrderedIndex.Direction.DESCENDING))).isEqualTo(reversed);
        assertThat(index.count(range, Integer.MAX_VALUE)).isEqualTo(expected.size());
        assertThat(index.count(range, 7)).isEqualTo(Math.min(7, expected.size()));
      }
    }
  }

  @Test
  void allKeysAreThereWithNullsLast() {
    OrderedIndex index = built(List.of(0));
    List<Integer> all = list(index.range(KeyRange.ALL, OrderedIndex.Direction.ASCENDING));
    assertThat(all).hasSize(ROWS).doesNotHaveDuplicates();
    assertThat(segment.column(0).isNull(all.getFirst())).isFalse();
    assertThat(segment.column(0).isNull(all.getLast())).isTrue();
  }

  @Test
  void equalKeysAreFoundByTheirFirstColumns() {
    OrderedIndex index = built(List.of(1, 0));
    List<Integer> found =
        list(index.range(KeyRange.equalTo(Arrays.asList("b")), OrderedIndex.Direction.ASCENDING));
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, ROWS)
                .boxed()
                .filter(ordinal -> "b".equals(segment.column(1).get(ordinal)))
                .toList());
  }
}
