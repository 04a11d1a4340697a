package io.alidade.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.filter.Filter.Comparison;
import io.alidade.engine.filter.Truth;
import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.DistanceBound;
import io.alidade.engine.search.FilteredScan;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.SegmentStatistics;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.Strategy;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SearcherTest {
  private static final int DIMENSIONS = 256;
  private static final int VECTOR_COLUMN = 2;
  private static final SearchOptions EXACT = new SearchOptions(40, SearchOptions.Mode.EXACT);

  private final Searcher searcher = new Searcher();
  private final List<TestSegment> segments = new ArrayList<>();
  private RandomGenerator random;

  @BeforeEach
  void begin() {
    random = TestSeed.generator();
  }

  @AfterEach
  void end() {
    segments.forEach(TestSegment::close);
  }

  /// Rows with a permille (0 to 999), a cluster that agrees with the vector, and the vector. One in
  /// 50 vectors is NULL, one in 50 zero; one in 20 rows is deleted.
  private TestSegment segment(int rows) {
    TestSegment segment = new TestSegment(List.of(ColumnType.INT4, ColumnType.TEXT), DIMENSIONS);
    segments.add(segment);
    for (int i = 0; i < rows; i++) {
      int cluster = random.nextInt(10);
      float[] vector = vector();
      vector[cluster] += 6;
      switch (random.nextInt(50)) {
        case 0 -> segment.add(new Object[] {random.nextInt(1000), null}, null);
        case 1 -> segment.add(new Object[] {null, "c" + cluster}, new float[DIMENSIONS]);
        default -> segment.add(new Object[] {random.nextInt(1000), "c" + cluster}, vector);
      }
      if (random.nextInt(20) == 0) {
        segment.delete(i);
      }
    }
    return segment;
  }

  /// Long enough for a graph to pay, of few true dimensions.
  private float[] vector() {
    return Arrays.copyOf(TestVectors.gaussian(random, 16), DIMENSIONS);
  }

  private record Row(int segment, int ordinal, double distance, boolean hasVector) {}

  private List<Row> bruteForce(VectorQuery query) {
    List<Row> rows = new ArrayList<>();
    for (int s = 0; s < segments.size(); s++) {
      TestSegment segment = segments.get(s);
      BoundFilter filter = BoundFilter.bind(query.filter(), segment);
      for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
        if (segment.isVisible(ordinal) && filter.matches(ordinal)) {
          boolean hasVector = segment.vectors(VECTOR_COLUMN).isPresent(ordinal);
          double distance =
              hasVector
                  ? query
                      .distance()
                      .between(query.query(), segment.vectors(VECTOR_COLUMN).toArray(ordinal))
                  : Double.NaN;
          if (query.bound().isEmpty() || query.bound().get().admits(distance)) {
            rows.add(new Row(s, ordinal, distance, hasVector));
          }
        }
      }
    }
    rows.sort(
        Comparator.comparing(Row::hasVector, Comparator.reverseOrder())
            .thenComparingDouble(Row::distance)
            .thenComparingInt(Row::segment)
            .thenComparingInt(Row::ordinal));
    return rows;
  }

  private Filter randomFilter() {
    Filter permille =
        switch (random.nextInt(5)) {
          case 0 -> new Filter.Compare(0, Comparison.LESS, random.nextInt(1000));
          case 1 -> new Filter.Compare(0, Comparison.LESS, random.nextInt(20));
          case 2 -> new Filter.Compare(0, Comparison.EQUAL, random.nextInt(1000));
          case 3 ->
              new Filter.Computed(
                  Set.of(0),
                  columns ->
                      ordinal ->
                          columns.column(0).isNull(ordinal)
                              ? Truth.UNKNOWN
                              : Truth.of(columns.column(0).getLong(ordinal) % 3 == 0));
          default -> Filter.ALL;
        };
    return switch (random.nextInt(4)) {
      case 0 ->
          new Filter.And(
              List.of(permille, new Filter.Compare(1, Comparison.EQUAL, "c" + random.nextInt(10))));
      case 1 -> new Filter.Not(permille);
      case 2 -> new Filter.Or(List.of(permille, new Filter.IsNull(1)));
      default -> permille;
    };
  }

  private VectorQuery randomQuery(SearchOptions options) {
    float[] vector = vector();
    vector[random.nextInt(10)] += 6;
    if (random.nextInt(30) == 0) {
      vector = new float[DIMENSIONS];
    }
    int limit = random.nextInt(10) == 0 ? random.nextInt(3000) : random.nextInt(30);
    Optional<DistanceBound> bound =
        random.nextInt(4) == 0
            ? Optional.of(
                new DistanceBound(
                    random.nextDouble() * 4 - 1,
                    DistanceBound.Inclusion.values()[random.nextInt(2)]))
            : Optional.empty();
    return new VectorQuery(
        VECTOR_COLUMN,
        vector,
        TestVectors.DISTANCES.get(random.nextInt(4)),
        limit,
        randomFilter(),
        bound,
        options);
  }

  private SearchResult search(VectorQuery query) {
    return searcher.search(List.<SegmentView>copyOf(segments), query, Checkpoint.NONE);
  }

  /// What holds for every answer: rows that match, each once, in order, with their true distances.
  private void assertSound(SearchResult result, VectorQuery query, List<Row> expected) {
    assertThat(result.size()).as("%s", query).isEqualTo(Math.min(query.limit(), expected.size()));
    Set<List<Integer>> allowed = new java.util.HashSet<>();
    expected.forEach(row -> allowed.add(List.of(row.segment, row.ordinal)));
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < result.size(); i++) {
      List<Integer> row = List.of(result.segment(i), result.ordinal(i));
      assertThat(allowed.remove(row)).as("row %s of %s", row, query).isTrue();
      TestSegment segment = segments.get(result.segment(i));
      assertThat(result.hasDistance(i))
          .isEqualTo(segment.vectors(VECTOR_COLUMN).isPresent(result.ordinal(i)));
      if (result.hasDistance(i)) {
        double distance =
            query
                .distance()
                .between(query.query(), segment.vectors(VECTOR_COLUMN).toArray(result.ordinal(i)));
        assertSameDistance(result.distance(i), distance);
        assertThat(Double.compare(result.distance(i), last)).isNotNegative();
        last = result.distance(i);
      }
    }
  }

  private static void assertSameDistance(double actual, double expected) {
    if (Double.isNaN(expected)) {
      assertThat(actual).isNaN();
    } else {
      assertThat(actual).isCloseTo(expected, within(1e-4 * Math.max(1, Math.abs(expected))));
    }
  }

  private void prepareSegments() {
    TestSegment large = segment(5000);
    large.indexSealed(List.of(0));
    TestSegment coded = segment(5000);
    coded.indexSealed(List.of(0));
    TestSegment medium = segment(1500);
    medium.indexMutably(List.of(1, 0));
    segment(40);
    segment(0);
    large.indexVectors(Distance.L2, 5000);
    large.indexVectors(Distance.COSINE, 5000);
    for (Distance distance : TestVectors.DISTANCES) {
      medium.indexVectors(distance, 1300); // With a tail.
    }
    coded.indexVectors(Distance.L2, 4600, new Coding.Fixed(Quantization.SCALAR));
    coded.indexVectors(Distance.COSINE, 4600, new Coding.Fixed(Quantization.SCALAR));
  }

  @Test
  void everySearchFillsTheLimitWheneverEnoughRowsMatch() {
    prepareSegments();
    Set<Strategy> used = EnumSet.noneOf(Strategy.class);
    for (int i = 0; i < 700; i++) {
      VectorQuery query = randomQuery(SearchOptions.DEFAULT);
      SearchResult result = search(query);
      assertSound(result, query, bruteForce(query));
      result.statistics().segments().forEach(segment -> used.add(segment.strategy()));
    }
    assertThat(used)
        .contains(
            Strategy.NONE,
            Strategy.WALK,
            Strategy.LIST,
            Strategy.EXACT,
            Strategy.SCAN_BY_CODES,
            Strategy.WALK_THEN_EXACT);
  }

  @Test
  void anExactSearchIsBruteForce() {
    prepareSegments();
    for (int i = 0; i < 200; i++) {
      VectorQuery query = randomQuery(EXACT);
      List<Row> expected = bruteForce(query);
      SearchResult result = search(query);
      assertSound(result, query, expected);
      for (int hit = 0; hit < result.size(); hit++) {
        assertSameDistance(result.distance(hit), expected.get(hit).distance);
      }
      assertThat(result.statistics().segments())
          .extracting(SegmentStatistics::strategy)
          .containsAnyOf(Strategy.NONE, Strategy.LIST, Strategy.EXACT)
          .isSubsetOf(Strategy.NONE, Strategy.LIST, Strategy.EXACT);
    }
  }

  @Test
  void filteredWalksFindAtLeastNinetyPercent() {
    prepareSegments();
    int wanted = 0;
    int found = 0;
    int walks = 0;
    for (int i = 0; i < 400; i++) {
      VectorQuery query = randomQuery(SearchOptions.DEFAULT);
      SearchResult result = search(query);
      if (result.statistics().segments().getFirst().strategy() == Strategy.WALK
          && query.bound().isEmpty()) {
        walks++;
        List<Row> expected = bruteForce(query).subList(0, result.size());
        wanted += expected.size();
        for (int hit = 0; hit < result.size(); hit++) {
          int segment = result.segment(hit);
          int ordinal = result.ordinal(hit);
          if (expected.stream().anyMatch(r -> r.segment == segment && r.ordinal == ordinal)) {
            found++;
          }
        }
      }
    }
    assertThat(walks).isGreaterThan(20);
    assertThat(found / (double) wanted).isGreaterThanOrEqualTo(0.90);
  }

  @Test
  void aSelectiveFilterIsListedAndAnOpenOneWalked() {
    TestSegment segment = segment(5000);
    segment.indexSealed(List.of(0));
    segment.indexVectors(Distance.L2, 5000);
    float[] vector = vector();
    VectorQuery open =
        new VectorQuery(
            VECTOR_COLUMN,
            vector,
            Distance.L2,
            10,
            Filter.ALL,
            Optional.empty(),
            SearchOptions.DEFAULT);
    assertThat(strategy(open)).isEqualTo(Strategy.WALK);
    VectorQuery selective =
        new VectorQuery(
            VECTOR_COLUMN,
            vector,
            Distance.L2,
            10,
            new Filter.Compare(0, Comparison.LESS, 5),
            Optional.empty(),
            SearchOptions.DEFAULT);
    assertThat(strategy(selective)).isEqualTo(Strategy.LIST);
    SegmentStatistics statistics = search(selective).statistics().segments().getFirst();
    assertThat(statistics.testedRows()).isLessThan(200);
  }

  private Strategy strategy(VectorQuery query) {
    return search(query).statistics().segments().getFirst().strategy();
  }

  @Test
  void aCheckpointEndsASearchAndAScan() {
    segment(5000);
    Checkpoint cancelled =
        () -> {
          throw new CancellationException();
        };
    VectorQuery query = randomQuery(EXACT);
    assertThatThrownBy(() -> searcher.search(List.copyOf(segments), query, cancelled))
        .isInstanceOf(CancellationException.class);
    assertThatThrownBy(() ->
            FilteredScan.open(segments.getFirst(), Filter.ALL, cancelled)
                .forEachRemaining((int _) -> {}))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void aFilteredScanGivesEveryVisibleMatchOnce() {
    prepareSegments();
    boolean indexUsed = false;
    for (int i = 0; i < 100; i++) {
      Filter filter = randomFilter();
      for (TestSegment segment : segments) {
        FilteredScan scan = FilteredScan.open(segment, filter, Checkpoint.NONE);
        List<Integer> found = new ArrayList<>();
        scan.forEachRemaining((int ordinal) -> found.add(ordinal));
        BoundFilter bound = BoundFilter.bind(filter, segment);
        List<Integer> expected = new ArrayList<>();
        for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
          if (segment.isVisible(ordinal) && bound.matches(ordinal)) {
            expected.add(ordinal);
          }
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        if (scan.index().isPresent()) {
          indexUsed = true;
          assertThat(scan.testedRows()).isLessThan(segment.size());
        }
      }
    }
    assertThat(indexUsed).isTrue();
  }
}
