package io.alidade.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestVectors;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Rows of every element: what they keep, and what every distance to them is by double arithmetic.
final class VectorElementTest {
  private static final int MOST_DIMENSIONS = 2100;
  private static final int ROWS = 21; // Across the first chunk of a growing table.
  private static final int ABSENT = 7;
  private static final int ZERO = 11;

  private final RandomGenerator random = TestSeed.generator();

  private static int step(int dimensions) {
    return dimensions < 70 ? 3 : 131;
  }

  private static List<Distance> distances(VectorElement element) {
    return Stream.of(Distance.values()).filter(distance -> distance.suits(element)).toList();
  }

  private float[] draw(VectorElement element, int dimensions) {
    float[] vector = TestVectors.gaussian(random, dimensions);
    for (int i = 0; i < dimensions; i++) {
      vector[i] =
          switch (element) {
            case FLOAT32, FLOAT16, NIBBLE -> vector[i];
            case UINT8 -> 100 + 90 * vector[i]; // Some are cut.
            case BIT -> vector[i] > 0 ? 1 : 0;
          };
    }
    return vector;
  }

  private NativeVectors store(VectorElement element, int dimensions) {
    NativeVectors store = new NativeVectors(dimensions, element);
    for (int i = 0; i < ROWS; i++) {
      int _ =
          switch (i) {
            case ABSENT -> store.appendAbsent();
            case ZERO -> store.append(new float[dimensions]);
            default -> store.append(draw(element, dimensions));
          };
    }
    return store;
  }

  @ParameterizedTest
  @EnumSource
  void everyDistanceIsThatToTheRoundedRow(VectorElement element) throws IOException {
    for (int dimensions = 1; dimensions <= MOST_DIMENSIONS; dimensions += step(dimensions)) {
      try (NativeVectors store = store(element, dimensions);
          OffHeapArea area = new OffHeapArea()) {
        MappedVectors mapped = map(store, area);
        float[] query = draw(element, dimensions);
        QueryScorer scorer = new QueryScorer();
        for (Distance distance : distances(element)) {
          for (VectorStore rows : List.of(store, mapped)) {
            scorer.setStore(rows, distance);
            scorer.setQuery(query);
            check(scorer, rows, distance, query);
            scorer.setQuery(3);
            check(scorer, rows, distance, store.toArray(3));
            scorer.setQuery(ZERO);
            assertThat(scorer.isUndefined()).isEqualTo(distance == Distance.COSINE);
            check(scorer, rows, distance, new float[dimensions]);
          }
        }
      }
    }
  }

  private static void check(
      QueryScorer scorer, VectorStore rows, Distance distance, float[] query) {
    int[] ordinals = IntStream.range(-1, ROWS).filter(i -> i != ABSENT).toArray();
    int count = ordinals.length - 1; // The first is not asked for.
    float[] keys = new float[ROWS];
    scorer.keys(ordinals, 1, count, keys);
    float[] inOrder = new float[ROWS];
    scorer.keys(0, ABSENT, inOrder);
    for (int i = 0; i < count; i++) {
      int ordinal = ordinals[i + 1];
      float[] row = rows.toArray(ordinal);
      String about = rows.element() + " " + distance + " " + query.length + " row " + ordinal;
      double expected = reference(distance, query, row);
      double tolerance = 2e-5 * magnitude(distance, query, row);
      close(about, scorer.distance(ordinal), expected, tolerance);
      close(about, distance.between(query, row), expected, tolerance);
      double key = distance == Distance.L2 ? expected * expected : expected;
      double keyTolerance =
          2e-5 * (distance == Distance.L2 ? squares(query) + squares(row) : 1) + tolerance;
      double shift = distance == Distance.COSINE ? 1 : 0;
      close(about, shift + keys[i], key, keyTolerance);
      close(about, shift + scorer.key(ordinal), key, keyTolerance);
      if (ordinal < ABSENT) {
        close(about, shift + inOrder[ordinal], key, keyTolerance);
      }
    }
  }

  private static void close(String about, double actual, double expected, double tolerance) {
    if (Double.isNaN(expected)) {
      assertThat(actual).as(about).isNaN();
    } else {
      assertThat(actual).as(about).isCloseTo(expected, within(tolerance));
    }
  }

  private static double squares(float[] vector) {
    return dot(vector, vector);
  }

