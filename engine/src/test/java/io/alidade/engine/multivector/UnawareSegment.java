package io.alidade.engine.multivector;

import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.util.List;
import java.util.Optional;

/// A segment that takes all of its rows for visible where it is asked how many there are.
record UnawareSegment(SegmentView segment) implements SegmentView {
  @Override
  public int size() {
    return segment.size();
  }

  @Override
  public int liveCount() {
    return segment.size();
  }

  @Override
  public boolean isVisible(int ordinal) {
    return segment.isVisible(ordinal);
  }

  @Override
  public ColumnReader column(int columnIndex) {
    return segment.column(columnIndex);
  }

  @Override
  public List<OrderedIndex> orderedIndexes() {
    return segment.orderedIndexes();
  }

  @Override
  public VectorStore vectors(int columnIndex) {
    return segment.vectors(columnIndex);
  }

  @Override
  public Optional<HnswIndex> vectorIndex(int columnIndex, Distance distance) {
    return segment.vectorIndex(columnIndex, distance);
  }
}
