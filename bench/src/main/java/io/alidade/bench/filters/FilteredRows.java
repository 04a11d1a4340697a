package io.alidade.bench.filters;

import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.payload.SealedOrderedIndex;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.VectorStore;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/// A segment of vectors with a graph, and columns to filter by.
final class FilteredRows {

  /// Two columns of random numbers below [#RANDOM_END].
  static final int RANDOM = 0;

  static final int OTHER = 1;

  /// The row's neighbourhood.
  static final int NEIGHBOURHOOD = 2;

  static final int VECTOR = 3;

  static final int RANDOM_END = 1000;

  private final NativeVectors vectors;
  private final HnswIndex graph;
  private final List<IntegerColumn> columns;
  private final List<OrderedIndex> indexes;

  FilteredRows(NativeVectors vectors, HnswIndex graph, int[] neighbourhoods, long seed) {
    this.vectors = vectors;
    this.graph = graph;
    SplittableRandom random = new SplittableRandom(seed);
    this.columns =
        List.of(
            new IntegerColumn(numbers(random)),
            new IntegerColumn(numbers(random)),
            new IntegerColumn(neighbourhoods));
    this.indexes = List.of(index(RANDOM), index(OTHER), index(NEIGHBOURHOOD));
  }

  private int[] numbers(SplittableRandom random) {
    return random.ints(vectors.size(), 0, RANDOM_END).toArray();
  }

  private OrderedIndex index(int column) {
    List<ColumnReader> readers = List.of(columns.get(column));
    int[] sorted = SealedOrderedIndex.sort(readers, vectors.size());
    return new SealedOrderedIndex(List.of(column), readers, MemorySegment.ofArray(sorted));
  }

  int size() {
    return vectors.size();
  }

  /// Whether filters find ordered indexes on their columns.
  enum Indexing {
    INDEXED,
    PLAIN
  }

  /// All rows.
  SegmentView all(Indexing indexing) {
    return new View(_ -> true, size(), listed(indexing));
  }

  /// The rows that a statement may see.
  ///
  /// @param live how many the table says there are
  SegmentView visible(IntPredicate visible, int live) {
    return new View(visible, live, indexes);
  }

  private List<OrderedIndex> listed(Indexing indexing) {
    return switch (indexing) {
      case INDEXED -> indexes;
      case PLAIN -> List.of();
    };
  }

  /// The rows as one statement sees them.
  private final class View implements SegmentView {
    private final IntPredicate visible;
    private final int live;
    private final List<OrderedIndex> listed;

    View(IntPredicate visible, int live, List<OrderedIndex> listed) {
      this.visible = visible;
      this.live = live;
      this.listed = listed;
    }

    @Override
    public int size() {
      return vectors.size();
    }

    @Override
    public int liveCount() {
      return live;
    }

    @Override
    public boolean isVisible(int ordinal) {
      return visible.test(ordinal);
    }

    @Override
    public VectorStore vectors(int columnIndex) {
      return vectors;
    }

    @Override
    public Optional<HnswIndex> vectorIndex(int columnIndex, Distance distance) {
      return Optional.of(graph);
    }

    @Override
    public ColumnReader column(int columnIndex) {
      return columns.get(columnIndex);
    }

    @Override
    public List<OrderedIndex> orderedIndexes() {
      return listed;
    }
  }
}
