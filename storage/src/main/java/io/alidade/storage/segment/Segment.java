package io.alidade.storage.segment;

import io.alidade.engine.memory.RecordTable;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.vector.VectorStore;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.mutation.GrowingBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Row versions of a table by ordinal: their values, row ids, times and indexes.
///
/// Ordinals, values, row ids and times of creation never change once published; times of deletion
/// and the set of indexes do. One writer at a time, any number of readers that hold the segment.
public abstract sealed class Segment permits MutableSegment, SealedSegment {
  /// The time that nothing reaches: of a version that was not deleted.
  public static final long NEVER = Long.MAX_VALUE;

  /// What a search for a row answers when there is none.
  public static final int NO_ORDINAL = -1;

  private final long id;
  private final SegmentColumn[] columns;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final List<VectorIndex> droppedIndexes = new ArrayList<>();
  private volatile Map<Integer, OrderedIndex> orderedIndexes = Map.of();
  private volatile Map<Integer, VectorIndex> vectorIndexes = Map.of();
  private volatile Optional<HeapOnlyVersions> heapOnly = Optional.empty();

  Segment(long id, List<SegmentColumn> columns) {
    this.id = id;
    this.columns = columns.toArray(SegmentColumn[]::new);
  }

  /// Its identity, kept when it is sealed and unique in the database.
  public final long id() {
    return id;
  }

  /// The published ordinals: 0 up to this.
  public abstract int size();

  /// How many versions are not deleted, about.
  public abstract int liveCount();

  /// The bytes of memory it takes, without indexes.
  public abstract long memoryBytes();

  abstract RecordTable rowIds();

  abstract RecordTable createdTimes();

  abstract RecordTable deletedTimes();

  /// Marks a version as deleted. Called by the one writer.
  public abstract void delete(int ordinal, long time);

  /// The version of a row that is not deleted, or [#NO_ORDINAL]. Called by the one writer.
  public abstract int findLive(long rowId);

  abstract void free();

  public final long rowId(int ordinal) {
    return Memory.getLong(rowIds().address(ordinal));
  }

  public final long created(int ordinal) {
    return Memory.getLong(createdTimes().address(ordinal));
  }

  public final long deleted(int ordinal) {
    return Memory.getLong(deletedTimes().address(ordinal));
  }

  public final int columnCount() {
    return columns.length;
  }

  final SegmentColumn[] columns() {
    return columns;
  }

  public final ColumnReader column(int index) {
    return columns[index];
  }

  /// The vectors of a vector column.
  public final VectorStore vectors(int column) {
    if (columns[column] instanceof VectorColumn vectors) {
      return vectors.vectors();
    }
    throw new IllegalArgumentException("column " + column + " holds no vectors of one length");
  }

  /// Its versions that no graph holds, if it has had any.
  public final Optional<HeapOnlyVersions> heapOnly() {
    return heapOnly;
  }

  /// Whether graphs know a version by its root, see [HeapOnlyVersions].
  public final boolean isHeapOnly(int ordinal) {
    Optional<HeapOnlyVersions> versions = heapOnly;
    return versions.isPresent() && versions.get().contains(ordinal);
  }

  /// Enters a version that is complete and not yet published, or of a segment that nobody reads
  /// yet.
  public final void addHeapOnly(int ordinal, long rootSegment, int root) {
    HeapOnlyVersions versions = heapOnly.orElseGet(HeapOnlyVersions::new);
    versions.add(this, ordinal, rootSegment, root);
    heapOnly = Optional.of(versions);
  }

  /// Shares those of the segment that this one was made of.
  public final void shareHeapOnly(Segment origin) {
    heapOnly = origin.heapOnly.map(HeapOnlyVersions::hold);
  }

  /// Whether two versions have the same vectors, and one at least.
  public static boolean haveSameVectors(
      Segment segment, int ordinal, Segment otherSegment, int otherOrdinal) {
    boolean found = false;
    for (int i = 0; i < segment.columns.length; i++) {
      if (segment.columns[i] instanceof VectorColumn vectors) {
        if (!vectors.isSame(ordinal, otherSegment.columns[i], otherOrdinal)) {
          return false;
        }
        found |= !vectors.isNull(ordinal);
      }
    }
    return found;
  }

  /// The values of a version.
  public final @Nullable Object[] row(int ordinal) {
    @Nullable Object[] values = new @Nullable Object[columns.length];
    for (int i = 0; i < columns.length; i++) {
      values[i] = columns[i].get(ordinal);
    }
    return values;
  }

  /// Writes some ordinals as a block of rows, the body only.
  public final void encode(GrowingBytes out, int[] ordinals, int count) {
    for (int i = 0; i < count; i++) {
      out.putLong(rowId(ordinals[i]));
    }
    for (SegmentColumn column : columns()) {
      column.encode(out, ordinals, count);
    }
  }

  /// The ordered index with an OID.
  public final Optional<OrderedIndex> orderedIndex(int oid) {
    return Optional.ofNullable(orderedIndexes.get(oid));
  }

  /// All ordered indexes by OID.
  public final Map<Integer, OrderedIndex> orderedIndexes() {
    return orderedIndexes;
  }

  /// All vector indexes by OID.
  public final Map<Integer, VectorIndex> vectorIndexes() {
    return vectorIndexes;
  }

  /// Begins to keep an ordered index, which holds every published ordinal already.
  public final void addIndex(int oid, OrderedIndex index) {
    Map<Integer, OrderedIndex> more = new HashMap<>(orderedIndexes);
    more.put(oid, index);
    orderedIndexes = Map.copyOf(more);
  }

  /// Begins to keep a vector index; the segment frees it.
  public final void addIndex(VectorIndex index) {
    Map<Integer, VectorIndex> more = new HashMap<>(vectorIndexes);
    more.put(index.oid(), index);
    vectorIndexes = Map.copyOf(more);
  }

  /// Takes on the options that a definition gives to the vector indexes.
  public final void define(TableDefinition definition) {
    for (VectorIndex index : vectorIndexes.values()) {
      definition.index(index.oid()).ifPresent(index::define);
    }
  }

  /// Stops keeping an index; readers may still be in it, so it is freed with the segment.
  public final void removeIndex(int oid) {
    Map<Integer, OrderedIndex> ordered = new HashMap<>(orderedIndexes);
    ordered.remove(oid);
    orderedIndexes = Map.copyOf(ordered);
    Map<Integer, VectorIndex> vectors = new HashMap<>(vectorIndexes);
    VectorIndex dropped = vectors.remove(oid);
    vectorIndexes = Map.copyOf(vectors);
    if (dropped != null) {
      droppedIndexes.add(dropped);
    }
  }

  /// Holds it, unless its memory is gone already.
  ///
  /// @return whether it is held now; then [#release] must follow
  public final boolean tryHold() {
    int count = holders.get();
    while (count > 0) {
      if (holders.compareAndSet(count, count + 1)) {
        return true;
      }
      count = holders.get();
    }
    return false;
  }

  /// Lets go of it; the last one frees its memory. Its maker holds it once from the start.
  public final void release() {
    int count = holders.decrementAndGet();
    if (count < 0) {
      throw new IllegalStateException("segment " + id + " was released too often");
    }
    if (count == 0) {
      vectorIndexes.values().forEach(VectorIndex::close);
      droppedIndexes.forEach(VectorIndex::close);
      heapOnly.ifPresent(HeapOnlyVersions::release);
      for (SegmentColumn column : columns) {
        column.close();
      }
      free();
    }
  }
}
