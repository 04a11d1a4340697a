package io.alidade.bench.calibration;

import io.alidade.bench.filters.IntegerColumn;
import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.payload.SegmentColumns;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// The time of asking a row of integers in memory whether it matches.
final class TestTimes {
  private static final int ROWS = 200_000;

  private TestTimes() {}

  private record OneColumn(IntegerColumn integers) implements SegmentColumns {
    @Override
    public int size() {
      return ROWS;
    }

    @Override
    public ColumnReader column(int columnIndex) {
      return integers;
    }

    @Override
    public List<OrderedIndex> orderedIndexes() {
      return List.of();
    }
  }

  /// Takes the times and prints the constants.
  static void print() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    int[] values = new int[ROWS];
    int[] order = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      values[i] = random.nextInt(1000) - 20;
      order[i] = random.nextInt(ROWS);
    }
    OneColumn rows = new OneColumn(new IntegerColumn(values));
    Filter compare = new Filter.Compare(0, Filter.Comparison.LESS, 100);
    Filter both = new Filter.And(List.of(compare, new Filter.IsNotNull(0)));
    for (Filter filter : List.of(Filter.ALL, compare, both)) {
      BoundFilter bound = BoundFilter.bind(filter, rows);
      int[] matches = new int[1];
      double inOrder =
          Stopwatch.nanos(() -> {
            for (int i = 0; i < ROWS; i++) {
              matches[0] += bound.matches(i) ? 1 : 0;
            }
          });
      double scattered =
          Stopwatch.nanos(() -> {
            for (int ordinal : order) {
              matches[0] += bound.matches(ordinal) ? 1 : 0;
            }
          });
      System.out.printf(
          "TEST in order %.1f, scattered %.1f ns a row: %s%n",
          inOrder / ROWS, scattered / ROWS, filter);
    }
  }
}
