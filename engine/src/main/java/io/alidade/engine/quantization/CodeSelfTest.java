package io.alidade.engine.quantization;

import io.alidade.engine.vector.Keyed;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.Scorer;
import io.alidade.engine.vector.VectorStore;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Ranks a segment's rows by their codes and by themselves, with some of the rows as queries, and
/// tells how many of the nearest would be found again.
///
/// What it measures depends on the data only, not on a graph: whether the true nearest are among
/// the first so many by code. A row that is the query is left out.
public final class CodeSelfTest {
  /// The true nearest that are looked for.
  public static final int NEAREST = 10;

  private static final int QUERIES = 32;
  private static final int ROWS = 8192;

  private CodeSelfTest() {}

  /// The mean share of the [#NEAREST] true nearest that are among the first `candidates` by code.
  ///
  /// @param count the ordinals that have codes; a sample of them is ranked
  /// @return 1 when there are too few rows to tell
  public static double recall(
      VectorCodes codes, VectorStore vectors, int count, int candidates, long seed) {
    return recalls(codes, vectors, count, new int[] {candidates}, seed)[0];
  }

  /// The same of several numbers of candidates at once.
  ///
  /// @param candidates growing
  public static double[] recalls(
      VectorCodes codes, VectorStore vectors, int count, int[] candidates, long seed) {
    double[] recalls = new double[candidates.length];
    int[] rows = comparable(vectors, count);
    if (rows.length <= candidates[candidates.length - 1]) {
      Arrays.fill(recalls, 1);
      return recalls;
    }
    QueryScorer exact = new QueryScorer(vectors, codes.codec().distance());
    Scorer coded = codes.newScorer();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    float[] keys = new float[rows.length];
    for (int query = 0; query < QUERIES; query++) {
      int chosen = rows[random.nextInt(rows.length)];
      float[] vector = vectors.toArray(chosen);
      exact.setQuery(vector);
      coded.setQuery(vector);
      long[] nearest = first(exact, rows, keys, chosen, NEAREST);
      long[] byCode = first(coded, rows, keys, chosen, candidates[candidates.length - 1]);
      for (int i = 0; i < candidates.length; i++) {
        recalls[i] += share(nearest, byCode, candidates[i]) / QUERIES;
      }
    }
    return recalls;
  }

  private static int[] comparable(VectorStore vectors, int count) {
    int size = Math.min(count, ROWS);
    int[] rows = new int[size];
    int kept = 0;
    for (int i = 0; i < size; i++) {
      int ordinal = (int) ((long) i * count / size);
      float inverseNorm = vectors.inverseNorm(ordinal);
      if (inverseNorm != VectorStore.ABSENT && !Float.isNaN(inverseNorm)) {
        rows[kept++] = ordinal;
      }
    }
    return Arrays.copyOf(rows, kept);
  }

  private static long[] first(Scorer scorer, int[] rows, float[] keys, int except, int count) {
    scorer.keys(rows, 0, rows.length, keys);
    long[] order = new long[rows.length];
    int size = 0;
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != except) {
        order[size++] = Keyed.of(keys[i], rows[i]);
      }
    }
    Arrays.sort(order, 0, size);
    return Arrays.copyOf(order, Math.min(count, size));
  }

  private static double share(long[] nearest, long[] byCode, int candidates) {
    int[] ordinals =
        Arrays.stream(byCode).limit(candidates).mapToInt(Keyed::ordinal).sorted().toArray();
    long among =
        Arrays.stream(nearest)
            .filter(keyed -> Arrays.binarySearch(ordinals, Keyed.ordinal(keyed)) >= 0)
            .count();
    return (double) among / nearest.length;
  }
}
