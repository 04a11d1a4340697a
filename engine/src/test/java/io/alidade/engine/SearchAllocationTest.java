package io.alidade.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.filter.Filter.Comparison;
import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.Walk;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.DistanceBound;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.SegmentStatistics;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.Strategy;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What searches allocate on one thread once they are warm: nothing, by the counters of the JVM.
final class SearchAllocationTest {
  private static final int DIMENSIONS = 128;
  private static final int VECTOR_COLUMN = 1;
  private static final int LIMIT = 10;
  private static final int QUERIES = 64;
  private static final SearchOptions NARROW =
      new SearchOptions(LIMIT, SearchOptions.Mode.APPROXIMATE);
  private static final SearchOptions EXACT = new SearchOptions(LIMIT, SearchOptions.Mode.EXACT);

  /// Searches until a round has allocated nothing; the first rounds are interpreted, and compiled
  /// code may be thrown away once or twice.
  private static final int ROUNDS = 300;

  private final RandomGenerator random = TestSeed.generator();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Searcher searcher = new Searcher(1);
  private final SearchResult result = new SearchResult();
  private final List<TestSegment> segments = new ArrayList<>();

  @AfterEach
  void close() {
    segments.forEach(TestSegment::close);
  }

  private TestSegment segment(int rows) {
    TestSegment segment = new TestSegment(List.of(ColumnType.INT4), DIMENSIONS);
    segments.add(segment);
    for (int i = 0; i < rows; i++) {
      segment.add(new Object[] {random.nextInt(1000)}, vector());
    }
    segment.indexSealed(List.of(0));
    return segment;
  }

  /// With a tail. So many rows that a walk is the cheapest whatever it reads.
  private TestSegment indexed(Coding coding) {
    TestSegment segment = segment(16_000);
    segment.indexVectors(Distance.COSINE, 15_900, coding);
    return segment;
  }

  /// Of few true dimensions.
  private float[] vector() {
    return Arrays.copyOf(TestVectors.gaussian(random, 16), DIMENSIONS);
  }

  private List<VectorQuery> queries(Filter filter, SearchOptions options) {
    return queries(filter, Optional.empty(), options);
  }

