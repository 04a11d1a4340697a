package io.alidade.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.TestSeed;
import io.alidade.engine.quantization.QuantizationStatistics.Recall;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import org.junit.jupiter.api.Test;

final class QuantizationStatisticsTest {
  private static final long SEED = TestSeed.generator().nextLong();

  @Test
  void whatIsSavedAndFoundIsTold() {
    try (NativeVectors vectors = CodeRows.LIKE_EMBEDDINGS.of(2000, 384, SEED);
        VectorCodes codes =
            CodecContractTest.codes(Quantization.BINARY, Distance.COSINE, vectors)) {
      QuantizationStatistics statistics =
          QuantizationStatistics.of(codes, vectors, vectors.size(), SEED);
      assertThat(statistics.method()).isEqualTo(Quantization.BINARY);
      assertThat(statistics.rows()).isEqualTo(2000);
      assertThat(statistics.codeBytes()).isEqualTo(48);
      assertThat(statistics.recordBytes()).isEqualTo(64);
      assertThat(statistics.vectorBytes()).isEqualTo(1536);
      assertThat(statistics.ratio()).isEqualTo(24);
      assertThat(statistics.savedBytes()).isEqualTo(2000L * (1536 - 64));
      assertThat(statistics.recalls())
          .extracting(Recall::candidates)
          .containsExactly(10, 20, 50, 100);
      assertThat(statistics.recalls()).extracting(Recall::share).isSorted();
      assertThat(statistics.recalls().getLast().share()).isBetween(0.9, 1.0);
    }
  }

  @Test
  void longerCodesFindMore() {
    try (NativeVectors vectors = CodeRows.LIKE_EMBEDDINGS.of(2000, 384, SEED)) {
      assertThat(firstRecall(Quantization.SCALAR, vectors))
          .isGreaterThan(firstRecall(Quantization.BINARY, vectors));
    }
  }

  private static double firstRecall(Quantization method, NativeVectors vectors) {
    try (VectorCodes codes = CodecContractTest.codes(method, Distance.L2, vectors)) {
      return QuantizationStatistics.of(codes, vectors, vectors.size(), SEED)
          .recalls()
          .getFirst()
          .share();
    }
  }
}
