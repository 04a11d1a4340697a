package io.alidade.storage.segment;

import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.memory.RecordTable;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.payload.SealedOrderedIndex;
import io.alidade.engine.payload.ValueBounds;
import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.file.ChecksummedFile;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.format.v1.SegmentFiles;
import io.alidade.storage.statistics.ColumnSummary;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A segment in files that never change; what was deleted since is in memory.
public final class SealedSegment extends Segment {
  private static final Logger LOG = LoggerFactory.getLogger(SealedSegment.class);

  /// Files up to this size are read and checked whole when they are opened, so that a damaged one
  /// is named before it answers anything. Of larger ones the vectors are not.
  private static final long VERIFIED_AT_OPENING = 1L << 30;

  private final List<ChecksummedFile> files;
  private final int size;
  private final RecordTable rowIds;
  private final RecordTable created;
  private final MemorySegment order;
  private final Map<Integer, String> savedIndexes = new ConcurrentHashMap<>();
  private final Map<Integer, Optional<ValueBounds>> bounds = new ConcurrentHashMap<>();
  private final OffHeapArea area = new OffHeapArea();
  private volatile RecordTable deleted;
  private volatile int deletedCount;
  private boolean deletedInMemory;

  private SealedSegment(long id, ChecksummedFile file, int size, List<SegmentColumn> columns)
      throws CorruptFileException {
    super(id, columns);
    this.files = new ArrayList<>(List.of(file));
    this.size = size;
    this.rowIds = longs(file, SegmentFiles.ROW_IDS, size);
    this.created = longs(file, SegmentFiles.CREATED, size);
    this.deleted = longs(file, SegmentFiles.DELETED, size);
    this.order = Sections.of(file, SegmentFiles.ROW_ORDER, (long) size * Integer.BYTES);
    requireOrdinals(file);
    int count = 0;
    for (int ordinal = 0; ordinal < size; ordinal++) {
      count += deleted(ordinal) == NEVER ? 0 : 1;
    }
    this.deletedCount = count;
  }

  private static RecordTable longs(ChecksummedFile file, String section, int size)
      throws CorruptFileException {
    long address = Sections.of(file, section, (long) size * Long.BYTES).address();
    return RecordTable.mapped(address, Long.BYTES, size);
  }

  private void requireOrdinals(ChecksummedFile file) throws CorruptFileException {
    for (int i = 0; i < size; i++) {
      int ordinal = ordered(i);
      if (ordinal < 0 || ordinal >= size) {
        throw new CorruptFileException(file.path(), 0, "ordinal " + ordinal + " of " + size);
      }
    }
  }