  private List<VectorQuery> queries(
      Filter filter, Optional<DistanceBound> bound, SearchOptions options) {
    List<VectorQuery> queries = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      queries.add(
          new VectorQuery(VECTOR_COLUMN, vector(), Distance.COSINE, LIMIT, filter, bound, options));
    }
    return queries;
  }

  /// The bytes that the calling thread allocates in the best of many rounds.
  private long leastAllocated(Runnable round) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS && least > 0; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      round.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  /// A search of each query, by segments and filters that were bound beforehand.
  private Runnable searches(List<TestSegment> searched, List<VectorQuery> queries) {
    List<SegmentView> views = List.copyOf(searched);
    List<BoundFilter> filters =
        searched.stream()
            .map(segment -> BoundFilter.bind(queries.getFirst().filter(), segment))
            .toList();
    return () -> {
      for (int i = 0; i < queries.size(); i++) {
        searcher.search(views, filters, queries.get(i), Checkpoint.NONE, result);
      }
    };
  }

  private void assertNothingIsAllocated(List<TestSegment> searched, List<VectorQuery> queries) {
    assertThat(leastAllocated(searches(searched, queries))).isZero();
  }

  private List<Strategy> strategies() {
    return result.statistics().segments().stream().map(SegmentStatistics::strategy).toList();
  }

  @Test
  void unfilteredWalksAllocateNothing() {
    for (Coding coding : List.of(Coding.NONE, new Coding.Fixed(Quantization.BINARY))) {
      assertNothingIsAllocated(List.of(indexed(coding)), queries(Filter.ALL, NARROW));
      assertThat(strategies()).containsExactly(Strategy.WALK);
      assertThat(result.size()).isEqualTo(LIMIT);
    }
  }

  @Test
  void unfilteredScansAllocateNothing() {
    List<TestSegment> coded = List.of(indexed(new Coding.Fixed(Quantization.BINARY)));
    assertNothingIsAllocated(coded, queries(Filter.ALL, EXACT));
    assertThat(strategies()).containsExactly(Strategy.EXACT);
    SearchOptions wide = new SearchOptions(20_000, SearchOptions.Mode.APPROXIMATE);
    assertNothingIsAllocated(coded, queries(Filter.ALL, wide));
    assertThat(strategies()).containsExactly(Strategy.SCAN_BY_CODES);
  }

  @Test
  void searchesOfSeveralSegmentsAllocateNothing() {
    segment(0);
    indexed(new Coding.Fixed(Quantization.BINARY));
    segment(300);
    indexed(Coding.NONE);
    List<VectorQuery> queries = queries(Filter.ALL, NARROW);
    List<SegmentView> views = List.copyOf(segments);
    Runnable round =
        () -> {
          for (int i = 0; i < queries.size(); i++) {
            searcher.search(views, queries.get(i), Checkpoint.NONE, result);
          }
        };
    assertThat(leastAllocated(round)).isZero();
    assertThat(strategies())
        .containsExactly(Strategy.NONE, Strategy.WALK, Strategy.EXACT, Strategy.WALK);
  }

  @Test
  void searchesUnderFiltersThatWereBoundAllocateNothing() {
    List<TestSegment> coded = List.of(indexed(new Coding.Fixed(Quantization.BINARY)));
    Filter half =
        new Filter.And(
            List.of(
                new Filter.Compare(0, Comparison.LESS, 500),
                new Filter.Not(new Filter.Compare(0, Comparison.EQUAL, 7))));
    assertNothingIsAllocated(coded, queries(half, NARROW));
    assertThat(strategies()).doesNotContain(Strategy.LIST, Strategy.LIST_BY_CODES);
    assertNothingIsAllocated(coded, queries(half, EXACT));
    assertThat(strategies()).containsExactly(Strategy.EXACT);
  }

  @Test
  void searchesWithinADistanceAllocateNothing() {
    DistanceBound bound = new DistanceBound(0.3, DistanceBound.Inclusion.EXCLUSIVE);
    assertNothingIsAllocated(
        List.of(indexed(new Coding.Fixed(Quantization.BINARY))),
        queries(Filter.ALL, Optional.of(bound), NARROW));
  }

  @Test
  void listingRowsByAnIndexTakesItsIteratorsOnly() {
    List<TestSegment> coded = List.of(indexed(new Coding.Fixed(Quantization.BINARY)));
    Filter few = new Filter.Compare(0, Comparison.LESS, 5);
    long allocated = leastAllocated(searches(coded, queries(few, NARROW)));
    assertThat(strategies()).containsExactly(Strategy.LIST);
    assertThat(allocated / QUERIES).isLessThan(500);
  }

  @Test
  void bindingAFilterToASegmentAllocatesWhatDoesNotDependOnItsRows() {
    TestSegment coded = indexed(new Coding.Fixed(Quantization.BINARY));
    List<VectorQuery> queries = queries(new Filter.Compare(0, Comparison.LESS, 500), NARROW);
    List<SegmentView> views = List.of(coded);
    Runnable round =
        () -> {
          for (int i = 0; i < queries.size(); i++) {
            searcher.search(views, queries.get(i), Checkpoint.NONE, result);
          }
        };
    assertThat(leastAllocated(round) / QUERIES).isLessThan(2000);
  }

  @Test
  void aWalkByItselfAllocatesNothing() {
    for (Coding coding : List.of(Coding.NONE, new Coding.Fixed(Quantization.BINARY))) {
      HnswIndex index = indexed(coding).vectorIndex(VECTOR_COLUMN, Distance.COSINE).orElseThrow();
      List<VectorQuery> queries = queries(Filter.ALL, NARROW);
      Runnable round =
          () -> {
            for (int i = 0; i < queries.size(); i++) {
              try (Walk walk = index.walk()) {
                walk.run(queries.get(i).query(), 40, Walk.EVERY, Long.MAX_VALUE);
              }
            }
          };
      assertThat(leastAllocated(round)).isZero();
    }
  }
}
