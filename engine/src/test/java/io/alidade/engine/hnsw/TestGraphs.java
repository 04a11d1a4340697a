package io.alidade.engine.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.Keyed;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.VectorStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// What tests of graphs ask of them.
final class TestGraphs {
  private static final int K = 10;
  private static final int QUERIES = 100;

  private TestGraphs() {}

  /// The ordinals found, nearest first.
  static List<Integer> search(HnswIndex index, float[] query, int ef, IntPredicate accepts) {
    try (Walk walk = index.walk()) {
      walk.run(query, ef, accepts, Long.MAX_VALUE);
      return IntStream.range(0, walk.size()).mapToObj(walk::ordinal).toList();
    }
  }

  /// Vectors near rows of a store.
  static float[][] queries(RandomGenerator random, VectorStore vectors) {
    float[][] queries = new float[QUERIES][];
    for (int i = 0; i < QUERIES; i++) {
      queries[i] = vectors.toArray(random.nextInt(vectors.size()));
      for (int j = 0; j < queries[i].length; j++) {
        queries[i][j] += 0.3f * (float) random.nextGaussian();
      }
    }
    return queries;
  }

  /// The share of the ten nearest accepted rows that walks accepting everything find.
  static double recall(
      HnswIndex index, VectorStore vectors, float[][] queries, int ef, IntPredicate live) {
    int found = 0;
    int expected = 0;
    QueryScorer scorer = new QueryScorer(vectors, index.distance());
    for (float[] query : queries) {
      scorer.setQuery(query);
      long[] exact =
          IntStream.range(0, vectors.size())
              .filter(live)
              .mapToLong(ordinal -> Keyed.of(scorer.key(ordinal), ordinal))
              .sorted()
              .limit(K)
              .toArray();
      Set<Integer> nearest = new HashSet<>();
      Arrays.stream(exact).forEach(keyed -> nearest.add(Keyed.ordinal(keyed)));
      expected += nearest.size();
      List<Integer> walked = search(index, query, ef, Walk.EVERY);
      nearest.retainAll(walked.subList(0, Math.min(K, walked.size())));
      found += nearest.size();
    }
    return found / (double) expected;
  }

  /// The nodes that can be come to from the entry point, in rising order.
  static List<Integer> reached(HnswIndex index, int placed) {
    HnswGraph graph = index.graph();
    if (graph.isEmpty()) {
      return List.of();
    }
    GraphReach reach = new GraphReach(graph, placed);
    reach.add(HnswGraph.entryOrdinal(graph.entry()));
    return IntStream.range(0, placed).filter(reach::contains).boxed().toList();
  }

  /// The saved form.
  static byte[] bytes(HnswIndex index) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    index.writeTo(Channels.newChannel(out));
    assertThat(out.size()).isEqualTo(index.savedBytes());
    return out.toByteArray();
  }

  /// A graph opened from a saved form that lies in an area.
  static HnswIndex open(Distance distance, VectorStore vectors, byte[] bytes, OffHeapArea area)
      throws CorruptGraphException {
    long address = area.allocate(bytes.length);
    MemorySegment target = AddressSpace.slice(address, bytes.length);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, target, 0, bytes.length);
    return HnswIndex.open(distance, vectors, address, bytes.length);
  }
}
