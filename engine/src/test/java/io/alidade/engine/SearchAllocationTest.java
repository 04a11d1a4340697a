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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

  /// Searches are repeated until a round has allocated nothing, at most for so long: the first
  /// rounds are interpreted, and compiling takes its time on a busy machine.
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private static RandomGenerator random;

  /// With a graph and codes.
  private static TestSegment coded;

  /// With a graph.
  private static TestSegment plain;

  private static TestSegment small;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Searcher searcher = new Searcher(1);
  private final SearchResult result = new SearchResult();

  @BeforeAll
  static void fill() {
    random = TestSeed.generator();
    coded = segment(16_000); // So many that a walk is the cheapest whatever it reads.
    coded.indexVectors(Distance.COSINE, 15_900, new Coding.Fixed(Quantization.BINARY));
    plain = segment(6000);
    plain.indexVectors(Distance.COSINE, 5900, Coding.NONE);
    small = segment(300);
  }

  @AfterAll
  static void close() {
    coded.close();
    plain.close();
    small.close();
  }

  private static TestSegment segment(int rows) {
    TestSegment segment = new TestSegment(List.of(ColumnType.INT4), DIMENSIONS);
    for (int i = 0; i < rows; i++) {
      segment.add(new Object[] {random.nextInt(1000)}, vector());
    }
    segment.indexSealed(List.of(0));
    return segment;
  }

  /// Of few true dimensions.
  private static float[] vector() {
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
    return allocated(round, 0);
  }

  /// The same, ending early where it is no more than what is expected.
  private long allocated(Runnable round, long expected) {
    long least = Long.MAX_VALUE;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (least > expected && System.nanoTime() < end) {
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
    for (TestSegment segment : List.of(plain, coded)) {
      assertNothingIsAllocated(List.of(segment), queries(Filter.ALL, NARROW));
      assertThat(strategies()).containsExactly(Strategy.WALK);
      assertThat(result.size()).isEqualTo(LIMIT);
    }
  }

  @Test
  void unfilteredScansAllocateNothing() {
    List<TestSegment> searched = List.of(coded);
    assertNothingIsAllocated(searched, queries(Filter.ALL, EXACT));
    assertThat(strategies()).containsExactly(Strategy.EXACT);
    SearchOptions wide = new SearchOptions(20_000, SearchOptions.Mode.APPROXIMATE);
    assertNothingIsAllocated(searched, queries(Filter.ALL, wide));
    assertThat(strategies()).containsExactly(Strategy.SCAN_BY_CODES);
  }

  @Test
  void searchesOfSeveralSegmentsAllocateNothing() {
    List<TestSegment> segments = List.of(coded, small, plain);
    List<VectorQuery> queries = queries(Filter.ALL, NARROW);
    List<SegmentView> views = List.copyOf(segments);
    Runnable round =
        () -> {
          for (int i = 0; i < queries.size(); i++) {
            searcher.search(views, queries.get(i), Checkpoint.NONE, result);
          }
        };
    assertThat(leastAllocated(round)).isZero();
    assertThat(strategies()).containsExactly(Strategy.WALK, Strategy.EXACT, Strategy.WALK);
  }

  @Test
  void searchesUnderFiltersThatWereBoundAllocateNothing() {
    List<TestSegment> searched = List.of(coded);
    Filter half =
        new Filter.And(
            List.of(
                new Filter.Compare(0, Comparison.LESS, 500),
                new Filter.Not(new Filter.Compare(0, Comparison.EQUAL, 7))));
    assertNothingIsAllocated(searched, queries(half, NARROW));
    assertThat(strategies()).doesNotContain(Strategy.LIST, Strategy.LIST_BY_CODES);
    assertNothingIsAllocated(searched, queries(half, EXACT));
    assertThat(strategies()).containsExactly(Strategy.EXACT);
  }

  @Test
  void searchesWithinADistanceAllocateNothing() {
    DistanceBound bound = new DistanceBound(0.3, DistanceBound.Inclusion.EXCLUSIVE);
    assertNothingIsAllocated(List.of(coded), queries(Filter.ALL, Optional.of(bound), NARROW));
  }

  @Test
  void listingRowsByAnIndexTakesItsIteratorsOnly() {
    List<TestSegment> searched = List.of(coded);
    Filter few = new Filter.Compare(0, Comparison.LESS, 5);
    long most = 500L * QUERIES;
    long allocated = allocated(searches(searched, queries(few, NARROW)), most);
    assertThat(strategies()).containsExactly(Strategy.LIST);
    assertThat(allocated).isLessThanOrEqualTo(most);
  }

  @Test
  void bindingAFilterToASegmentAllocatesWhatDoesNotDependOnItsRows() {
    List<VectorQuery> queries = queries(new Filter.Compare(0, Comparison.LESS, 500), NARROW);
    List<SegmentView> views = List.of(coded);
    Runnable round =
        () -> {
          for (int i = 0; i < queries.size(); i++) {
            searcher.search(views, queries.get(i), Checkpoint.NONE, result);
          }
        };
    long most = 2000L * QUERIES;
    assertThat(allocated(round, most)).isLessThanOrEqualTo(most);
  }

  @Test
  void aWalkByItselfAllocatesNothing() {
    for (TestSegment segment : List.of(plain, coded)) {
      HnswIndex index = segment.vectorIndex(VECTOR_COLUMN, Distance.COSINE).orElseThrow();
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
