package io.alidade.bench.peers;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.IntStream;

/// How near a row must be to a query to be among its true nearest: computed by comparing every row,
/// by nobody's kernels.
///
/// What counts is the similarity, not the ordinal, so that a row as near as the last of them is
/// right, too: WordNet has equal glosses.
///
/// @param farthest for each query the similarity of its `k`-th nearest row
public record GroundTruth(int k, double[] farthest) {

  private static final int BLOCK = 512;

  /// Rows kept by the sums in single precision, of which those in double precision choose.
  private static final int CANDIDATES = 32;

  /// Reads what an earlier run has computed, or computes it.
  static GroundTruth cached(Path file, VectorFile base, VectorFile queries, int k)
      throws IOException {
    if (!Files.exists(file)) {
      GroundTruth computed = compute(base, queries.rows(), k);
      Path partial = file.resolveSibling(file.getFileName() + ".partial");
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(partial)))) {
        for (double similarity : computed.farthest) {
          out.writeDouble(similarity);
        }
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      return computed;
    }
    double[] farthest = new double[queries.count()];
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (int i = 0; i < farthest.length; i++) {
        farthest[i] = in.readDouble();
      }
    }
    return new GroundTruth(k, farthest);
  }

  static GroundTruth compute(VectorFile base, float[][] queries, int k) {
    Candidates[] candidates =
        IntStream.range(0, queries.length)
            .mapToObj(_ -> new Candidates())
            .toArray(Candidates[]::new);
    for (int from = 0; from < base.count(); from += BLOCK) {
      int first = from;
      int count = Math.min(BLOCK, base.count() - from);
      float[] columns = transposed(base, from, count);
      IntStream.range(0, queries.length)
          .parallel()
          .forEach(q -> candidates[q].offer(similarities(columns, queries[q]), first, count));
    }
    double[] farthest =
        IntStream.range(0, queries.length)
            .parallel()
            .mapToDouble(q -> candidates[q].farthest(base, queries[q], k))
            .toArray();
    return new GroundTruth(k, farthest);
  }

  /// The similarity of every row to every query, in single precision: an array of rows a query.
  public static float[][] similarities(VectorFile base, float[][] queries) {
    float[][] all = new float[queries.length][base.count()];
    for (int from = 0; from < base.count(); from += BLOCK) {
      int first = from;
      int count = Math.min(BLOCK, base.count() - from);
      float[] columns = transposed(base, from, count);
      IntStream.range(0, queries.length)
          .parallel()
          .forEach(
              q -> System.arraycopy(similarities(columns, queries[q]), 0, all[q], first, count));
    }
    return all;
  }

  /// A block of rows, dimension by dimension: that way the compiler uses vector instructions.
  private static float[] transposed(VectorFile base, int from, int count) {
    float[] columns = new float[base.dimensions() * BLOCK];
    float[] row = new float[base.dimensions()];
    for (int i = 0; i < count; i++) {
      base.copyRow(from + i, row);
      for (int d = 0; d < row.length; d++) {
        columns[d * BLOCK + i] = row[d];
      }
    }
    return columns;
  }

  private static float[] similarities(float[] columns, float[] query) {
    float[] sums = new float[BLOCK];
    for (int d = 0; d < query.length; d++) {
      float component = query[d];
      int at = d * BLOCK;
      for (int i = 0; i < BLOCK; i++) {
        sums[i] += component * columns[at + i];
      }
    }
    return sums;
  }

  /// The inner product, in double precision.
  public static double similarity(float[] left, float[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (double) left[i] * right[i];
    }
    return sum;
  }

  /// The share of the true nearest rows that were found.
  ///
  /// @param found `k` ordinals for each query, one query after the other; a negative one is none
  double recall(VectorFile base, VectorFile queries, int[] found) {
    float[] row = new float[base.dimensions()];
    int hits = 0;
    for (int q = 0; q < farthest.length; q++) {
      int[] distinct = Arrays.stream(found, q * k, (q + 1) * k).distinct().toArray();
      float[] query = queries.row(q);
      for (int ordinal : distinct) {
        if (ordinal >= 0) {
          base.copyRow(ordinal, row);
          hits += similarity(query, row) >= farthest[q] ? 1 : 0;
        }
      }
    }
    return hits / ((double) farthest.length * k);
  }

  /// The nearest rows of one query so far, farthest first.
  private static final class Candidates {
    private final float[] similarities = new float[CANDIDATES];
    private final int[] ordinals = new int[CANDIDATES];

    Candidates() {
      Arrays.fill(similarities, Float.NEGATIVE_INFINITY);
      Arrays.fill(ordinals, -1);
    }

    void offer(float[] block, int first, int count) {
      for (int i = 0; i < count; i++) {
        if (block[i] > similarities[0]) {
          insert(block[i], first + i);
        }
      }
    }

    private void insert(float similarity, int ordinal) {
      int place = 0;
      while (place + 1 < CANDIDATES && similarities[place + 1] < similarity) {
        similarities[place] = similarities[place + 1];
        ordinals[place] = ordinals[place + 1];
        place++;
      }
      similarities[place] = similarity;
      ordinals[place] = ordinal;
    }

    double farthest(VectorFile base, float[] query, int k) {
      double[] exact =
          Arrays.stream(ordinals)
              .filter(ordinal -> ordinal >= 0)
              .mapToDouble(ordinal -> similarity(query, base.row(ordinal)))
              .sorted()
              .toArray();
      return exact[Math.max(0, exact.length - k)];
    }
  }
}
