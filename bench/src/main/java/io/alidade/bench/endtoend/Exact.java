package io.alidade.bench.endtoend;

import java.util.PriorityQueue;
import java.util.stream.IntStream;

/// The true nearest neighbours, by comparing with every vector in double precision.
final class Exact {

  private Exact() {}

  /// @return for each query the numbers of its `k` nearest base vectors by cosine distance
  static int[][] neighbors(float[][] base, float[][] queries, int k) {
    double[] norms = IntStream.range(0, base.length).mapToDouble(i -> norm(base[i])).toArray();
    return IntStream.range(0, queries.length)
        .parallel()
        .mapToObj(q -> nearest(base, norms, queries[q], k))
        .toArray(int[][]::new);
  }

  private static int[] nearest(float[][] base, double[] norms, float[] query, int k) {
    record Neighbor(int id, double similarity) {}
    PriorityQueue<Neighbor> worstFirst =
        new PriorityQueue<>((a, b) -> Double.compare(a.similarity, b.similarity));
    for (int id = 0; id < base.length; id++) {
      double similarity = dot(base[id], query) / norms[id];
      if (worstFirst.size() < k) {
        worstFirst.add(new Neighbor(id, similarity));
      } else if (similarity > worstFirst.element().similarity) {
        worstFirst.remove();
        worstFirst.add(new Neighbor(id, similarity));
      }
    }
    return worstFirst.stream().mapToInt(Neighbor::id).toArray();
  }

  private static double norm(float[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  private static double dot(float[] a, float[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 4 <= a.length; i += 4) {
      s0 += (double) a[i] * b[i];
      s1 += (double) a[i + 1] * b[i + 1];
      s2 += (double) a[i + 2] * b[i + 2];
      s3 += (double) a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      s0 += (double) a[i] * b[i];
    }
    return s0 + s1 + s2 + s3;
  }
}
