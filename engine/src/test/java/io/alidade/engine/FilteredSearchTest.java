package io.alidade.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.filter.Filter.Comparison;
import io.alidade.engine.filter.Truth;
import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.Walk;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.Strategy;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Filtered searches of one segment with a graph and codes, against brute force.
final class FilteredSearchTest {
  private static final int DIMENSIONS = 384;
  private static final int LATENT = 16;
  private static final int ROWS = 8600;
  private static final int INDEXED = 8000;
  private static final int CLUSTERS = 20;
  private static final int QUERIES = 30;
  private static final int LIMIT = 10;
  private static final int PERMILLE = 0;
  private static final int CLUSTER = 1;
  private static final int TAG = 2;
  private static final int VECTOR = 3;

  private static RandomGenerator random;
  private static TestSegment rows;
  private static float[][] basis;
  private static float[][] centres;

  private final Searcher searcher = new Searcher();
  private final Set<Strategy> used = EnumSet.noneOf(Strategy.class);

  /// A query near the centre of a cluster.
  private record Query(float[] vector, int cluster) {}

  @BeforeAll
  static void fill() {
    random = TestSeed.generator();
    basis = gaussians(LATENT, DIMENSIONS);
    centres = gaussians(CLUSTERS, LATENT);
    rows = new TestSegment(List.of(ColumnType.INT4, ColumnType.INT4, ColumnType.TEXT), DIMENSIONS);
    for (int i = 0; i < ROWS; i++) {
      int cluster = random.nextInt(CLUSTERS);
      Object tag = random.nextInt(3) == 0 ? null : "t" + random.nextInt(5);
      rows.add(new Object[] {random.nextInt(1000), cluster, tag}, around(cluster));
    }
    rows.indexSealed(List.of(PERMILLE));
    rows.indexMutably(List.of(CLUSTER, PERMILLE));
    rows.indexVectors(Distance.COSINE, INDEXED, new Coding.Fixed(Quantization.BINARY));
    rows.indexVectors(Distance.L2, INDEXED, Coding.NONE);
  }

  @AfterAll
  static void close() {
    rows.close();
  }

  private static float[][] gaussians(int count, int dimensions) {
    float[][] vectors = new float[count][];
    for (int i = 0; i < count; i++) {
      vectors[i] = TestVectors.gaussian(random, dimensions);
    }
    return vectors;
  }

