package io.alidade.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.Rotation;
import io.alidade.engine.vector.Scorer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CodecTest {
  private static final long SEED = Long.getLong("test.seed", 42);

  @ParameterizedTest
  @EnumSource(names = {"L2", "NEGATIVE_INNER_PRODUCT", "COSINE"})
  void aByteADimensionEstimatesKeysClosely(Distance distance) {
    NativeVectors vectors = vectors(2000, 100, 3);
    Scorer coded = codes(Quantization.SCALAR, distance, vectors).newScorer();
    QueryScorer exact = new QueryScorer(vectors, distance);
    float[] query = vectors.toArray(7);
    query[3] += 0.5f;
    coded.setQuery(query);
    exact.setQuery(query);
    double spread = 0;
    double error = 0;
    for (int i = 0; i < 2000; i++) {
      error += Math.abs(coded.key(i) - exact.key(i));
      spread += Math.abs(exact.key(i) - exact.key((i + 1) % 2000));
    }
    assertThat(error / spread).isLessThan(0.02);
  }

  @ParameterizedTest
  @EnumSource(names = {"L2", "NEGATIVE_INNER_PRODUCT", "COSINE"})
  void aBitADimensionRanksTheNearestFirst(Distance distance) {
    NativeVectors vectors = vectors(5000, 384, 1);
    VectorCodes codes = codes(Quantization.BINARY, distance, vectors);
    assertThat(CodeSelfTest.recall(codes, vectors, 5000, 100, SEED)).isGreaterThan(0.85);
  }

  @Test
  void theFormsForScansAndForWalksAgree() {
    NativeVectors vectors = vectors(1000, 384, 1);
    for (Quantization method : new Quantization[] {Quantization.BINARY, Quantization.SCALAR}) {
      Scorer coded = codes(method, Distance.L2, vectors).newScorer();
      coded.setQuery(vectors.toArray(0));
      float[] scan = new float[1000];
      coded.keys(0, 1000, scan);
      int[] ordinals = new int[1000];
      for (int i = 0; i < 1000; i++) {
        ordinals[i] = i;
      }
      float[] walk = new float[1000];
      coded.keys(ordinals, 0, 1000, walk);
      for (int i = 0; i < 1000; i++) {
        assertThat(walk[i]).isCloseTo(scan[i], within(1e-5f));
        assertThat(coded.key(i)).isCloseTo(scan[i], within(1e-5f));
      }
    }
  }

  @Test
  void aRotationKeepsLengthsAndProducts() {
    Random random = new Random(SEED);
    for (int dimensions : new int[] {1, 3, 64, 100, 384, 768, 1000, 1536, 4096}) {
      Rotation rotation = new Rotation(dimensions, SEED);
      float[] left = new float[rotation.padded()];
      float[] right = new float[rotation.padded()];
      for (int i = 0; i < dimensions; i++) {
        left[i] = (float) random.nextGaussian();
        right[i] = (float) random.nextGaussian();
      }
      double before = dot(left, right);
      double length = dot(left, left);
      rotation.apply(left, new float[left.length]);
      rotation.apply(right, new float[right.length]);
      assertThat(dot(left, left)).isCloseTo(length, within(1e-3 * length));
      assertThat(dot(left, right)).isCloseTo(before, within(1e-3 * length));
    }
  }

  private static double dot(float[] left, float[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (double) left[i] * right[i];
    }
    return sum;
  }

  private static VectorCodes codes(Quantization method, Distance distance, NativeVectors vectors) {
    Codec codec = Codecs.train(method, distance, vectors, vectors.size(), SEED);
    VectorCodes codes = VectorCodes.create(codec, vectors);
    codes.reserve(vectors.size());
    codes.encode(codec.newEncoder(), 0, vectors.size());
    return codes;
  }

  private static NativeVectors vectors(int count, int dimensions, double shift) {
    Random random = new Random(SEED);
    NativeVectors vectors = new NativeVectors(dimensions);
    float[][] centres = new float[20][dimensions];
    for (float[] centre : centres) {
      for (int i = 0; i < dimensions; i++) {
        centre[i] = (float) (random.nextGaussian() + shift);
      }
    }
    float[] row = new float[dimensions];
    for (int i = 0; i < count; i++) {
      float[] centre = centres[random.nextInt(centres.length)];
      for (int j = 0; j < dimensions; j++) {
        row[j] = centre[j] + 0.7f * (float) random.nextGaussian();
      }
      vectors.append(row);
    }
    return vectors;
  }
}
