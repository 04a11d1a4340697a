package io.alidade.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.filter.Filter.Comparison;
import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ParallelSearchTest {
  private static final int DIMENSIONS = 24;
  private static final int VECTOR_COLUMN = 1;

  private final RandomGenerator random = TestSeed.generator();
  private final List<SegmentView> segments = new ArrayList<>();
  private final Searcher alone = new Searcher(1);
  private final Searcher together = new Searcher(4);

  @AfterEach
  void close() {
    segments.forEach(segment -> ((TestSegment) segment).close());
  }

  private TestSegment segment(int rows) {
    TestSegment segment = new TestSegment(List.of(ColumnType.INT4), DIMENSIONS);
    segments.add(segment);
    for (int i = 0; i < rows; i++) {
      Object[] row = {random.nextInt(100)};
      switch (random.nextInt(40)) {
        case 0 -> segment.add(row, null);
        case 1 -> segment.add(row, new float[DIMENSIONS]);
        default -> segment.add(row, TestVectors.gaussian(random, DIMENSIONS));
      }
      if (random.nextInt(30) == 0) {
        segment.delete(i);
      }
    }
    return segment;
  }

  private VectorQuery query(int limit, SearchOptions.Mode mode) {
    Filter filter =
        random.nextInt(3) == 0
            ? Filter.ALL
            : new Filter.Compare(0, Comparison.LESS, random.nextInt(100));
    Distance distance = TestVectors.DISTANCES.get(random.nextInt(4));
    float[] vector = TestVectors.gaussian(random, DIMENSIONS);
    SearchOptions options = new SearchOptions(40, mode);
    return new VectorQuery(
        VECTOR_COLUMN, vector, distance, limit, filter, Optional.empty(), options);
  }

  private void assertSame(VectorQuery query) {
    SearchResult expected = alone.search(segments, query, Checkpoint.NONE);
    SearchResult actual = together.search(segments, query, Checkpoint.NONE);
    assertThat(actual.size()).isEqualTo(expected.size());
    for (int hit = 0; hit < actual.size(); hit++) {
      assertThat(actual.hasDistance(hit)).isEqualTo(expected.hasDistance(hit));
      double distance = expected.distance(hit);
      if (Double.isNaN(distance)) {
        assertThat(actual.distance(hit)).isNaN();
        assertThat(actual.segment(hit)).isEqualTo(expected.segment(hit));
        assertThat(actual.ordinal(hit)).isEqualTo(expected.ordinal(hit));
      } else { // The last bit of a distance may change when its kernel is compiled.
        assertThat(actual.distance(hit)).isCloseTo(distance, within(1e-5 * Math.abs(distance)));
      }
    }
    assertThat(rows(actual)).hasSize(actual.size());
  }

  private static Set<List<Integer>> rows(SearchResult result) {
    Set<List<Integer>> rows = new HashSet<>();
    for (int hit = 0; hit < result.size(); hit++) {
      rows.add(List.of(result.segment(hit), result.ordinal(hit)));
    }
    return rows;
  }

  private int limit() {
    return random.nextInt(10) == 0 ? random.nextInt(70_000) : random.nextInt(50);
  }

  @Test
  void manyThreadsFindInSeveralSegmentsWhatOneFinds() {
    segment(25_000);
    segment(100);
    segment(22_000);
    for (int i = 0; i < 40; i++) {
      assertSame(query(limit(), SearchOptions.Mode.EXACT));
    }
  }

  @Test
  void manyThreadsFindInOneLargeSegmentWhatOneFinds() {
    TestSegment large = segment(100_000);
    large.indexVectors(Distance.L2, 5000, new Coding.Fixed(Quantization.SCALAR));
    for (SearchOptions.Mode mode : SearchOptions.Mode.values()) {
      for (int i = 0; i < 40; i++) {
        assertSame(query(limit(), mode));
      }
    }
  }

  @Test
  void helpersTakePartAndTheirCancellationEndsTheSearch() {
    segment(100_000);
    VectorQuery query = query(10, SearchOptions.Mode.EXACT);
    Set<String> threads = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 2000 && threads.size() < 2; i++) {
      SearchResult unused =
          together.search(segments, query, () -> threads.add(Thread.currentThread().getName()));
    }
    assertThat(threads).anyMatch(name -> name.startsWith("alidade-search-"));
    Checkpoint cancelsHelpers =
        () -> {
          if (Thread.currentThread().getName().startsWith("alidade-search-")) {
            throw new CancellationException();
          }
          Thread.onSpinWait();
        };
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 2000; i++) { // A helper may come too late now and then.
                SearchResult unused = together.search(segments, query, cancelsHelpers);
              }
            })
        .isInstanceOf(CancellationException.class);
    assertSame(query);
  }
}
