package io.alidade.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.TestSeed;
import io.alidade.engine.quantization.Quantization.Binary;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CodeChoiceTest {
  private static final long SEED = TestSeed.generator().nextLong();

  @Test
  void aBitADimensionIsEnoughForEmbeddings() {
    try (NativeVectors vectors = CodeRows.LIKE_EMBEDDINGS.of(6000, 384, SEED)) {
      assertThat(CodeChoice.choose(vectors, Distance.COSINE, 6000, SEED))
          .hasValueSatisfying(codec -> assertThat(codec.method()).isEqualTo(Quantization.BINARY));
    }
  }

  @Test
  void aBitADimensionIsNotEnoughWhereItRanksBadly() {
    // Without any structure, the nearest of so many dimensions are hardly nearer than the rest.
    try (NativeVectors vectors = withoutStructure(10_000, 256)) {
      assertThat(recall(Quantization.BINARY, vectors)).isLessThan(CodeChoice.ENOUGH_FOUND);
      assertThat(CodeChoice.choose(vectors, Distance.L2, 10_000, SEED))
          .hasValueSatisfying(codec ->
              assertThat(
                      codec.method() instanceof Binary(var encoding, _)
                          && encoding == Binary.Encoding.ONE_BIT)
                  .isFalse());
    }
  }

  @Test
  void shortVectorsAreReadThemselves() {
    try (NativeVectors vectors = CodeRows.LIKE_EMBEDDINGS.of(140_000, 16, SEED)) {
      assertThat(CodeChoice.choose(vectors, Distance.L2, 140_000, SEED)).isEmpty();
    }
  }

  @Test
  void fewVectorsAndThoseThatStayInTheCacheAreReadThemselves() {
    try (NativeVectors vectors = CodeRows.LIKE_EMBEDDINGS.of(5000, 384, SEED)) {
      assertThat(CodeChoice.choose(vectors, Distance.L2, CodeChoice.MIN_ROWS - 1, SEED)).isEmpty();
      assertThat(CodeChoice.choose(vectors, Distance.L2, 5000, SEED)).isEmpty();
    }
  }

  private static double recall(Quantization method, NativeVectors vectors) {
    try (VectorCodes codes = CodecContractTest.codes(method, Distance.L2, vectors)) {
      return CodeSelfTest.recall(codes, vectors, vectors.size(), CodeChoice.CANDIDATES, SEED);
    }
  }

  private static NativeVectors withoutStructure(int count, int dimensions) {
    Random random = new Random(SEED);
    NativeVectors vectors = new NativeVectors(dimensions);
    float[] vector = new float[dimensions];
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < dimensions; i++) {
        vector[i] = (float) random.nextGaussian();
      }
      int _ = vectors.append(vector);
    }
    return vectors;
  }
}
