package io.alidade.storage.segment;

import com.carrotsearch.hppc.LongIntHashMap;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.memory.RecordTable;
import io.alidade.engine.payload.MutableOrderedIndex;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.mutation.MalformedBytesException;
import io.alidade.storage.mutation.Mutation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A segment in memory that takes rows: a table's newest, or a transaction's own.
///
/// Rows are appended by one writer and seen by readers once [#size] says so.
public final class MutableSegment extends Segment {
  /// The most row versions of a segment; a checkpoint begins a new one.
  public static final int MAX_ROWS = 1 << 30;

  /// A place in a hash table that is half empty.
  private static final long BYTES_PER_MAPPED_ROW = 24;

  private final OffHeapArea area;
  private final RecordTable rowIds;
  private final RecordTable created;
  private final RecordTable deleted;

  /// The newest version of each row, of the first [#mappedRows] versions: filled when it is asked,
  /// for a load asks nothing.
  private final LongIntHashMap newest = new LongIntHashMap();

  private int mappedRows;
  private volatile int size;
  private volatile int deletedCount;

  private MutableSegment(long id, OffHeapArea area, List<SegmentColumn> columns) {
    super(id, columns);
    this.area = area;
    this.rowIds = RecordTable.growing(area, Long.BYTES);
    this.created = RecordTable.growing(area, Long.BYTES);
    this.deleted = RecordTable.growing(area, Long.BYTES);
  }

  /// Which of a table's indexes a segment keeps.
  public enum Indexes {
    ALL,
    /// What a transaction's own rows need: vectors among them are compared one by one.
    ORDERED_ONLY
  }

  /// An empty segment of a table, with all its indexes.
  public static MutableSegment create(long id, TableDefinition table) {
    return create(id, table, Indexes.ALL);
  }

  /// An empty segment of a table.
  public static MutableSegment create(long id, TableDefinition table, Indexes indexes) {
    List<ColumnType> types = table.columns().stream().map(ColumnDefinition::type).toList();
    MutableSegment segment = create(id, types);
    for (IndexDefinition index : table.indexes()) {
      if (indexes == Indexes.ALL || index.method() == IndexDefinition.Method.BTREE) {
        segment.createIndex(index);
      }
    }
    return segment;
  }

  /// An empty segment without indexes.
  public static MutableSegment create(long id, List<ColumnType> types) {
    OffHeapArea area = new OffHeapArea();
    List<SegmentColumn> columns = new ArrayList<>(types.size());
    for (ColumnType type : types) {
      columns.add(SegmentColumn.growing(type, area));
    }
    return new MutableSegment(id, area, columns);
  }

  /// Begins to keep an index: an ordered one is filled with the rows that are there, a vector index
  /// begins empty.
  public void createIndex(IndexDefinition index) {
    switch (index.method()) {
      case BTREE -> addIndex(index.oid(), orderedIndexOf(this, index));
      case HNSW -> addIndex(VectorIndex.create(index, this));
    }
  }

