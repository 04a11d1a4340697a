package io.alidade.engine.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.TestSeed;
import io.alidade.engine.quantization.Quantization.Binary;
import io.alidade.engine.quantization.Quantization.Turbo;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.QueryScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class CodecContractTest {
  private static final long SEED = TestSeed.generator().nextLong();
  private static final int ROWS = 400;
  private static final int QUERIES = 12;

  static List<Quantization> methods() {
    List<Quantization> methods = new ArrayList<>();
    for (Binary.Encoding encoding : Binary.Encoding.values()) {
      for (Binary.QueryEncoding query : Binary.QueryEncoding.values()) {
        methods.add(new Binary(encoding, query));
      }
    }
    for (Turbo.Bits bits : Turbo.Bits.values()) {
      methods.add(new Turbo(bits));
    }
    methods.add(Quantization.SCALAR);
    methods.add(new Quantization.Scalar(0.99));
    for (int compression : new int[] {4, 8, 16, 32, 64}) {
      methods.add(new Quantization.Product(compression));
    }
    return methods;
  }

  static Stream<Arguments> methodsAndDistances() {
    return methods().stream()
        .flatMap(method ->
            Stream.of(Distance.values())
                .filter(distance -> Codecs.supports(method, distance))
                .map(distance -> Arguments.of(method, distance)));
  }

  /// How many pairs were compared, and of these how many keys were off by more than was said.
  private record Outside(long pairs, long outside, double worst) {
    Outside plus(Outside other) {
      return new Outside(
          pairs + other.pairs, outside + other.outside, Math.max(worst, other.worst));
    }
  }

  @ParameterizedTest
  @MethodSource("methodsAndDistances")
  void keysAreAsNearAsIsSaidHoweverUnpleasantTheRows(Quantization method, Distance distance) {
    Outside all = new Outside(0, 0, 0);
    for (CodeRows rows : CodeRows.values()) {
      try (NativeVectors vectors = rows.of(ROWS, 100, SEED)) {
        Outside outside = compare(method, distance, vectors);
        assertThat(outside.outside()).as("%s %s", rows, outside).isLessThanOrEqualTo(12);
        all = all.plus(outside);
      }
    }
    assertThat(all.outside()).isLessThanOrEqualTo(all.pairs() / 1000);
  }

  @ParameterizedTest
  @MethodSource("methodsAndDistances")
  void everyNumberOfDimensionsHasCodes(Quantization method, Distance distance) {
    Outside all = new Outside(0, 0, 0);
    for (int dimensions : new int[] {1, 2, 3, 63, 64, 65, 100, 1000, 4096}) {
      try (NativeVectors vectors =
          CodeRows.LIKE_EMBEDDINGS.of(dimensions > 1000 ? 100 : 300, dimensions, SEED)) {
        all = all.plus(compare(method, distance, vectors));
      }
    }
    assertThat(all.outside()).as("%s", all).isLessThanOrEqualTo(all.pairs() / 1000);
  }

  @ParameterizedTest
  @MethodSource("methodsAndDistances")
  void keysSpreadAsTheExactOnesDo(Quantization method, Distance distance) {
    try (NativeVectors vectors = CodeRows.LIKE_EMBEDDINGS.of(1000, 384, SEED);
        VectorCodes codes = codes(method, distance, vectors)) {
      QueryScorer exact = new QueryScorer(vectors, distance);
      EstimatingScorer coded = codes.newScorer();
      double errors = 0;
      double spread = 0;
      double mean = 0;
      for (int query = 0; query < QUERIES; query++) {
        float[] vector = query(vectors, query);
        exact.setQuery(vector);
        coded.setQuery(vector);
        for (int i = 0; i < vectors.size(); i++) {
          double error = coded.key(i) - exact.key(i);
          double distant = exact.key(i) - exact.key((i + 1) % vectors.size());
          mean += error;
          errors += error * error;
          spread += distant * distant;
        }
      }
      double relative = Math.sqrt(errors / spread);
      double bias = Math.abs(mean) / Math.sqrt(spread * QUERIES * vectors.size());
      assertThat(relative).as("relative error").isLessThan(mostRelativeError(method));
      if (distance != Distance.L1) { // What is clipped there is missing in every key.
        assertThat(bias).as("bias").isLessThan(mostRelativeError(method) / 4);
      }
    }
  }

  private static double mostRelativeError(Quantization method) {
    return switch (method) {
      case Quantization.Scalar(var quantile) -> quantile == 1 ? 0.03 : 0.15;
      case Quantization.Product(var compression) ->
          switch (compression) {
            case 4 -> 0.03;
            case 8 -> 0.12;
            case 16 -> 0.4;
            case 32 -> 0.8;
            default -> 1.2;
          };
      case Binary(var encoding, var query) when query == Binary.QueryEncoding.BINARY -> 1.5;
      case Binary(var encoding, _) ->
          switch (encoding) {
            case ONE_BIT -> 0.8;
            case ONE_AND_HALF_BITS -> 0.55;
            case TWO_BITS -> 0.45;
          };
      case Turbo(var bits) ->
          switch (bits) {
            case ONE -> 0.8;
            case ONE_AND_HALF -> 0.55;
            case TWO -> 0.4;
            case FOUR -> 0.12;
          };
    };
  }

  @ParameterizedTest
  @MethodSource("methodsAndDistances")
  void scansAndWalksGiveTheSameKeys(Quantization method, Distance distance) {
    try (NativeVectors vectors = CodeRows.LIKE_EMBEDDINGS.of(101, 130, SEED);
        VectorCodes codes = codes(method, distance, vectors)) {
      EstimatingScorer coded = codes.newScorer();
      coded.setQuery(query(vectors, 5));
      int[] ordinals = new int[vectors.size()];
      for (int i = 0; i < ordinals.length; i++) {
        ordinals[i] = i * 7 % ordinals.length;
      }
      float[] walk = new float[ordinals.length];
      float[] scan = new float[ordinals.length];
      coded.keys(ordinals, 0, ordinals.length, walk);
      coded.keys(0, ordinals.length, scan);
      for (int i = 0; i < ordinals.length; i++) {
        double within = 1e-5 * (1 + Math.abs(scan[ordinals[i]]));
        assertThat(Math.abs(walk[i] - scan[ordinals[i]])).isLessThan((float) within);
        assertThat(Math.abs(coded.key(ordinals[i]) - walk[i])).isLessThan((float) within);
      }
    }
  }

  @Test
  void rowsWithoutADistanceHaveNoKeyAndQueriesWithoutOneSaySo() {
    for (Quantization method : methods()) {
      try (NativeVectors vectors = CodeRows.SOME_ZERO_VECTORS.of(50, 20, SEED);
          VectorCodes codes = codes(method, Distance.COSINE, vectors)) {
        EstimatingScorer coded = codes.newScorer();
        coded.setQuery(new float[20]);
        assertThat(coded.isUndefined()).isTrue();
        assertThat(coded.key(0)).isNaN();
        coded.setQuery(vectors.toArray(0));
        assertThat(coded.isUndefined()).isFalse();
        assertThat(coded.key(3)).as("%s", method).isNaN();
        assertThat(coded.key(4)).as("%s", method).isNotNaN();
      }
    }
  }

  private static Outside compare(Quantization method, Distance distance, NativeVectors vectors) {
    Outside outside = new Outside(0, 0, 0);
    try (VectorCodes codes = codes(method, distance, vectors)) {
      QueryScorer exact = new QueryScorer(vectors, distance);
      EstimatingScorer coded = codes.newScorer();
      for (int query = 0; query < QUERIES; query++) {
        float[] vector = query(vectors, query);
        exact.setQuery(vector);
        coded.setQuery(vector);
        assertThat(coded.isUndefined()).isEqualTo(exact.isUndefined());
        for (int i = 0; i < vectors.size() && !exact.isUndefined(); i++) {
          outside = outside.plus(compare(exact.key(i), coded.key(i), coded.errorOf(i)));
        }
      }
    }
    return outside;
  }

  private static Outside compare(float exact, float estimate, float error) {
    if (Float.isNaN(exact)) {
      assertThat(estimate).isNaN();
      return new Outside(0, 0, 0);
    }
    assertThat(estimate).isNotNaN();
    assertThat(error).isGreaterThanOrEqualTo(0);
    double off = Math.abs((double) estimate - exact);
    return new Outside(1, off <= error ? 0 : 1, error > 0 ? off / error : 0);
  }

  /// A row, somewhere between two rows, or a row far out.
  private static float[] query(NativeVectors vectors, int number) {
    float[] vector = vectors.toArray(number * 31 % vectors.size());
    float[] other = vectors.toArray(number * 17 % vectors.size());
    for (int i = 0; i < vector.length; i++) {
      vector[i] =
          switch (number % 3) {
            case 0 -> vector[i];
            case 1 -> 0.7f * vector[i] + 0.3f * other[i];
            default -> 1.5f * vector[i] - 0.6f * other[i];
          };
    }
    return vector;
  }

  static VectorCodes codes(Quantization method, Distance distance, NativeVectors vectors) {
    Codec codec = Codecs.train(method, distance, vectors, vectors.size(), SEED);
    VectorCodes codes = VectorCodes.create(codec, vectors);
    codes.reserve(vectors.size());
    codes.encode(codec.newEncoder(), 0, vectors.size());
    return codes;
  }
}
