package io.alidade.storage.segment;

import com.carrotsearch.hppc.IntLongHashMap;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.memory.RecordTable;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.payload.ValueBounds;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A segment at a time, without what the own transaction deleted of it.
///
/// Whoever makes one holds the segment as long as it is used.
public final class SegmentSnapshot implements SegmentView {
  private final Segment segment;
  private final int size;
  private final long time;
  private final RecordTable created;
  private final RecordTable deleted;
  private final @Nullable IntLongHashMap hidden;
  private final long hiddenBefore;
  private final List<OrderedIndex> orderedIndexes;
  private final List<VectorIndex> vectorIndexes;

  /// @param hidden ordinals that the own transaction deleted, with the number of the statement;
  ///   null for none
  /// @param hiddenBefore the statement that reads: what itself deleted is still there for it
  public SegmentSnapshot(
      Segment segment, long time, @Nullable IntLongHashMap hidden, long hiddenBefore) {
    this.segment = segment;
    this.time = time;
    this.hidden = hidden;
    this.hiddenBefore = hiddenBefore;
    // Indexes first: one that is there now holds every ordinal that is published now.
    this.orderedIndexes = List.copyOf(segment.orderedIndexes().values());
    this.vectorIndexes = List.copyOf(segment.vectorIndexes().values());
    this.deleted = segment.deletedTimes();
    this.size = segment.size();
    this.created = segment.createdTimes();
  }

  /// The segment it shows.
  public Segment segment() {
    return segment;
  }

  @Override
  public int size() {
    return size;
  }

  /// Whether a version had begun by then.
  boolean hasBegun(int ordinal) {
    return ordinal < size && Memory.getLong(created.address(ordinal)) <= time;
  }

  @Override
  public boolean isVisible(int ordinal) {
    return Memory.getLong(created.address(ordinal)) <= time
        && time < Memory.getLong(deleted.address(ordinal))
        && (hidden == null || hidden.getOrDefault(ordinal, Long.MAX_VALUE) >= hiddenBefore);
  }

  @Override
  public int liveCount() {
    int live = Math.min(size, segment.liveCount());
    return hidden == null ? live : Math.max(0, live - hidden.size());
  }

  @Override
  public ColumnReader column(int columnIndex) {
    return segment.column(columnIndex);
  }

  @Override
  public VectorStore vectors(int columnIndex) {
    return segment.vectors(columnIndex);
  }

  @Override
  public Optional<HnswIndex> vectorIndex(int columnIndex, Distance distance) {
    for (int i = 0; i < vectorIndexes.size(); i++) { // Searches allocate nothing, not even this.
      if (vectorIndexes.get(i).answers(columnIndex, distance)) {
        return vectorIndexes.get(i).answer();
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<ValueBounds> bounds(int columnIndex) {
    return segment instanceof SealedSegment sealed ? sealed.bounds(columnIndex) : Optional.empty();
  }

  @Override
  public List<OrderedIndex> orderedIndexes() {
    return orderedIndexes;
  }
}