  /// A vector of few true dimensions and a little noise, as embeddings are.
  private static float[] around(int cluster) {
    float[] vector = TestVectors.gaussian(random, DIMENSIONS);
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] *= 0.5f;
    }
    float[] latent = TestVectors.gaussian(random, LATENT);
    for (int j = 0; j < LATENT; j++) {
      float weight = 1.5f * centres[cluster][j] + latent[j];
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] += weight * basis[j][i];
      }
    }
    return vector;
  }

  private static Query query() {
    int cluster = random.nextInt(CLUSTERS);
    return new Query(around(cluster), cluster);
  }

  /// The rows as a statement may see them.
  private record View(IntPredicate visible, int liveCount, List<OrderedIndex> orderedIndexes)
      implements SegmentView {
    static final View ALL = new View(_ -> true, ROWS, rows.orderedIndexes());
    static final View WITHOUT_INDEXES = new View(_ -> true, ROWS, List.of());

    @Override
    public int size() {
      return rows.size();
    }

    @Override
    public boolean isVisible(int ordinal) {
      return visible.test(ordinal);
    }

    @Override
    public ColumnReader column(int columnIndex) {
      return rows.column(columnIndex);
    }

    @Override
    public VectorStore vectors(int columnIndex) {
      return rows.vectors(columnIndex);
    }

    @Override
    public Optional<HnswIndex> vectorIndex(int columnIndex, Distance distance) {
      return rows.vectorIndex(columnIndex, distance);
    }
  }

  private static VectorQuery nearest(float[] vector, int limit, Filter filter) {
    return nearest(vector, Distance.COSINE, limit, filter);
  }

  private static VectorQuery nearest(float[] vector, Distance by, int limit, Filter filter) {
    return new VectorQuery(
        VECTOR, vector, by, limit, filter, Optional.empty(), SearchOptions.DEFAULT);
  }

  private static List<Integer> bruteForce(SegmentView view, VectorQuery query) {
    BoundFilter filter = BoundFilter.bind(query.filter(), view);
    record Found(int ordinal, double distance) {}
    return IntStream.range(0, view.size())
        .filter(view::isVisible)
        .filter(filter::matches)
        .mapToObj(ordinal ->
            new Found(
                ordinal,
                query.distance().between(query.query(), rows.vectors(VECTOR).toArray(ordinal))))
        .sorted(Comparator.comparingDouble(Found::distance).thenComparingInt(Found::ordinal))
        .map(Found::ordinal)
        .limit(query.limit())
        .toList();
  }

  /// The share of the true nearest that a search finds; the limit is always full.
  private double recall(SegmentView view, VectorQuery query) {
    List<Integer> expected = bruteForce(view, query);
    SearchResult result = searcher.search(List.of(view), query, Checkpoint.NONE);
    used.add(result.statistics().segments().getFirst().strategy());
    assertThat(result.size()).as("%s", query.filter()).isEqualTo(expected.size());
    BoundFilter filter = BoundFilter.bind(query.filter(), view);
    Set<Integer> found = new HashSet<>();
    for (int hit = 0; hit < result.size(); hit++) {
      int ordinal = result.ordinal(hit);
      assertThat(view.isVisible(ordinal) && filter.matches(ordinal)).isTrue();
      assertThat(found.add(ordinal)).as("each row once").isTrue();
    }
    found.retainAll(expected);
    return expected.isEmpty() ? 1 : (double) found.size() / expected.size();
  }

  private interface FilterOf {
    Filter of(Query query);
  }

  private void assertRecall(String what, SegmentView view, FilterOf filter) {
    assertRecall(what, view, Distance.COSINE, filter);
  }

  private void assertRecall(String what, SegmentView view, Distance by, FilterOf filter) {
    double sum = 0;
    for (int i = 0; i < QUERIES; i++) {
      Query query = query();
      sum += recall(view, nearest(query.vector, by, LIMIT, filter.of(query)));
    }
    assertThat(sum / QUERIES).as(what).isGreaterThanOrEqualTo(0.95);
  }

  private static Filter permilleBelow(int end) {
    return new Filter.Compare(PERMILLE, Comparison.LESS, end);
  }

  /// Clusters beginning with one so many places from the query's.
  private static Filter clusters(Query query, int from, int count) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add((query.cluster + from + i) % CLUSTERS);
    }
    return new Filter.In(CLUSTER, values);
  }

  private static Filter and(Filter... operands) {
    return new Filter.And(List.of(operands));
  }

  @Test
  void searchesUnderRandomFiltersFindTheNearest() {
    for (View view : List.of(View.ALL, View.WITHOUT_INDEXES)) {
      for (int permille : new int[] {1, 10, 50, 85, 90, 95, 100, 200, 300, 500, 900}) {
        assertRecall("random " + permille, view, _ -> permilleBelow(permille));
      }
      assertRecall("no filter", view, _ -> Filter.ALL);
    }
    assertThat(used).contains(Strategy.WALK, Strategy.LIST, Strategy.LIST_BY_CODES);
  }

  @Test
  void searchesUnderFiltersThatAgreeWithTheQueryFindTheNearest() {
    for (View view : List.of(View.ALL, View.WITHOUT_INDEXES)) {
      assertRecall("1 %", view, query -> and(clusters(query, 0, 1), permilleBelow(200)));
      assertRecall("10 %", view, query -> clusters(query, 0, 2));
      assertRecall("50 %", view, query -> clusters(query, 0, 10));
    }
  }

  @Test
  void searchesUnderFiltersThatContradictTheQueryFindTheNearest() {
    for (View view : List.of(View.ALL, View.WITHOUT_INDEXES)) {
      assertRecall("1 %", view, query -> and(clusters(query, 1, 1), permilleBelow(200)));
      assertRecall("10 %", view, query -> clusters(query, 1, 2));
      assertRecall("50 %", view, query -> clusters(query, 1, 10));
      assertRecall("95 %", view, query -> new Filter.Not(clusters(query, 0, 1)));
    }
  }

  @Test
  void nestedFiltersAndNullTestsFindTheNearest() {
    Filter untagged = new Filter.IsNull(TAG);
    Filter tagged = new Filter.In(TAG, List.of("t1", "t3"));
    for (View view : List.of(View.ALL, View.WITHOUT_INDEXES)) {
      assertRecall("is null", view, _ -> untagged);
      assertRecall("in", view, _ -> tagged);
      assertRecall(
          "or of ands",
          view,
          query ->
              new Filter.Or(
                  List.of(and(untagged, permilleBelow(300)), and(tagged, clusters(query, 0, 3)))));
      assertRecall(
          "not of or",
          view,
          query -> new Filter.Not(new Filter.Or(List.of(tagged, clusters(query, 0, 1)))));
    }
  }

  /// The distance without codes.
  @Test
  void searchesByVectorsAloneFindTheNearestUnderEveryKindOfFilter() {
    for (View view : List.of(View.ALL, View.WITHOUT_INDEXES)) {
      for (int permille : new int[] {10, 100, 300, 500, 900}) {
        assertRecall("random " + permille, view, Distance.L2, _ -> permilleBelow(permille));
      }
      assertRecall("agreeing 10 %", view, Distance.L2, query -> clusters(query, 0, 2));
      assertRecall("agreeing 50 %", view, Distance.L2, query -> clusters(query, 0, 10));
      assertRecall("contradicting 10 %", view, Distance.L2, query -> clusters(query, 1, 2));
      assertRecall("contradicting 50 %", view, Distance.L2, query -> clusters(query, 1, 10));
      assertRecall(
          "contradicting 95 %", view, Distance.L2, query -> new Filter.Not(clusters(query, 0, 1)));
      assertRecall(
          "nested",
          view,
          Distance.L2,
          query -> new Filter.Or(List.of(clusters(query, 3, 4), permilleBelow(200))));
    }
    assertThat(used).contains(Strategy.WALK, Strategy.LIST);
  }

  @Test
  void rowsThatAreGoneAroundTheQueryAndThatNobodyCountedDoNotNarrowTheBeam() {
    // Two thirds of every cluster are gone, and the count of live rows does not know it.
    IntPredicate left = ordinal -> Math.floorMod(ordinal * 0x9E3779B9, 3) == 0;
    View view = new View(left, ROWS, rows.orderedIndexes());
    for (Distance by : List.of(Distance.COSINE, Distance.L2)) {
      assertRecall("gone, " + by, view, by, _ -> Filter.ALL);
    }
    assertThat(used).contains(Strategy.WALK);
  }

  @Test
  void walksByTwoHopsCompareMatchingRowsOnlyAndFindTheNearest() {
    HnswIndex graph = rows.vectorIndex(VECTOR, Distance.COSINE).orElseThrow();
    for (int permille : new int[] {50, 100, 300, 700}) {
      Filter filter = permilleBelow(permille);
      BoundFilter bound = BoundFilter.bind(filter, View.ALL);
      View indexed = new View(ordinal -> ordinal < INDEXED, ROWS, List.of());
      int found = 0;
      for (int i = 0; i < QUERIES; i++) {
        float[] vector = query().vector;
        List<Integer> expected = bruteForce(indexed, nearest(vector, LIMIT, filter));
        try (Walk walk = graph.walk()) {
          walk.run(vector, 40, bound::matches, Long.MAX_VALUE, Walk.Traversal.TWO_HOPS);
          for (int place = 0; place < Math.min(LIMIT, walk.size()); place++) {
            assertThat(bound.matches(walk.ordinal(place))).isTrue();
            found += expected.contains(walk.ordinal(place)) ? 1 : 0;
          }
          assertThat(walk.visitedNodes()).isLessThan(2 * INDEXED);
        }
      }
      assertThat(found / (double) (QUERIES * LIMIT)).as("%d", permille).isGreaterThan(0.9);
    }
  }

  @Test
  void deletedRowsAreNeverFoundHoweverManyTheyAre() {
    for (int percent : new int[] {10, 50, 99}) {
      View view =
          new View(
              ordinal -> Math.floorMod(ordinal * 0x9E3779B9, 100) >= percent,
              ROWS * (100 - percent) / 100,
              rows.orderedIndexes());
      assertRecall(percent + " % deleted", view, _ -> Filter.ALL);
      assertRecall(percent + " % deleted, filtered", view, _ -> permilleBelow(400));
    }
  }

  @Test
  void aViewOfThePastFindsWhatWasThereThen() {
    for (int then : new int[] {5, 300, 4000}) {
      // The count of live rows is today's.
      View view = new View(ordinal -> ordinal < then, ROWS, rows.orderedIndexes());
      assertRecall("the first " + then, view, _ -> Filter.ALL);
      assertRecall("the first " + then + ", filtered", view, _ -> permilleBelow(200));
    }
  }

  @Test
  void aPredicateThatNobodyCouldEstimateIsAnsweredInFull() {
    for (int every : new int[] {2, 40, 900}) {
      // The rows that match lie far from the query.
      assertRecall(
          "opaque",
          View.ALL,
          query ->
              new Filter.Computed(
                  Set.of(CLUSTER),
                  columns -> {
                    ColumnReader cluster = columns.column(CLUSTER);
                    return ordinal ->
                        Truth.of(cluster.getLong(ordinal) != query.cluster && ordinal % every == 0);
                  }));
    }
    assertThat(used).contains(Strategy.WALK, Strategy.EXACT);
  }

  @Test
  void rowsFarFromTheQueryFillTheLimitAllTheSame() {
    for (int i = 0; i < 20; i++) {
      Query query = query();
      // All rows but the farthest third are excluded.
      List<Integer> near = bruteForce(View.ALL, nearest(query.vector, ROWS * 2 / 3, Filter.ALL));
      Set<Integer> excluded = new HashSet<>(near);
      Filter far =
          new Filter.Computed(Set.of(), _ -> ordinal -> Truth.of(!excluded.contains(ordinal)));
      // So far away all are about as far, and codes tell little; but the limit must be full.
      double unused = recall(View.ALL, nearest(query.vector, LIMIT, far));
    }
  }

  @Test
  void moreThanThereIsGivesAllThereIs() {
    for (int limit : new int[] {100, 5000, 20_000}) {
      for (int permille : new int[] {0, 3, 100, 1000}) {
        Query query = query();
        double recall = recall(View.ALL, nearest(query.vector, limit, permilleBelow(permille)));
        assertThat(recall).isGreaterThanOrEqualTo(0.95);
      }
    }
  }

  @Test
  void equalDistancesAreInTheOrderOfOrdinals() {
    try (TestSegment equal = new TestSegment(List.of(ColumnType.INT4), DIMENSIONS)) {
      float[][] vectors = gaussians(3, DIMENSIONS);
      for (int i = 0; i < 6000; i++) {
        equal.add(new Object[] {i % 2}, vectors[i % 3]);
      }
      equal.indexVectors(Distance.L2, 5000, new Coding.Fixed(Quantization.BINARY));
      VectorQuery query =
          new VectorQuery(
              1,
              vectors[1],
              Distance.L2,
              20,
              new Filter.Compare(0, Comparison.EQUAL, 1),
              Optional.empty(),
              new SearchOptions(40, SearchOptions.Mode.EXACT));
      SearchResult result = searcher.search(List.of(equal), query, Checkpoint.NONE);
      List<Integer> expected = IntStream.range(0, 20).mapToObj(i -> 6 * i + 1).toList();
      assertThat(ordinals(result)).isEqualTo(expected);
    }
  }

  private static List<Integer> ordinals(SearchResult result) {
    return IntStream.range(0, result.size()).mapToObj(result::ordinal).toList();
  }
}
