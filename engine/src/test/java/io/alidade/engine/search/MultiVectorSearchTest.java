package io.alidade.engine.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestSegment;
import io.alidade.engine.TestVectors;
import io.alidade.engine.filter.BoundFilter;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.multivector.MultiVectorScorer;
import io.alidade.engine.multivector.MultiVectors;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.VectorStore;
import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MultiVectorSearchTest {
  private static final int DIMENSIONS = 20;
  private static final int ROWS = 400;

  private final RandomGenerator random = TestSeed.generator();
  private final NativeVectors store = new NativeVectors(DIMENSIONS);
  private final TestSegment segment = new TestSegment(List.of(ColumnType.INT4), DIMENSIONS);
  private final List<float[][]> lists = new ArrayList<>();
  private final List<Integer> firsts = new ArrayList<>();

  private final MultiVectors rows =
      new MultiVectors() {
        @Override
        public VectorStore vectors() {
          return store;
        }

        @Override
        public int first(int ordinal) {
          return firsts.get(ordinal);
        }

        @Override
        public int count(int ordinal) {
          return lists.get(ordinal).length;
        }
      };

  @BeforeEach
  void fill() {
    for (int i = 0; i < ROWS; i++) {
      segment.add(new Object[] {i % 10}, null);
      // One row has more vectors than are compared at a time, and one in ten has none.
      add(i == 7 ? 300 : i % 10 == 3 ? 0 : 1 + random.nextInt(8));
    }
    segment.delete(11);
  }

  @AfterEach
  void close() {
    segment.close();
    store.close();
  }

  private void add(int count) {
    float[][] list = new float[count][];
    firsts.add(store.size());
    for (int i = 0; i < count; i++) {
      list[i] = TestVectors.gaussian(random, DIMENSIONS);
      int unused = store.append(list[i]);
    }
    lists.add(list);
  }

  private static double similarity(Distance distance, float[] left, float[] right) {
    double value = distance.between(left, right);
    return switch (distance) {
      case L2 -> -value * value;
      case L1, NEGATIVE_INNER_PRODUCT -> -value;
      case COSINE -> 1 - value;
      case HAMMING, JACCARD -> throw new AssertionError(distance);
    };
  }

  private double maxSim(Distance distance, float[][] query, int ordinal) {
    double sum = 0;
    for (float[] vector : query) {
      double greatest = Double.NEGATIVE_INFINITY;
      for (float[] other : lists.get(ordinal)) {
        greatest = Math.max(greatest, similarity(distance, vector, other));
      }
      sum += greatest;
    }
    return sum;
  }

  private float[][] query(int count) {
    float[][] query = new float[count][];
    for (int i = 0; i < count; i++) {
      query[i] = TestVectors.gaussian(random, DIMENSIONS);
    }
    return query;
  }

  @Test
  void theRowsOfTheGreatestSumOfGreatestSimilaritiesAreFound() {
    for (Distance distance : TestVectors.DISTANCES) {
      for (int limit : new int[] {0, 1, 10, 1000}) {
        float[][] vectors = query(1 + random.nextInt(6));
        Filter filter = new Filter.Compare(0, Filter.Comparison.LESS, 1 + random.nextInt(9));
        List<MultiVectorSearch.Hit> hits =
            MultiVectorSearch.search(
                segment,
                rows,
                new MultiVectorSearch.Query(vectors, distance, limit, filter),
                Checkpoint.NONE);
        List<MultiVectorSearch.Hit> expected = expected(vectors, distance, limit, filter);
        assertThat(hits).hasSameSizeAs(expected);
        for (int i = 0; i < hits.size(); i++) {
          assertThat(hits.get(i).ordinal()).isEqualTo(expected.get(i).ordinal());
          assertThat(hits.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-2));
        }
      }
    }
  }

  private List<MultiVectorSearch.Hit> expected(
      float[][] vectors, Distance distance, int limit, Filter filter) {
    List<MultiVectorSearch.Hit> all = new ArrayList<>();
    for (int ordinal = 0; ordinal < ROWS; ordinal++) {
      boolean matches = BoundFilter.bind(filter, segment).matches(ordinal);
      if (matches && segment.isVisible(ordinal) && lists.get(ordinal).length > 0) {
        all.add(new MultiVectorSearch.Hit(ordinal, maxSim(distance, vectors, ordinal)));
      }
    }
    return all.stream().sorted().limit(limit).toList();
  }

  @Test
  void vectorsWithoutADirectionArePassedOver() {
    float[][] vectors = query(2);
    float[][] withZero = {vectors[0], new float[DIMENSIONS], vectors[1]};
    MultiVectorScorer scorer = new MultiVectorScorer(rows, Distance.COSINE, withZero);
    assertThat(scorer.score(7)).isCloseTo(maxSim(Distance.COSINE, vectors, 7), within(1e-4));
  }

  @Test
  void queriesOfNoOrTooManyOrWrongVectorsAreRefused() {
    assertThatThrownBy(() -> new MultiVectorScorer(rows, Distance.L2, new float[0][]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MultiVectorScorer(rows, Distance.L2, new float[1025][DIMENSIONS]))
        .hasMessageContaining("1..1024");
    assertThatThrownBy(() -> new MultiVectorScorer(rows, Distance.L2, new float[1][3]))
        .hasMessageContaining("different vector dimensions");
  }

  @Test
  void aCheckpointEndsTheSearch() {
    Checkpoint cancelled =
        () -> {
          throw new CancellationException();
        };
    MultiVectorSearch.Query query =
        new MultiVectorSearch.Query(query(1), Distance.L2, 5, Filter.ALL);
    assertThatThrownBy(() -> MultiVectorSearch.search(segment, rows, query, cancelled))
        .isInstanceOf(CancellationException.class);
  }
}
