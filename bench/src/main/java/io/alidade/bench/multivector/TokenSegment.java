package io.alidade.bench.multivector;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import io.alidade.model.ColumnType;
import java.util.List;
import java.util.Optional;

/// A segment of so many rows with one column, the row's scrambled number modulo 1000.
record TokenSegment(int size) implements SegmentView {
  private static final int MODULUS = 1000;
  private static final int SCRAMBLE = 0x9E37_79B9;

  /// The rows that match are this share of all.
  static Filter share(double share) {
    return new Filter.Compare(0, Filter.Comparison.LESS, (int) (share * MODULUS));
  }

  @Override
  public int liveCount() {
    return size;
  }

  @Override
  public boolean isVisible(int ordinal) {
    return true;
  }

  @Override
  public ColumnReader column(int columnIndex) {
    return new ColumnReader() {
      @Override
      public ColumnType type() {
        return ColumnType.INT4;
      }

      @Override
      public boolean isNull(int ordinal) {
        return false;
      }

      @Override
      public long getLong(int ordinal) {
        return Integer.remainderUnsigned(ordinal * SCRAMBLE >>> 7, MODULUS);
      }

      @Override
      public double getDouble(int ordinal) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Object get(int ordinal) {
        return (int) getLong(ordinal);
      }
    };
  }

  @Override
  public List<OrderedIndex> orderedIndexes() {
    return List.of();
  }

  @Override
  public VectorStore vectors(int columnIndex) {
    throw new UnsupportedOperationException("this segment has lists of vectors only");
  }

  @Override
  public Optional<HnswIndex> vectorIndex(int columnIndex, Distance distance) {
    return Optional.empty();
  }
}
