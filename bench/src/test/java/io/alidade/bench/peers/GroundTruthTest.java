package io.alidade.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroundTruthTest {

  private static final int K = 10;
  private static final int ROWS = 1500;
  private static final int QUERIES = 20;

  private final ClusteredVectors vectors =
      new ClusteredVectors(new ClusteredVectors.Shape(24, 7, 8, 4, 3, 1, 0.4, 42));

  @TempDir private Path directory;

  private VectorFile file(String name, int from, int count) throws IOException {
    Path path = directory.resolve(name);
    VectorFile.write(path, count, i -> vectors.row(from + i));
    return VectorFile.open(path, 24, count);
  }

  @Test
  void theTrueNearestRowsHaveRecallOneAndOthersNone() throws IOException {
    VectorFile base = file("base", 0, ROWS);
    VectorFile queries = file("queries", ROWS, QUERIES);
    GroundTruth truth = GroundTruth.compute(base, queries.rows(), K);
    int[] nearest = new int[QUERIES * K];
    int[] farthest = new int[QUERIES * K];
    for (int q = 0; q < QUERIES; q++) {
      float[] query = queries.row(q);
      int[] sorted =
          IntStream.range(0, ROWS)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -GroundTruth.similarity(query, base.row(i))))
              .mapToInt(Integer::intValue)
              .toArray();
      System.arraycopy(sorted, 0, nearest, q * K, K);
      System.arraycopy(sorted, ROWS - K, farthest, q * K, K);
    }
    assertThat(truth.recall(base, queries, nearest)).isEqualTo(1);
    assertThat(truth.recall(base, queries, farthest)).isZero();
  }

  @Test
  void aRowFoundTwiceCountsOnceAndAMissingOneNot() throws IOException {
    VectorFile base = file("base", 0, ROWS);
    VectorFile queries = file("queries", 5, 1); // A stored row: itself is its nearest.
    GroundTruth truth = GroundTruth.compute(base, queries.rows(), K);
    int[] found = {5, 5, 5, 5, 5, -1, -1, -1, -1, -1};
    assertThat(truth.recall(base, queries, found)).isEqualTo(0.1);
  }

  @Test
  void whatWasComputedIsReadAgain() throws IOException {
    VectorFile base = file("base", 0, ROWS);
    VectorFile queries = file("queries", ROWS, QUERIES);
    Path cache = directory.resolve("truth");
    GroundTruth computed = GroundTruth.cached(cache, base, queries, K);
    assertThat(GroundTruth.cached(cache, base, queries, K).farthest())
        .isEqualTo(computed.farthest());
  }
}