  /// Opens the rows of a segment of a table.
  ///
  /// @param directory where the files of segments are
  public static SealedSegment open(Path directory, long id, TableDefinition table)
      throws IOException, CorruptFileException {
    Path path = SegmentFiles.rows(directory, id);
    ChecksummedFile file = ChecksummedFile.open(path);
    try {
      requireVersion(file);
      if (file.size() <= VERIFIED_AT_OPENING) {
        file.verify();
      }
      int size = readHeader(file, id, table);
      List<SegmentColumn> columns = new ArrayList<>();
      for (int i = 0; i < table.columns().size(); i++) {
        ColumnType type = table.columns().get(i).type();
        columns.add(SegmentColumn.mapped(type, file, SegmentFiles.column(i), size));
      }
      return new SealedSegment(id, file, size, columns);
    } catch (CorruptFileException | RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  private static void requireVersion(ChecksummedFile file) throws CorruptFileException {
    if (file.formatVersion() != SegmentFiles.FORMAT_VERSION) {
      throw new CorruptFileException(
          file.path(),
          0,
          "format version " + file.formatVersion() + ", known is " + SegmentFiles.FORMAT_VERSION);
    }
  }

  /// Checks that a file is the one that was asked for.
  ///
  /// @return the number of rows
  private static int readHeader(ChecksummedFile file, long id, TableDefinition table)
      throws CorruptFileException {
    ByteBuffer in = header(file);
    try {
      long foundId = in.getLong();
      int tableOid = in.getInt();
      int generation = in.getInt();
      int size = in.getInt();
      List<String> found = new ArrayList<>();
      int columns = in.getInt();
      for (int i = 0; i < columns; i++) {
        byte[] type = new byte[in.getInt()];
        in.get(type);
        found.add(new String(type, StandardCharsets.UTF_8));
      }
      List<String> expected = typeNames(table);
      if (foundId != id
          || tableOid != table.oid()
          || generation != table.generation()
          || !found.equals(expected)) {
        throw new CorruptFileException(
            file.path(),
            0,
            "segment %x of table %d, generation %d, with columns %s; expected %x, %d, %d, %s"
                .formatted(
                    foundId,
                    tableOid,
                    generation,
                    found,
                    id,
                    table.oid(),
                    table.generation(),
                    expected));
      }
      return size;
    } catch (RuntimeException e) { // Underflow, a negative length.
      throw new CorruptFileException(file.path(), 0, "the header is not one of a segment");
    }
  }

  static List<String> typeNames(TableDefinition table) {
    return table.columns().stream().map(ColumnDefinition::type).map(ColumnType::toString).toList();
  }

  private static ByteBuffer header(ChecksummedFile file) throws CorruptFileException {
    return file.section(SegmentFiles.HEADER).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Opens the file of an index over this segment and keeps the index.
  ///
  /// @param memory what an index that is to be pinned takes from; mapped when that is used up
  public void openIndex(Path directory, IndexDefinition index, PinnedMemory memory)
      throws IOException, CorruptFileException {
    Path path = SegmentFiles.index(directory, id(), index.oid());
    ChecksummedFile file = ChecksummedFile.open(path);
    files.add(file);
    requireVersion(file);
    file.verify();
    ByteBuffer header = header(file);
    if (header.remaining() < 16
        || header.getLong() != id()
        || header.getInt() != index.oid()
        || header.getInt() != size) {
      throw new CorruptFileException(path, 0, "not index " + index.oid() + " of this segment");
    }
    savedIndexes.put(
        index.oid(),
        switch (index.method()) {
          case BTREE -> {
            openOrdered(file, index);
            yield "";
          }
          case HNSW -> {
            var opened = new VectorIndexOpener(file, index, this, memory).open(header);
            addIndex(opened.index());
            yield opened.form();
          }
        });
  }

  private void openOrdered(ChecksummedFile file, IndexDefinition index)
      throws CorruptFileException {
    List<Integer> keys = index.columns();
    List<ColumnReader> readers = keys.stream().map(this::column).toList();
    MemorySegment permutation =
        Sections.of(file, SegmentFiles.PERMUTATION, (long) size * Integer.BYTES);
    try {
      addIndex(index.oid(), new SealedOrderedIndex(keys, readers, permutation));
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(file.path(), 0, String.valueOf(e.getMessage()));
    }
  }

  /// An ordered index over this segment, made in memory.
  public OrderedIndex sortedBy(IndexDefinition index) {
    List<Integer> keys = index.columns();
    List<ColumnReader> readers = keys.stream().map(this::column).toList();
    int[] permutation = SealedOrderedIndex.sort(readers, size);
    return new SealedOrderedIndex(keys, readers, MemorySegment.ofArray(permutation));
  }

  /// The OIDs of the indexes that are in files.
  public Set<Integer> savedIndexes() {
    return savedIndexes.keySet();
  }

  /// Whether an index is in a file in the form that is asked for now.
  public boolean isSaved(int oid) {
    String form = savedIndexes.get(oid);
    VectorIndex vectors = vectorIndexes().get(oid);
    return form != null
        && (vectors == null || (!vectors.awaitsCodes() && vectors.coded().form().equals(form)));
  }

  /// Tells that an index that is kept was written into a file too.
  ///
  /// @param form what a vector index's codes in the file answer and where they are, otherwise empty
  public void indexSaved(int oid, String form) {
    savedIndexes.put(oid, form);
  }

  /// What is known of the values of a column; empty if the file does not tell.
  ///
  /// @throws CorruptFileException if it tells something else
  public Optional<ColumnSummary> summary(int column) throws CorruptFileException {
    ChecksummedFile rows = files.getFirst();
    String section = SegmentFiles.summary(column);
    if (!rows.sectionNames().contains(section)) {
      return Optional.empty();
    }
    ByteBuffer bytes = rows.section(section).asByteBuffer();
    try {
      return Optional.of(SummaryBytes.read(column(column).type(), bytes));
    } catch (RuntimeException e) { // Underflow, a negative length, no such value.
      throw new CorruptFileException(
          rows.path(), rows.sectionOffset(section), "the summary of column " + column + ": " + e);
    }
  }

  /// The bounds of a column's values, which are read once; empty if they are not known.
  Optional<ValueBounds> bounds(int column) {
    return bounds.computeIfAbsent(
        column,
        index -> {
          try {
            return summary(index).flatMap(ColumnSummary::bounds);
          } catch (CorruptFileException e) {
            LOG.warn("segment {} is read without the bounds of a column: {}", id(), e.getMessage());
            return Optional.empty();
          }
        });
  }

  /// Puts another ordered index in the place of one, which is in no file yet.
  public void replaceIndex(int oid, OrderedIndex index) {
    forgetSaved(oid);
    addIndex(oid, index);
  }

  /// Tells that the file of an index holds another than the one that is kept.
  public void forgetSaved(int oid) {
    savedIndexes.remove(oid);
  }

  /// Takes over what was deleted since it was sealed, up to an LSN.
  public void openTombstones(Path directory, long lsn) throws IOException, CorruptFileException {
    Path path = SegmentFiles.tombstones(directory, id(), lsn);
    try (ChecksummedFile file = ChecksummedFile.open(path)) {
      requireVersion(file);
      file.verify();
      ByteBuffer header = header(file);
      if (header.remaining() < 20 || header.getLong() != id() || header.getLong() != lsn) {
        throw new CorruptFileException(path, 0, "not the tombstones of this segment");
      }
      int count = header.getInt();
      int bytes = Long.BYTES + Integer.BYTES;
      ByteBuffer in =
          Sections.of(file, SegmentFiles.TOMBSTONES, (long) count * bytes)
              .asByteBuffer()
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        long time = in.getLong();
        int ordinal = in.getInt();
        if (ordinal < 0 || ordinal >= size || deleted(ordinal) != NEVER) {
          throw new CorruptFileException(path, (long) i * bytes, "tombstone of row " + ordinal);
        }
        delete(ordinal, time);
      }
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int liveCount() {
    return size - deletedCount;
  }

  /// How many versions were deleted by a time.
  public long deletedBefore(long time) {
    if (deletedCount == 0) {
      return 0;
    }
    long count = 0;
    RecordTable times = deleted;
    for (int ordinal = 0; ordinal < size; ordinal++) {
      count += Memory.getLong(times.address(ordinal)) <= time ? 1 : 0;
    }
    return count;
  }

  @Override
  public long memoryBytes() {
    return area.allocatedBytes();
  }

  /// The bytes of its files.
  public long fileBytes() {
    long bytes = 0;
    for (ChecksummedFile file : files) {
      bytes += file.size();
    }
    return bytes;
  }

  /// The bytes of the file with its rows.
  public long rowFileBytes() {
    return files.getFirst().size();
  }

  /// The versions that were sealed as heap-only ones.
  private BitSet sealedHeapOnly() throws CorruptFileException {
    BitSet versions = new BitSet();
    ChecksummedFile file = files.getFirst();
    if (file.sectionNames().contains(SegmentFiles.HEAP_ONLY)) {
      MemorySegment section = Sections.of(file, SegmentFiles.HEAP_ONLY, NullBits.bytes(size));
      NullBits bits = NullBits.mapped(section, size);
      for (int ordinal = 0; ordinal < size; ordinal++) {
        versions.set(ordinal, bits.get(ordinal));
      }
    }
    return versions;
  }

  /// Finds the roots of the live heap-only versions of a table's segments, which were just opened:
  /// nobody will look for the others.
  ///
  /// @throws CorruptFileException when a version has none
  public static void restoreHeapOnly(List<SealedSegment> segments) throws CorruptFileException {
    List<BitSet> heapOnly = new ArrayList<>();
    for (SealedSegment segment : segments) {
      heapOnly.add(segment.sealedHeapOnly());
    }
    for (int i = 0; i < segments.size(); i++) {
      SealedSegment segment = segments.get(i);
      BitSet versions = heapOnly.get(i);
      for (int at = versions.nextSetBit(0); at >= 0; at = versions.nextSetBit(at + 1)) {
        if (segment.deleted(at) == NEVER) {
          restoreHeapOnly(segment, at, segments, heapOnly);
        }
      }
    }
  }

  private static void restoreHeapOnly(
      SealedSegment segment, int version, List<SealedSegment> segments, List<BitSet> heapOnly)
      throws CorruptFileException {
    long created = segment.created(version);
    long latest = -1;
    long rootSegment = 0;
    int root = NO_ORDINAL;
    for (int i = 0; i < segments.size(); i++) {
      SealedSegment other = segments.get(i);
      int found = other.findRoot(segment.rowId(version), created, heapOnly.get(i));
      if (found != NO_ORDINAL && other.created(found) > latest) {
        latest = other.created(found);
        rootSegment = other.id();
        root = found;
      }
    }
    if (root == NO_ORDINAL) {
      throw new CorruptFileException(
          segment.files.getFirst().path(),
          0,
          "row version %d is heap-only, and row %d has no version before it"
              .formatted(version, segment.rowId(version)));
    }
    segment.addHeapOnly(version, rootSegment, root);
  }

  /// The newest version of a row that began before a time and that graphs may hold, or
  /// [#NO_ORDINAL].
  private int findRoot(long rowId, long before, BitSet heapOnly) {
    int found = NO_ORDINAL;
    for (int i = firstOf(rowId); i < size && rowId(ordered(i)) == rowId; i++) {
      int ordinal = ordered(i);
      if (created(ordinal) < before
          && !heapOnly.get(ordinal)
          && (found == NO_ORDINAL || created(ordinal) > created(found))) {
        found = ordinal;
      }
    }
    return found;
  }

  /// Whether anything was deleted since it was sealed.
  public boolean hasTombstones() {
    return deletedInMemory;
  }

  /// Whether a version was deleted since the segment was sealed.
  boolean isTombstone(int ordinal, RecordTable sealed) {
    return deleted(ordinal) != Memory.getLong(sealed.address(ordinal));
  }

  /// The times of deletion as they were sealed.
  RecordTable sealedDeletedTimes() throws CorruptFileException {
    return longs(files.getFirst(), SegmentFiles.DELETED, size);
  }

  @Override
  public void delete(int ordinal, long time) {
    if (!deletedInMemory) {
      RecordTable copy = RecordTable.growing(area, Long.BYTES);
      copy.reserve(size);
      for (int i = 0; i < size; i++) {
        Memory.putLong(copy.address(i), deleted(i));
      }
      deleted = copy; // Views keep reading the file, which is right for their time.
      deletedInMemory = true;
    }
    Memory.putLong(deleted.address(ordinal), time);
    deletedCount++;
  }

  @Override
  public int findLive(long rowId) {
    for (int i = firstOf(rowId); i < size && rowId(ordered(i)) == rowId; i++) {
      if (deleted(ordered(i)) == NEVER) {
        return ordered(i);
      }
    }
    return NO_ORDINAL;
  }

  /// Where the versions of a row begin in [#ordered], or would.
  private int firstOf(long rowId) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rowId(ordered(middle)) < rowId) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int ordered(int index) {
    return Memory.getInt(order.address() + (long) index * Integer.BYTES);
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
    files.forEach(ChecksummedFile::close);
  }
}