  /// An ordered index over any segment's rows.
  public static OrderedIndex orderedIndexOf(Segment segment, IndexDefinition index) {
    List<Integer> columns = index.columns();
    MutableOrderedIndex ordered =
        new MutableOrderedIndex(
            columns, columns.stream().map(column -> segment.columns()[column].type()).toList());
    int size = segment.size();
    for (int ordinal = 0; ordinal < size; ordinal++) {
      ordered.add(key(segment, columns, ordinal), ordinal);
    }
    return ordered;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int liveCount() {
    return size - deletedCount;
  }

  @Override
  public long memoryBytes() {
    long bytes = area.allocatedBytes();
    for (SegmentColumn column : columns()) {
      bytes += column.ownBytes();
    }
    return bytes;
  }

  /// About the bytes of the heap that it takes.
  public long heapBytes() {
    long rows = size;
    return rows * orderedIndexes().size() * MutableOrderedIndex.BYTES_PER_ROW
        + (long) mappedRows * BYTES_PER_MAPPED_ROW;
  }

  /// Appends a row version and publishes it.
  ///
  /// @return its ordinal
  public int append(long rowId, long time, @Nullable Object[] values) {
    int ordinal = size;
    SegmentColumn[] columns = columns();
    for (int i = 0; i < columns.length; i++) {
      columns[i].append(ordinal, values[i]);
    }
    finishRow(ordinal, rowId, time);
    size = ordinal + 1;
    return ordinal;
  }

  /// Told of row versions that are complete and not yet published.
  public interface Appended {
    /// @param ordinal where it is
    void version(MutableSegment segment, int ordinal);
  }

  /// Appends a row version of a segment with the same columns.
  public void appendFrom(MutableSegment source, int sourceOrdinal, long time, Appended appended) {
    int ordinal = size;
    SegmentColumn[] columns = columns();
    for (int i = 0; i < columns.length; i++) {
      columns[i].appendFrom(ordinal, source.columns()[i], sourceOrdinal);
    }
    finishRow(ordinal, source.rowId(sourceOrdinal), time);
    appended.version(this, ordinal);
    size = ordinal + 1;
  }

  /// Appends a block of rows.
  public void append(Mutation.RowBlock block, long time, Appended appended)
      throws MalformedBytesException {
    SegmentColumn[] columns = columns();
    if (block.columns() != columns.length || block.count() > MAX_ROWS - size) {
      throw new MalformedBytesException(
          block.count() + " rows of " + block.columns() + " columns for " + columns.length);
    }
    ByteBuffer in = block.bytes().slice().order(block.bytes().order());
    try {
      int first = size;
      long[] ids = new long[block.count()];
      in.slice().order(in.order()).asLongBuffer().get(ids);
      in.position(ids.length * Long.BYTES);
      for (SegmentColumn column : columns) {
        column.decode(in, first, ids.length);
      }
      for (int i = 0; i < ids.length; i++) {
        finishRow(first + i, ids[i], time);
        appended.version(this, first + i);
      }
      size = first + ids.length;
    } catch (RuntimeException e) { // Underflow, a negative length: whatever wrong bytes lead to.
      throw new MalformedBytesException("a block of rows is not what was written", e);
    }
  }

  /// Types that store as the columns of a block do: for rows whose table is not known yet.
  public static List<ColumnType> storageTypes(Mutation.RowBlock block)
      throws MalformedBytesException {
    ByteBuffer in = block.bytes().slice().order(block.bytes().order());
    try {
      in.position(block.count() * Long.BYTES);
      List<ColumnType> types = new ArrayList<>();
      for (int i = 0; i < block.columns(); i++) {
        types.add(BlockColumn.skip(in, block.count()));
      }
      return types;
    } catch (RuntimeException e) { // Underflow, a negative length: whatever wrong bytes lead to.
      throw new MalformedBytesException("a block of rows is not what was written", e);
    }
  }

  private void finishRow(int ordinal, long rowId, long time) {
    rowIds.reserve(ordinal + 1);
    created.reserve(ordinal + 1);
    deleted.reserve(ordinal + 1);
    Memory.putLong(rowIds.address(ordinal), rowId);
    Memory.putLong(created.address(ordinal), time);
    Memory.putLong(deleted.address(ordinal), NEVER);
    if (!orderedIndexes().isEmpty()) {
      for (OrderedIndex index : orderedIndexes().values()) {
        ((MutableOrderedIndex) index).add(key(this, index.columns(), ordinal), ordinal);
      }
    }
  }

  private static @Nullable Object[] key(Segment segment, List<Integer> columns, int ordinal) {
    @Nullable Object[] key = new @Nullable Object[columns.size()];
    for (int i = 0; i < key.length; i++) {
      key[i] = segment.columns()[columns.get(i)].get(ordinal);
    }
    return key;
  }

  @Override
  public void delete(int ordinal, long time) {
    Memory.putLong(deleted.address(ordinal), time);
    deletedCount++;
  }

  /// Takes a deletion back: in a transaction's own segment only.
  public void undelete(int ordinal) {
    Memory.putLong(deleted.address(ordinal), NEVER);
    deletedCount--;
  }

  /// Makes a version one that never was: in a transaction's own segment only.
  public void discard(int ordinal) {
    Memory.putLong(created.address(ordinal), NEVER);
    deletedCount++;
  }

  @Override
  public int findLive(long rowId) {
    for (; mappedRows < size; mappedRows++) {
      newest.put(rowId(mappedRows), mappedRows);
    }
    int ordinal = newest.getOrDefault(rowId, NO_ORDINAL);
    return ordinal != NO_ORDINAL && deleted(ordinal) == NEVER ? ordinal : NO_ORDINAL;
  }

  /// Whether a version was neither deleted nor discarded.
  public boolean isLive(int ordinal) {
    return deleted(ordinal) == NEVER && created(ordinal) != NEVER;
  }

  @Override
  RecordTable rowIds() {
    return rowIds;
  }

  @Override
  RecordTable createdTimes() {
    return created;
  }

  @Override
  RecordTable deletedTimes() {
    return deleted;
  }

  @Override
  void free() {
    area.close();
  }
}
