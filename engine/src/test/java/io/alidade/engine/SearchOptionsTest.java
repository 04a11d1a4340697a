package io.alidade.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.DistanceBound;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.SearchOptions.Codes;
import io.alidade.engine.search.SearchOptions.Mode;
import io.alidade.engine.search.SearchOptions.Rescoring;
import io.alidade.engine.search.SegmentStatistics;
import io.alidade.engine.search.Strategy;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the options of a search change, and searches within a distance, on one segment that has a
/// graph and codes of one bit a dimension.
final class SearchOptionsTest {
  private static final int DIMENSIONS = 128;
  private static final int LATENT = 20;
  private static final int ROWS = 16_000;
  private static final int QUERIES = 40;
  private static final int LIMIT = 10;

  /// So wide a beam that a scan is sure to be cheaper.
  private static final int SCANNING = SearchOptions.MAX_EF;

  /// So narrow a one that a walk is.
  private static final int WALKING = LIMIT;

  private static RandomGenerator random;
  private static TestSegment rows;
  private static float[][] basis;
  private static List<float[]> queries;

  private final Searcher searcher = new Searcher();

  @BeforeAll
  static void fill() {
    random = TestSeed.generator();
    basis = new float[LATENT][];
    for (int i = 0; i < LATENT; i++) {
      basis[i] = TestVectors.gaussian(random, DIMENSIONS);
    }
    rows = new TestSegment(List.of(ColumnType.INT4), DIMENSIONS);
    for (int i = 0; i < ROWS; i++) {
      rows.add(new Object[] {i}, vector());
    }
    rows.indexVectors(Distance.L2, ROWS - 200, new Coding.Fixed(Quantization.BINARY));
    queries = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      queries.add(vector());
    }
  }

  @AfterAll
  static void close() {
    rows.close();
  }

  /// Of few true dimensions and a little noise.
  private static float[] vector() {
    float[] vector = TestVectors.gaussian(random, DIMENSIONS);
    for (float[] direction : basis) {
      float weight = (float) random.nextGaussian();
      for (int i = 0; i < DIMENSIONS; i++) {
        vector[i] += weight * direction[i];
      }
    }
    return vector;
  }

  private SearchResult search(
      float[] query, int limit, Optional<DistanceBound> bound, SearchOptions options) {
    VectorQuery asked = new VectorQuery(1, query, Distance.L2, limit, Filter.ALL, bound, options);
    return searcher.search(List.of(rows), asked, Checkpoint.NONE);
  }

  private SearchResult exact(float[] query, int limit, Optional<DistanceBound> bound) {
    return search(query, limit, bound, new SearchOptions(LIMIT, Mode.EXACT));
  }

  private static Set<Integer> ordinals(SearchResult result) {
    Set<Integer> ordinals = new HashSet<>();
    for (int hit = 0; hit < result.size(); hit++) {
      ordinals.add(result.ordinal(hit));
    }
    return ordinals;
  }

  /// What searches found and took with some options, over all queries.
  private record Outcome(double recall, double rescored, Set<Strategy> strategies) {}

  private Outcome outcome(SearchOptions options) {
    int found = 0;
    long rescored = 0;
    Set<Strategy> strategies = new HashSet<>();
    for (float[] query : queries) {
      Set<Integer> expected = ordinals(exact(query, LIMIT, Optional.empty()));
      SearchResult result = search(query, LIMIT, Optional.empty(), options);
      assertThat(result.size()).isEqualTo(LIMIT);
      for (int hit = 0; hit < LIMIT; hit++) {
        found += expected.contains(result.ordinal(hit)) ? 1 : 0;
        float[] row = rows.vectors(1).toArray(result.ordinal(hit));
        double distance = Distance.L2.between(query, row);
        assertThat(Math.abs(result.distance(hit) - distance)).isLessThan(1e-3 * distance);
      }
      rescored += result.statistics().sum(SegmentStatistics::rescoredRows);
      strategies.add(result.statistics().segments().getFirst().strategy());
    }
    return new Outcome(found / (double) (QUERIES * LIMIT), rescored / (double) QUERIES, strategies);
  }

  private Outcome outcome(int ef, Rescoring rescoring, double oversampling) {
    return outcome(new SearchOptions(ef, Mode.APPROXIMATE, Codes.USE, rescoring, oversampling));
  }

  @Test
  void scansRescoreAsManyRowsAsTheyAreTold() {
    Outcome automatic = outcome(SCANNING, Rescoring.AUTOMATIC, 1);
    assertThat(automatic.strategies).containsExactly(Strategy.SCAN_BY_CODES);
    assertThat(automatic.rescored).isEqualTo(100);
    assertThat(outcome(SCANNING, Rescoring.AUTOMATIC, 20).rescored).isEqualTo(200);
    Outcome much = outcome(SCANNING, Rescoring.ON, 30);
    assertThat(much.rescored).isEqualTo(300);
    Outcome some = outcome(SCANNING, Rescoring.ON, 2.55);
    assertThat(some.rescored).isEqualTo(25);
    Outcome none = outcome(SCANNING, Rescoring.OFF, 30);
    assertThat(none.rescored).isEqualTo(LIMIT);
    assertThat(much.recall).isGreaterThan(0.95).isGreaterThan(some.recall);
    assertThat(some.recall).isGreaterThan(none.recall);
    assertThat(automatic.recall).isGreaterThan(some.recall);
  }

  @Test
  void walksRescoreAsManyRowsAsTheyAreTold() {
    Outcome automatic = outcome(WALKING, Rescoring.AUTOMATIC, 1);
    assertThat(automatic.strategies).containsExactly(Strategy.WALK);
    Outcome some = outcome(WALKING, Rescoring.ON, 3);
    assertThat(some.rescored).isEqualTo(30);
    Outcome none = outcome(WALKING, Rescoring.OFF, 3);
    assertThat(none.rescored).isEqualTo(LIMIT);
    assertThat(none.strategies).containsExactly(Strategy.WALK);
    assertThat(some.recall).isGreaterThan(none.recall);
    assertThat(outcome(WALKING, Rescoring.AUTOMATIC, 4).recall).isGreaterThan(none.recall);
  }

  @Test
  void withoutCodesVectorsAreWalkedOnAndScanned() {
    SearchOptions walking = new SearchOptions(80, Mode.APPROXIMATE, Codes.IGNORE, Rescoring.ON, 2);
    Outcome walked = outcome(walking);
    assertThat(walked.strategies).containsExactly(Strategy.WALK);
    assertThat(walked.rescored).isEqualTo(LIMIT);
    assertThat(walked.recall).isGreaterThan(0.9);
    SearchOptions scanning =
        new SearchOptions(SCANNING, Mode.APPROXIMATE, Codes.IGNORE, Rescoring.AUTOMATIC, 1);
    Outcome scanned = outcome(scanning);
    assertThat(scanned.strategies).containsExactly(Strategy.EXACT);
    assertThat(scanned.recall).isEqualTo(1);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    for (double oversampling : new double[] {0.99, 100.5, Double.NaN}) {
      assertThatThrownBy(() ->
              new SearchOptions(10, Mode.APPROXIMATE, Codes.USE, Rescoring.AUTOMATIC, oversampling))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void withinADistanceAllAreFoundOrAsManyAsAreWanted() {
    for (int within : new int[] {0, 3, 30, 200}) {
      for (int limit : new int[] {LIMIT, 2000}) {
        int wanted = 0;
        int found = 0;
        for (float[] query : queries) {
          SearchResult near = exact(query, within + 1, Optional.empty());
          Optional<DistanceBound> bound =
              Optional.of(
                  new DistanceBound(near.distance(within), DistanceBound.Inclusion.EXCLUSIVE));
          Set<Integer> expected = ordinals(exact(query, limit, bound));
          SearchResult result =
              search(query, limit, bound, new SearchOptions(40, Mode.APPROXIMATE));
          Set<Integer> actual = ordinals(result);
          assertThat(actual).hasSize(result.size()).hasSize(expected.size());
          for (int hit = 0; hit < result.size(); hit++) {
            assertThat(bound.get().admits(result.distance(hit))).isTrue();
          }
          if (within < limit) { // All of them; otherwise which are found is approximate.
            assertThat(actual).isEqualTo(expected);
          }
          wanted += expected.size();
          actual.retainAll(expected);
          found += actual.size();
        }
        assertThat(found)
            .as("%d, limit %d", within, limit)
            .isGreaterThanOrEqualTo((int) (0.9 * wanted));
      }
    }
  }
}
