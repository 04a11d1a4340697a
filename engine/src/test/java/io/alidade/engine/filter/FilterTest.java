package io.alidade.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestSegment;
import io.alidade.engine.filter.Filter.Comparison;
import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class FilterTest {
  private static Truth test(Filter filter, Object value) {
    try (TestSegment segment = new TestSegment(List.of(ColumnType.INT4), 1)) {
      segment.add(new Object[] {value}, null);
      return BoundFilter.bind(filter, segment).test(0);
    }
  }

  private static Filter constant(Truth truth) {
    return new Filter.Constant(truth);
  }

  @Test
  void andOrAndNotFollowSqlsTruthTables() {
    for (Truth left : Truth.values()) {
      assertThat(test(new Filter.Not(constant(left)), 1))
          .isEqualTo(left == Truth.UNKNOWN ? Truth.UNKNOWN : Truth.of(left == Truth.FALSE));
      for (Truth right : Truth.values()) {
        List<Filter> both = List.of(constant(left), constant(right));
        Truth least = left.compareTo(right) < 0 ? left : right;
        Truth greatest = left.compareTo(right) > 0 ? left : right;
        assertThat(test(new Filter.And(both), 1)).isEqualTo(least);
        assertThat(test(new Filter.Or(both), 1)).isEqualTo(greatest);
      }
    }
    assertThat(test(new Filter.And(List.of()), 1)).isEqualTo(Truth.TRUE);
    assertThat(test(new Filter.Or(List.of()), 1)).isEqualTo(Truth.FALSE);
  }

  @Test
  void comparisonsWithNullAreUnknownAndSoIsTheirNegation() {
    for (Comparison comparison : Comparison.values()) {
      Filter compare = new Filter.Compare(0, comparison, 5);
      assertThat(test(compare, null)).isEqualTo(Truth.UNKNOWN);
      assertThat(test(new Filter.Not(compare), null)).isEqualTo(Truth.UNKNOWN);
    }
    Filter in = new Filter.In(0, List.of(1, 5));
    assertThat(test(in, null)).isEqualTo(Truth.UNKNOWN);
    assertThat(test(in, 5)).isEqualTo(Truth.TRUE);
    assertThat(test(in, 4)).isEqualTo(Truth.FALSE);
    assertThat(test(new Filter.IsNull(0), null)).isEqualTo(Truth.TRUE);
    assertThat(test(new Filter.IsNotNull(0), null)).isEqualTo(Truth.FALSE);
  }

  @Test
  void comparisonsCompare() {
    List<Boolean> less = List.of(false, true, true, true, false, false); // 4 with 5
    List<Boolean> equal = List.of(true, false, false, true, false, true);
    for (Comparison comparison : Comparison.values()) {
      Filter compare = new Filter.Compare(0, comparison, 5);
      assertThat(test(compare, 4)).isEqualTo(Truth.of(less.get(comparison.ordinal())));
      assertThat(test(compare, 5)).isEqualTo(Truth.of(equal.get(comparison.ordinal())));
    }
  }

  @Test
  void aComputedTestIsBoundOnceToTheSegment() {
    Filter odd =
        new Filter.Computed(
            Set.of(0),
            columns -> {
              var reader = columns.column(0);
              return ordinal -> Truth.of(reader.getLong(ordinal) % 2 == 1);
            });
    assertThat(test(odd, 3)).isEqualTo(Truth.TRUE);
    assertThat(test(new Filter.Not(odd), 3)).isEqualTo(Truth.FALSE);
  }

  /// A random filter over two columns of small integers and NULLs.
  private static Filter random(RandomGenerator random, int depth) {
    int column = random.nextInt(2);
    return switch (random.nextInt(depth == 0 ? 5 : 9)) {
      case 0, 1 -> {
        Comparison comparison = Comparison.values()[random.nextInt(6)];
        yield new Filter.Compare(column, comparison, random.nextInt(20));
      }
      case 2 -> new Filter.In(column, List.of(random.nextInt(20), random.nextInt(20)));
      case 3 -> new Filter.IsNull(column);
      case 4 -> new Filter.IsNotNull(column);
      case 5 -> new Filter.Not(random(random, depth - 1));
      case 6 -> new Filter.Or(List.of(random(random, depth - 1), random(random, depth - 1)));
      case 7 -> new Filter.Or(List.of(random(random, depth - 1), constant(Truth.UNKNOWN)));
      default -> new Filter.And(List.of(random(random, depth - 1), random(random, depth - 1)));
    };
  }

  @Test
  void anIndexPathListsEveryMatchOnce() {
    RandomGenerator random = TestSeed.generator();
    try (TestSegment segment = new TestSegment(List.of(ColumnType.INT4, ColumnType.INT4), 1)) {
      for (int i = 0; i < 300; i++) {
        Object[] row = new Object[2];
        for (int j = 0; j < 2; j++) {
          row[j] = random.nextInt(10) == 0 ? null : random.nextInt(20);
        }
        segment.add(row, null);
      }
      segment.indexMutably(List.of(0, 1));
      segment.indexSealed(List.of(1));
      int paths = 0;
      int whole = 0;
      for (int i = 0; i < 2000; i++) {
        Filter filter = random(random, 3);
        BoundFilter bound = BoundFilter.bind(filter, segment);
        Optional<IndexPath> path = IndexPath.best(filter, segment, Integer.MAX_VALUE);
        if (path.isPresent()) {
          paths++;
          List<Integer> listed = new ArrayList<>();
          path.get().ordinals().forEachRemaining((int ordinal) -> listed.add(ordinal));
          assertThat(listed).hasSize(path.get().count()).doesNotHaveDuplicates();
          if (path.get().content() == IndexPath.Content.MATCHES) {
            whole++;
            assertThat(listed).as("%s", filter).allMatch(bound::matches);
          }
          Set<Integer> asSet = new HashSet<>(listed);
          for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
            if (bound.matches(ordinal)) {
              assertThat(asSet).as("%s", filter).contains(ordinal);
            }
          }
        }
      }
      assertThat(paths).isGreaterThan(200);
      assertThat(whole).isGreaterThan(50);
    }
  }
}
