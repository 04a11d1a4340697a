package io.alidade.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestSegment;
import io.alidade.engine.filter.Filter.Comparison;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.payload.SegmentColumns;
import io.alidade.engine.payload.ValueBounds;
import io.alidade.engine.payload.ValueBounds.Extremes;
import io.alidade.engine.payload.ValueBounds.Nulls;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.FilteredScan;
import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class PossibleTruthTest {
  private static final int VALUES = 12;

  /// A segment that knows the bounds of its only column.
  private record Bounded(TestSegment segment) implements SegmentColumns {
    @Override
    public int size() {
      return segment.size();
    }

    @Override
    public ColumnReader column(int columnIndex) {
      return segment.column(columnIndex);
    }

    @Override
    public List<OrderedIndex> orderedIndexes() {
      return List.of();
    }

    @Override
    public Optional<ValueBounds> bounds(int columnIndex) {
      ColumnReader column = segment.column(columnIndex);
      int least = Integer.MAX_VALUE;
      int greatest = Integer.MIN_VALUE;
      int nulls = 0;
      for (int i = 0; i < size(); i++) {
        if (column.isNull(i)) {
          nulls++;
        } else {
          least = Math.min(least, (int) column.getLong(i));
          greatest = Math.max(greatest, (int) column.getLong(i));
        }
      }
      Optional<Extremes> extremes =
          nulls == size() ? Optional.empty() : Optional.of(new Extremes(least, greatest));
      Nulls which = nulls == 0 ? Nulls.NONE : nulls == size() ? Nulls.ALL : Nulls.SOME;
      return Optional.of(new ValueBounds(extremes, which));
    }
  }

  private static Filter filter(RandomGenerator random, int depth) {
    Comparison[] comparisons = Comparison.values();
    return switch (random.nextInt(depth == 0 ? 5 : 8)) {
      case 0, 1 ->
          new Filter.Compare(
              0, comparisons[random.nextInt(comparisons.length)], random.nextInt(VALUES));
      case 2 -> new Filter.IsNull(0);
      case 3 -> new Filter.IsNotNull(0);
      case 4 -> new Filter.In(0, values(random));
      case 5 -> new Filter.And(List.of(filter(random, depth - 1), filter(random, depth - 1)));
      case 6 -> new Filter.Or(List.of(filter(random, depth - 1), filter(random, depth - 1)));
      default -> new Filter.Not(filter(random, depth - 1));
    };
  }

  private static List<Object> values(RandomGenerator random) {
    List<Object> values = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      values.add(random.nextInt(VALUES));
    }
    return values;
  }

  @Test
  void noTruthOfARowIsMissed() {
    RandomGenerator random = TestSeed.generator();
    int excluded = 0;
    for (int round = 0; round < 5000; round++) {
      try (TestSegment segment = new TestSegment(List.of(ColumnType.INT4), 1)) {
        int least = random.nextInt(VALUES);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
          Object value = random.nextInt(4) == 0 ? null : least + random.nextInt(VALUES - least);
          segment.add(new Object[] {value}, null);
        }
        Filter filter = filter(random, 3);
        PossibleTruth possible = PossibleTruth.of(filter, new Bounded(segment));
        BoundFilter bound = BoundFilter.bind(filter, segment);
        for (int i = 0; i < segment.size(); i++) {
          Truth truth = bound.test(i);
          assertThat(truth != Truth.TRUE || possible.canBeTrue()).as("%s", filter).isTrue();
          assertThat(truth != Truth.FALSE || possible.canBeFalse()).as("%s", filter).isTrue();
        }
        excluded += possible.canBeTrue() ? 0 : 1;
      }
    }
    assertThat(excluded).isGreaterThan(500);
  }

  @Test
  void withoutBoundsEveryRowIsTested() {
    try (TestSegment segment = new TestSegment(List.of(ColumnType.INT4), 1)) {
      segment.add(new Object[] {1}, null);
      FilteredScan scan =
          FilteredScan.open(segment, new Filter.Compare(0, Comparison.GREATER, 7), Checkpoint.NONE);
      assertThat(scan.hasNext()).isFalse();
      assertThat(scan.testedRows()).isEqualTo(1);
    }
  }
}
