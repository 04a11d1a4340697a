package io.alidade.engine.search;

import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NoVectors;
import io.alidade.engine.vector.VectorStore;
import java.util.List;
import java.util.Optional;

/// A segment without rows: what the memory of searches holds between them.
enum NoRows implements SegmentView {
  INSTANCE;

  @Override
  public int size() {
    return 0;
  }

  @Override
  public boolean isVisible(int ordinal) {
    return false;
  }

  @Override
  public int liveCount() {
    return 0;
  }

  @Override
  public ColumnReader column(int columnIndex) {
    throw new IllegalArgumentException("there are no columns");
  }

  @Override
  public List<OrderedIndex> orderedIndexes() {
    return List.of();
  }

  @Override
  public VectorStore vectors(int columnIndex) {
    return NoVectors.INSTANCE;
  }

  @Override
  public Optional<HnswIndex> vectorIndex(int columnIndex, Distance distance) {
    return Optional.empty();
  }
}