  private static double dot(float[] left, float[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (double) left[i] * right[i];
    }
    return sum;
  }

  private static double reference(Distance distance, float[] left, float[] right) {
    double squared = 0;
    double absolute = 0;
    int different = 0;
    int both = 0;
    int either = 0;
    for (int i = 0; i < left.length; i++) {
      double difference = (double) left[i] - right[i];
      squared += difference * difference;
      absolute += Math.abs(difference);
      different += left[i] == right[i] ? 0 : 1;
      both += left[i] != 0 && right[i] != 0 ? 1 : 0;
      either += left[i] != 0 || right[i] != 0 ? 1 : 0;
    }
    return switch (distance) {
      case L2 -> Math.sqrt(squared);
      case NEGATIVE_INNER_PRODUCT -> -dot(left, right);
      case COSINE -> 1 - dot(left, right) / Math.sqrt(squares(left) * squares(right));
      case L1 -> absolute;
      case HAMMING -> different;
      case JACCARD -> both == 0 ? 1 : 1 - (double) both / either;
    };
  }

  private static double magnitude(Distance distance, float[] left, float[] right) {
    return switch (distance) {
      case L2 -> Math.max(1e-2, Math.sqrt(squares(left)) + Math.sqrt(squares(right)));
      case NEGATIVE_INNER_PRODUCT ->
          Math.max(1e-2, Math.sqrt(squares(left) * squares(right) * left.length));
      case L1 -> Math.max(1e-2, reference(distance, left, right));
      case COSINE, JACCARD -> 1;
      case HAMMING -> 0;
    };
  }

