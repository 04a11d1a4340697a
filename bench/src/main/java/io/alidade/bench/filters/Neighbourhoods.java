package io.alidade.bench.filters;

import io.alidade.bench.peers.GroundTruth;
import io.alidade.bench.peers.VectorFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// The rows of a set, divided by which of some centres is nearest; a filter on them is as
/// correlated with the distance as one can be.
///
/// @param of each row's neighbourhood
/// @param sizes how many rows each has
/// @param ranked for each query the neighbourhoods, the one with the nearest centre first
record Neighbourhoods(int[] of, int[] sizes, List<List<Integer>> ranked) {

  private static final int COUNT = 200;

  /// The centres are rows.
  static Neighbourhoods divide(VectorFile base, float[][] queries, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] centres = new float[COUNT][];
    for (int i = 0; i < COUNT; i++) {
      centres[i] = base.row(random.nextInt(base.count()));
    }
    float[][] similarities = GroundTruth.similarities(base, centres);
    int[] of = new int[base.count()];
    int[] sizes = new int[COUNT];
    for (int row = 0; row < of.length; row++) {
      for (int i = 1; i < COUNT; i++) {
        if (similarities[i][row] > similarities[of[row]][row]) {
          of[row] = i;
        }
      }
      sizes[of[row]]++;
    }
    return new Neighbourhoods(
        of, sizes, Arrays.stream(queries).map(query -> ranked(query, centres)).toList());
  }

  private static List<Integer> ranked(float[] query, float[][] centres) {
    double[] nearness =
        Arrays.stream(centres)
            .mapToDouble(centre -> GroundTruth.similarity(query, centre))
            .toArray();
    return IntStream.range(0, COUNT)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -nearness[i]))
        .toList();
  }

  /// The nearest neighbourhoods of a query that together have a share of the rows.
  List<Object> nearest(int query, double share) {
    return first(ranked.get(query), share);
  }

  /// The same from the farthest on.
  List<Object> farthest(int query, double share) {
    List<Integer> reversed = new ArrayList<>(ranked.get(query));
    Collections.reverse(reversed);
    return first(reversed, share);
  }

  private List<Object> first(List<Integer> order, double share) {
    List<Object> chosen = new ArrayList<>();
    int rows = 0;
    for (int neighbourhood : order) {
      if (rows < share * of.length) {
        chosen.add(neighbourhood);
        rows += sizes[neighbourhood];
      }
    }
    return chosen;
  }
}
