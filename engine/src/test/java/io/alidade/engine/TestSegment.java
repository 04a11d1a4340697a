package io.alidade.engine;

import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.MutableOrderedIndex;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.payload.SealedOrderedIndex;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.VectorElement;
import io.alidade.engine.vector.VectorStore;
import io.alidade.model.ColumnType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A segment in lists: scalar columns first, then one vector column.
public final class TestSegment implements SegmentView, AutoCloseable {
  private final List<ColumnType> types;
  private final List<@Nullable Object[]> rows = new ArrayList<>();
  private final NativeVectors vectors;
  private final BitSet deleted = new BitSet();
  private final List<OrderedIndex> orderedIndexes = new ArrayList<>();
  private final List<Optional<HnswIndex>> graphs = new ArrayList<>();

  public TestSegment(List<ColumnType> types, int dimensions) {
    this(types, dimensions, VectorElement.FLOAT32);
  }

  public TestSegment(List<ColumnType> types, int dimensions, VectorElement element) {
    this.types = types;
    this.vectors = new NativeVectors(dimensions, element);
  }

  /// The index of the vector column.
  public int vectorColumn() {
    return types.size();
  }

  public int add(@Nullable Object[] row, float @Nullable [] vector) {
    rows.add(row);
    return vector == null ? vectors.appendAbsent() : vectors.append(vector);
  }

  public void delete(int ordinal) {
    deleted.set(ordinal);
  }

  /// Adds a mutable index over what is there.
  public void indexMutably(List<Integer> columns) {
    MutableOrderedIndex index =
        new MutableOrderedIndex(columns, columns.stream().map(types::get).toList());
    for (int ordinal = 0; ordinal < rows.size(); ordinal++) {
      @Nullable Object[] key = new Object[columns.size()];
      for (int i = 0; i < key.length; i++) {
        key[i] = rows.get(ordinal)[columns.get(i)];
      }
      index.add(key, ordinal);
    }
    orderedIndexes.add(index);
  }

  /// Adds a sealed index over what is there.
  public void indexSealed(List<Integer> columns) {
    List<ColumnReader> readers = columns.stream().map(this::column).toList();
    int[] sorted = SealedOrderedIndex.sort(readers, rows.size());
    orderedIndexes.add(new SealedOrderedIndex(columns, readers, MemorySegment.ofArray(sorted)));
  }

  /// Adds a graph over the first rows.
  public void indexVectors(Distance distance, int end) {
    indexVectors(distance, end, Coding.AUTOMATIC);
  }

  /// Adds a graph over the first rows, with codes if there are codes for the distance.
  public void indexVectors(Distance distance, int end, Coding coding) {
    HnswIndex graph = HnswIndex.create(HnswParameters.DEFAULT, distance, vectors, coding);
    graph.extend(end);
    graphs.add(Optional.of(graph));
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public int liveCount() {
    return rows.size() - deleted.cardinality();
  }

  @Override
  public boolean isVisible(int ordinal) {
    return !deleted.get(ordinal);
  }

  @Override
  public ColumnReader column(int columnIndex) {
    ColumnType type = types.get(columnIndex);
    return new ColumnReader() {
      @Override
      public ColumnType type() {
        return type;
      }

      @Override
      public boolean isNull(int ordinal) {
        return get(ordinal) == null;
      }

      @Override
      public long getLong(int ordinal) {
        return switch (get(ordinal)) {
          case Boolean value -> value ? 1 : 0;
          case Number value when type.kind() != ColumnType.Kind.NUMERIC -> value.longValue();
          case null, default -> throw new UnsupportedOperationException();
        };
      }

      @Override
      public double getDouble(int ordinal) {
        return switch (get(ordinal)) {
          case Double value -> value;
          case Float value -> value;
          case null, default -> throw new UnsupportedOperationException();
        };
      }

      @Override
      public @Nullable Object get(int ordinal) {
        return rows.get(ordinal)[columnIndex];
      }
    };
  }

  @Override
  public List<OrderedIndex> orderedIndexes() {
    return orderedIndexes;
  }

  @Override
  public VectorStore vectors(int columnIndex) {
    return vectors;
  }

  @Override
  public Optional<HnswIndex> vectorIndex(int columnIndex, Distance distance) {
    for (int i = 0; i < graphs.size(); i++) { // Allocates nothing: searches may not.
      if (graphs.get(i).orElseThrow().distance() == distance) {
        return graphs.get(i);
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    graphs.forEach(graph -> graph.orElseThrow().close());
    vectors.close();
  }
}