  private static MappedVectors map(VectorStore store, OffHeapArea area) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MappedVectors.write(store, ROWS, Channels.newChannel(out));
    byte[] bytes = out.toByteArray();
    assertThat(bytes).hasSize((int) MappedVectors.bytes(store.dimensions(), store.element(), ROWS));
    long address = area.allocate(bytes.length);
    MemorySegment target = AddressSpace.slice(address, bytes.length);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, target, 0, bytes.length);
    return new MappedVectors(store.dimensions(), store.element(), ROWS, address);
  }

  @ParameterizedTest
  @EnumSource
  void writtenAndCopiedRowsAreTheSame(VectorElement element) throws IOException {
    for (int dimensions : new int[] {1, 3, 64, 100, 384, 1000}) {
      try (NativeVectors store = store(element, dimensions);
          NativeVectors copied = new NativeVectors(dimensions, element);
          OffHeapArea area = new OffHeapArea()) {
        MappedVectors mapped = map(store, area);
        for (int i = 0; i < ROWS; i++) {
          int _ = i == ABSENT ? copied.appendAbsent() : copied.append(mapped, i);
        }
        for (VectorStore rows : List.of(mapped, copied)) {
          assertThat(rows.element()).isEqualTo(element);
          for (int i = 0; i < ROWS; i++) {
            assertThat(rows.isPresent(i)).isEqualTo(i != ABSENT);
            if (i != ABSENT) {
              assertThat(rows.toArray(i)).containsExactly(store.toArray(i));
              assertThat(Float.compare(rows.inverseNorm(i), store.inverseNorm(i))).isZero();
            }
          }
        }
      }
    }
  }

  @Test
  void halfFloatsAreRoundedToTheNearestEven() {
    float[] vector = {1, 1 + 0x1p-11f, 1 + 3 * 0x1p-11f, 65504, 65519, -0x1p-24f, 0x1p-26f, -0f};
    assertThat(VectorElement.FLOAT16.rounded(vector))
        .containsExactly(1, 1, 1 + 0x1p-9f, 65504, 65504, -0x1p-24f, 0, -0f);
    assertThatThrownBy(() -> VectorElement.FLOAT16.rounded(new float[] {65520}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("65520.0 is no finite half float");
  }

  @Test
  void bytesAreCutTowardsZeroAndToTheirRange() {
    float[] vector = {0.99f, 1.5f, 254.999f, 255, 256, 1e20f, -0.5f, -3};
    assertThat(VectorElement.UINT8.rounded(vector)).containsExactly(0, 1, 254, 255, 255, 255, 0, 0);
  }

  @Test
  void bitsAreZeroOrOne() {
    assertThat(VectorElement.BIT.rounded(new float[] {1, 0, 0, 1, 1, 0, 0, 0, 1, 0}))
        .containsExactly(1, 0, 0, 1, 1, 0, 0, 0, 1, 0);
    try (NativeVectors store = new NativeVectors(2, VectorElement.BIT)) {
      assertThatThrownBy(() -> store.append(new float[] {1, 0.5f}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("0.5 is no bit");
      assertThat(store.size()).isZero();
      assertThat(store.toArray(store.append(new float[2]))).containsExactly(0, 0);
    }
  }

  @Test
  void aRowOfNibblesKeepsItsLengthAndNearlyItsDirection() {
    double worst = 0;
    for (int dimensions : new int[] {1, 2, 3, 17, 64, 100, 128, 384, 768, 1536, 3000, 20_000}) {
      for (float[] vector : nasty(dimensions)) {
        float[] row = VectorElement.NIBBLE.rounded(vector);
        assertThat(Math.sqrt(squares(row) / squares(vector))).isCloseTo(1, within(1e-5));
        double cosine = dot(row, vector) / Math.sqrt(squares(row) * squares(vector));
        worst = Math.max(worst, 1 - cosine);
        assertThat(cosine).as("%s dimensions", dimensions).isGreaterThan(0.98);
      }
    }
    assertThat(worst).isLessThan(0.02);
    assertThat(VectorElement.NIBBLE.rounded(new float[40])).containsOnly(0);
  }

  /// Even, falling, constant, and of one dimension; long and short.
  private List<float[]> nasty(int dimensions) {
    List<float[]> vectors = new ArrayList<>();
    float[] falling = TestVectors.gaussian(random, dimensions);
    float[] constant = new float[dimensions];
    float[] one = new float[dimensions];
    one[dimensions / 2] = 1e-6f;
    for (int i = 0; i < dimensions; i++) {
      falling[i] /= (i + 1) * 1e-3f;
      constant[i] = -1e6f;
    }
    vectors.add(TestVectors.gaussian(random, dimensions));
    vectors.add(falling);
    vectors.add(constant);
    vectors.add(one);
    return vectors;
  }

  @Test
  void rowsTakeTheBytesTheyShould() {
    assertThat(Stream.of(VectorElement.values()).map(element -> element.rowStride(1536)))
        .containsExactly(6144, 3072, 1536, 768, 192);
    assertThat(Stream.of(VectorElement.values()).map(element -> element.rowStride(100)))
        .containsExactly(448, 256, 128, 64, 64);
    for (VectorElement element : VectorElement.values()) {
      for (int dimensions = 1; dimensions < 1000; dimensions++) {
        assertThat(element.rowStride(dimensions))
            .isGreaterThanOrEqualTo(element.rowBytes(dimensions))
            .isLessThan(element.rowBytes(dimensions) + VectorStore.ROW_ALIGNMENT);
      }
    }
    assertThat(MappedVectors.bytes(384, VectorElement.FLOAT16, 1000)).isEqualTo(768_000 + 4032);
    assertThat(MappedVectors.bytes(384, VectorElement.NIBBLE, 1000)).isEqualTo(192_000 + 8000);
  }

  @Test
  void distancesThatDoNotCompareSuchRowsAreRefused() {
    for (VectorElement element : VectorElement.values()) {
      try (NativeVectors store = new NativeVectors(8, element)) {
        for (Distance distance : Distance.values()) {
          boolean bits = distance == Distance.HAMMING || distance == Distance.JACCARD;
          if (bits != (element == VectorElement.BIT)) {
            assertThatThrownBy(() -> new QueryScorer(store, distance))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(distance + " does not compare rows of " + element);
          }
        }
      }
    }
  }

  @Test
  void oneScorerGoesFromStoreToStore() {
    QueryScorer scorer = new QueryScorer();
    for (int i = 0; i < 200; i++) {
      VectorElement element = VectorElement.values()[random.nextInt(5)];
      int dimensions = 1 + random.nextInt(300);
      List<Distance> possible = distances(element);
      Distance distance = possible.get(random.nextInt(possible.size()));
      try (NativeVectors store = store(element, dimensions)) {
        scorer.setStore(store, distance);
        float[] query = draw(element, dimensions);
        scorer.setQuery(query);
        check(scorer, store, distance, query);
        scorer.forgetStore();
      }
    }
  }
}
