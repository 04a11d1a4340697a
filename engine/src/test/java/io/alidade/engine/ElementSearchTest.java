package io.alidade.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorElement;
import io.alidade.engine.vector.VectorStore;
import io.alidade.model.ColumnType;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Searches of segments whose vectors are not 32-bit floats: walked, scanned, by codes and exactly,
/// with filters, with rows that have no vector.
final class ElementSearchTest {
  private static final int DIMENSIONS = 96;
  private static final int ROWS = 5000;
  private static final int K = 10;

  private final RandomGenerator random = TestSeed.generator();
  private final Searcher searcher = new Searcher();

  static Stream<Arguments> elementsAndDistances() {
    return Stream.of(
        Arguments.of(VectorElement.FLOAT16, Distance.COSINE),
        Arguments.of(VectorElement.FLOAT16, Distance.L2),
        Arguments.of(VectorElement.UINT8, Distance.L2),
        Arguments.of(VectorElement.NIBBLE, Distance.COSINE),
        Arguments.of(VectorElement.NIBBLE, Distance.L2),
        Arguments.of(VectorElement.BIT, Distance.HAMMING),
        Arguments.of(VectorElement.BIT, Distance.JACCARD));
  }

  private static float[] fit(VectorElement element, float[] vector) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] =
          switch (element) {
            case FLOAT32, FLOAT16, NIBBLE -> vector[i];
            case UINT8 -> Math.clamp((int) (128 + 32 * vector[i]), 0, 255);
            case BIT -> vector[i] > 0 ? 1 : 0;
          };
    }
    return vector;
  }

  private TestSegment segment(VectorElement element, float[][] vectors) {
    TestSegment segment = new TestSegment(List.of(ColumnType.INT4), DIMENSIONS, element);
    for (int i = 0; i < ROWS; i++) {
      @Nullable Object[] row = {i % 100};
      segment.add(row, i % 211 == 7 ? null : fit(element, vectors[i]));
    }
    return segment;
  }

  @ParameterizedTest
  @MethodSource("elementsAndDistances")
  void theNearestAreFoundWithTheirDistances(VectorElement element, Distance distance) {
    float[][] vectors = TestVectors.clustered(random, ROWS + 20, DIMENSIONS, 80);
    Coding coding =
        element == VectorElement.BIT ? Coding.AUTOMATIC : new Coding.Fixed(Quantization.SCALAR);
    try (TestSegment segment = segment(element, vectors)) {
      segment.indexVectors(distance, ROWS - 300, coding); // With a tail.
      for (int i = 0; i < 20; i++) {
        float[] near = fit(element, vectors[ROWS + i]);
        for (Filter filter : filters()) {
          for (SearchOptions.Mode mode : SearchOptions.Mode.values()) {
            check(segment, distance, near, filter, mode);
          }
        }
      }
    }
  }

  private static List<Filter> filters() {
    return List.of(
        Filter.ALL,
        new Filter.Compare(0, Filter.Comparison.LESS, 2),
        new Filter.Compare(0, Filter.Comparison.LESS, 50));
  }

  private void check(
      TestSegment segment,
      Distance distance,
      float[] near,
      Filter filter,
      SearchOptions.Mode mode) {
    VectorStore rows = segment.vectors(segment.vectorColumn());
    VectorQuery query =
        new VectorQuery(
            segment.vectorColumn(),
            near,
            distance,
            K,
            filter,
            Optional.empty(),
            new SearchOptions(100, mode));
    SearchResult result = searcher.search(List.<SegmentView>of(segment), query, Checkpoint.NONE);
    int most = filter instanceof Filter.Compare compare ? (int) compare.value() : 100;
    double[] expected =
        IntStream.range(0, ROWS)
            .filter(row -> row % 100 < most && rows.isPresent(row))
            .mapToDouble(row -> distance.between(near, rows.toArray(row)))
            .sorted()
            .limit(K)
            .toArray();
    String about = rows.element() + " " + distance + " " + filter + " " + mode;
    assertThat(result.size()).as(about).isEqualTo(K);
    int found = 0;
    for (int i = 0; i < K; i++) {
      double actual = distance.between(near, rows.toArray(result.ordinal(i)));
      assertThat(result.distance(i)).as(about).isCloseTo(actual, within(1e-3));
      assertThat(result.ordinal(i) % 100).isLessThan(most);
      found += actual <= expected[K - 1] + 1e-3 ? 1 : 0;
    }
    int least = mode == SearchOptions.Mode.EXACT ? K : 7;
    assertThat(found).as(about).isGreaterThanOrEqualTo(least);
  }
}
