package io.alidade.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SearchOptions;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.search.Strategy;
import io.alidade.engine.search.VectorQuery;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.VectorStore;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Two vector columns of different dimensions and distances in one segment, each with its graph.
final class SeveralVectorColumnsTest {
  private static final int ROWS = 6000;

  private record TwoColumns(List<NativeVectors> stores, List<HnswIndex> indexes)
      implements SegmentView {
    @Override
    public int size() {
      return ROWS;
    }

    @Override
    public boolean isVisible(int ordinal) {
      return true;
    }

    @Override
    public int liveCount() {
      return ROWS;
    }

    @Override
    public ColumnReader column(int columnIndex) {
      throw new UnsupportedOperationException("there are vectors only");
    }

    @Override
    public List<OrderedIndex> orderedIndexes() {
      return List.of();
    }

    @Override
    public VectorStore vectors(int columnIndex) {
      return stores.get(columnIndex);
    }

    @Override
    public Optional<HnswIndex> vectorIndex(int columnIndex, Distance distance) {
      HnswIndex index = indexes.get(columnIndex);
      return index.distance() == distance ? Optional.of(index) : Optional.empty();
    }
  }

  private static NativeVectors fill(RandomGenerator random, int dimensions) {
    NativeVectors vectors = new NativeVectors(dimensions);
    for (float[] vector : TestVectors.clustered(random, ROWS, dimensions, 300)) {
      int unused = vectors.append(vector);
    }
    return vectors;
  }

  private static HnswIndex index(NativeVectors vectors, Distance distance, Coding coding) {
    HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, distance, vectors, coding);
    index.extend(ROWS);
    return index;
  }

  @Test
  void eachColumnIsSearchedByItsOwnGraph() {
    RandomGenerator random = TestSeed.generator();
    try (NativeVectors small = fill(random, 32);
        NativeVectors large = fill(random, 96);
        HnswIndex bySmall = index(small, Distance.L2, Coding.NONE);
        HnswIndex byLarge = index(large, Distance.COSINE, new Coding.Fixed(Quantization.SCALAR))) {
      SegmentView segment = new TwoColumns(List.of(small, large), List.of(bySmall, byLarge));
      Searcher searcher = new Searcher();
      for (int i = 0; i < 40; i++) {
        int column = i % 2;
        VectorStore vectors = segment.vectors(column);
        Distance distance = column == 0 ? Distance.L2 : Distance.COSINE;
        float[] near = vectors.toArray(random.nextInt(ROWS));
        VectorQuery query =
            new VectorQuery(
                column,
                near,
                distance,
                10,
                Filter.ALL,
                Optional.empty(),
                new SearchOptions(100, SearchOptions.Mode.APPROXIMATE));
        SearchResult result = searcher.search(List.of(segment), query, Checkpoint.NONE);
        Set<Integer> found = new HashSet<>();
        IntStream.range(0, result.size()).forEach(hit -> found.add(result.ordinal(hit)));
        found.retainAll(nearest(vectors, distance, near));
        assertThat(found).hasSizeGreaterThanOrEqualTo(9);
        assertThat(result.statistics().segments().getFirst().strategy())
            .isIn(Strategy.WALK, Strategy.SCAN_BY_CODES, Strategy.EXACT);
      }
    }
  }

  private static List<Integer> nearest(VectorStore vectors, Distance distance, float[] to) {
    return IntStream.range(0, ROWS)
        .boxed()
        .sorted(Comparator.comparingDouble(row -> distance.between(to, vectors.toArray(row))))
        .limit(10)
        .toList();
  }
}
