package io.alidade.engine.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestVectors;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.VectorElement;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Graphs over rows of every element.
final class ElementGraphTest {
  private static final int DIMENSIONS = 128;
  private static final int ROWS = 2000;
  private static final int CLUSTERS = 60;
  private static final int EF = 100;

  private final RandomGenerator random = TestSeed.generator();

  static Stream<Arguments> elementsAndDistances() {
    return Stream.of(VectorElement.values())
        .flatMap(element ->
            Stream.of(Distance.values())
                .filter(distance -> distance.suits(element))
                .map(distance -> Arguments.of(element, distance)));
  }

  /// Clustered vectors in the element's range, some of them missing, some zero, some equal.
  private NativeVectors store(VectorElement element, int count) {
    NativeVectors store = new NativeVectors(DIMENSIONS, element);
    for (float[] vector : TestVectors.clustered(random, count, DIMENSIONS, CLUSTERS)) {
      int _ =
          switch (store.size() % 1000) {
            case 500 -> store.appendAbsent();
            case 600 -> store.append(new float[DIMENSIONS]);
            case 700 -> store.append(store, store.size() - 1);
            default -> store.append(fit(element, vector));
          };
    }
    return store;
  }

  private static float[] fit(VectorElement element, float[] vector) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] =
          switch (element) {
            case FLOAT32, FLOAT16, NIBBLE -> vector[i];
            case UINT8 -> 128 + 32 * vector[i];
            case BIT -> vector[i] > 0 ? 1 : 0;
          };
    }
    return vector;
  }

  /// Vectors near rows.
  private float[][] queries(NativeVectors store) {
    float[][] queries = new float[100][];
    for (int i = 0; i < queries.length; i++) {
      int ordinal = random.nextInt(store.size());
      queries[i] = store.isPresent(ordinal) ? store.toArray(ordinal) : store.toArray(0);
      for (int j = 0; j < DIMENSIONS; j++) {
        switch (store.element()) {
          case FLOAT32, FLOAT16, NIBBLE -> queries[i][j] += 0.3f * (float) random.nextGaussian();
          case UINT8 -> queries[i][j] += random.nextInt(-10, 11);
          case BIT -> queries[i][j] = random.nextInt(12) == 0 ? 1 - queries[i][j] : queries[i][j];
        }
      }
    }
    return queries;
  }

  /// The mean share of the ten smallest distances that a walk finds: of equal ones any will do.
  private static double recall(HnswIndex index, NativeVectors store, float[][] queries) {
    QueryScorer scorer = new QueryScorer(store, index.distance());
    double sum = 0;
    for (float[] query : queries) {
      scorer.setQuery(query);
      double[] exact =
          IntStream.range(0, store.size())
              .filter(store::isPresent)
              .mapToDouble(scorer::distance)
              .filter(value -> !Double.isNaN(value))
              .sorted()
              .limit(10)
              .toArray();
      List<Integer> found = TestGraphs.search(index, query, EF, Walk.EVERY);
      double limit = exact[exact.length - 1] + 1e-6 * Math.abs(exact[exact.length - 1]);
      long near = found.stream().limit(10).filter(it -> scorer.distance(it) <= limit).count();
      sum += (double) near / exact.length;
    }
    return sum / queries.length;
  }

  @ParameterizedTest
  @MethodSource("elementsAndDistances")
  void aGraphFindsTheNearestAndIsSavedAndOpened(VectorElement element, Distance distance)
      throws IOException, CorruptGraphException {
    try (NativeVectors store = store(element, ROWS);
        HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, distance, store);
        OffHeapArea area = new OffHeapArea()) {
      index.extend(ROWS / 2);
      index.extend(ROWS);
      float[][] queries = queries(store);
      double recall = recall(index, store, queries);
      // Long vectors are everybody's neighbours by the inner product.
      double least = distance == Distance.NEGATIVE_INNER_PRODUCT ? 0.8 : 0.95;
      assertThat(recall).as("%s %s recall", element, distance).isGreaterThanOrEqualTo(least);
      byte[] bytes = TestGraphs.bytes(index);
      try (HnswIndex opened = TestGraphs.open(distance, store, bytes, area)) {
        for (float[] query : queries) {
          assertThat(TestGraphs.search(opened, query, EF, Walk.EVERY))
              .isEqualTo(TestGraphs.search(index, query, EF, Walk.EVERY));
        }
      }
      VectorElement another =
          element == VectorElement.FLOAT16 ? VectorElement.UINT8 : VectorElement.FLOAT16;
      try (NativeVectors others = new NativeVectors(DIMENSIONS, another)) {
        IntStream.range(0, ROWS).forEach(_ -> others.append(new float[DIMENSIONS]));
        assertThatThrownBy(() -> TestGraphs.open(distance, others, bytes, area))
            .isInstanceOf(CorruptGraphException.class)
            .hasMessageContaining(element.name());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("elementsAndDistances")
  void deletedRowsAreRepairedAndGraphsMerged(VectorElement element, Distance distance) {
    try (NativeVectors store = store(element, ROWS);
        HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, distance, store);
        NativeVectors merged = new NativeVectors(DIMENSIONS, element);
        HnswIndex target = HnswIndex.create(HnswParameters.DEFAULT, distance, merged)) {
      index.extend(ROWS);
      index.repair(ordinal -> ordinal % 10 == 3);
      int[] targets = new int[ROWS];
      for (int i = 0; i < ROWS; i++) {
        targets[i] = i % 10 == 3 || !store.isPresent(i) ? MergeSource.DROPPED : merged.size();
        if (targets[i] != MergeSource.DROPPED) {
          merged.append(store, i);
        }
      }
      target.merge(List.of(new MergeSource(index, targets)), merged.size());
      double least = distance == Distance.NEGATIVE_INNER_PRODUCT ? 0.75 : 0.9;
      assertThat(recall(target, merged, queries(merged))).isGreaterThanOrEqualTo(least);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = VectorElement.class,
      names = {"FLOAT16", "UINT8", "NIBBLE"})
  void walksByCodesFindAsMuch(VectorElement element) {
    int rows = 5000; // Codes are trained from 4,096 on.
    for (Quantization method :
        List.of(Quantization.SCALAR, new Quantization.Turbo(Quantization.Turbo.Bits.TWO))) {
      try (NativeVectors store = store(element, rows);
          HnswIndex index =
              HnswIndex.create(
                  HnswParameters.DEFAULT, Distance.L2, store, new Coding.Fixed(method))) {
        index.extend(rows - 100);
        index.extend(rows); // Encoded by codes that are there.
        assertThat(index.codes()).isPresent();
        assertThat(recall(index, store, queries(store))).isGreaterThanOrEqualTo(0.95);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Distance.class,
      names = {"HAMMING", "JACCARD"})
  void bitsAreTheirOwnCodes(Distance distance) {
    try (NativeVectors store = new NativeVectors(2048, VectorElement.BIT);
        HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, distance, store)) {
      Coding codes = new Coding.Fixed(Quantization.BINARY);
      assertThatThrownBy(() -> HnswIndex.create(HnswParameters.DEFAULT, distance, store, codes))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> index.setCoding(codes)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, store))
          .isInstanceOf(IllegalArgumentException.class);
      float[] bits = new float[2048];
      for (int i = 0; i < 5000; i++) {
        Arrays.fill(bits, 0);
        IntStream.range(0, 40).forEach(_ -> bits[random.nextInt(2048)] = 1);
        store.append(bits);
      }
      index.setCoding(Coding.AUTOMATIC);
      index.extend(5000);
      assertThat(index.codes()).isEmpty();
    }
  }
}
