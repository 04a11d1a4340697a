package io.alidade.bench.calibration;

import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.hnsw.Walk;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntPredicate;

/// How many nodes walks visit, by the width of the beam and the share of matching rows, and what a
/// node takes.
final class WalkTimes {
  private static final int[] WIDTHS = {20, 40, 80, 160};
  private static final int[] ONE_IN = {1, 2, 5, 10};
  private static final int QUERIES = 100;
  private static final int SCRAMBLE = 0x9E3779B9;

  private WalkTimes() {}

  /// Builds a graph, takes the times and prints the constants.
  static void print(int dimensions, int rows, Quantization codes) {
    LatentVectors source = new LatentVectors(dimensions, 1);
    try (NativeVectors vectors = new NativeVectors(dimensions)) {
      for (int i = 0; i < rows; i++) {
        int unused = vectors.append(source.next());
      }
      float[][] queries = new float[QUERIES][];
      for (int i = 0; i < QUERIES; i++) {
        queries[i] = source.next();
      }
      try (HnswIndex index =
              HnswIndex.create(
                  HnswParameters.DEFAULT, Distance.L2, vectors, new Coding.Fixed(codes));
          ExecutorService executor = Executors.newCachedThreadPool()) {
        index.extend(rows, Runtime.getRuntime().availableProcessors(), executor);
        print(index, queries);
      }
    }
  }

  private static void print(HnswIndex index, float[][] queries) {
    double nodesForAll = 1;
    for (int oneIn : ONE_IN) {
      IntPredicate accepts =
          oneIn == 1 ? Walk.EVERY : row -> Integer.remainderUnsigned(row * SCRAMBLE, oneIn) == 0;
      Line nodes = new Line();
      Line nanos = new Line();
      for (int ef : WIDTHS) {
        long[] visited = new long[1];
        double took =
            Stopwatch.nanos(() -> {
              visited[0] = 0;
              for (float[] query : queries) {
                try (Walk walk = index.walk()) {
                  walk.run(query, ef, accepts, Long.MAX_VALUE);
                  visited[0] += walk.visitedNodes();
                }
              }
            });
        double each = (double) visited[0] / QUERIES;
        nodes.add(ef, each);
        nanos.add(each, took / QUERIES);
      }
      Line.Fit byWidth = nodes.fit();
      Line.Fit byNode = nanos.fit();
      double atForty = byWidth.atZero() + 40 * byWidth.slope();
      if (oneIn == 1) {
        nodesForAll = atForty;
      }
      System.out.printf(
          "1 row in %2d: WALK_NODES %.0f, WALK_NODES_A_PLACE %.1f, WALK_GROWTH %.2f,"
              + " %.0f ns a node and %.1f us besides%n",
          oneIn,
          byWidth.atZero(),
          byWidth.slope(),
          oneIn == 1 ? 0 : Math.log(atForty / nodesForAll) / Math.log(oneIn),
          byNode.slope(),
          byNode.atZero() / 1000);
    }
  }
}
