package io.alidade.storage.segment;

import com.carrotsearch.hppc.sorting.IndirectSort;
import io.alidade.engine.memory.RecordTable;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.SealedOrderedIndex;
import io.alidade.model.ColumnType;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.file.AtomicFile;
import io.alidade.storage.file.ChecksummedWriter;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.format.v1.SegmentFiles;
import io.alidade.storage.statistics.ColumnSummarizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/// Writes segments into files, as they were at an LSN.
///
/// Nobody appends to the segments meanwhile, but rows may be deleted: what is deleted after the LSN
/// is written as not deleted. A file of the same name that a crash left is replaced.
public final class SegmentSealer {
  private final Path directory;
  private final long lsn;

  /// @param directory where the files of segments are
  public SegmentSealer(Path directory, long lsn) {
    this.directory = directory;
    this.lsn = lsn;
  }

  /// Writes the rows.
  public void writeRows(MutableSegment segment, TableDefinition table) throws IOException {
    int size = segment.size();
    Path path = SegmentFiles.rows(directory, segment.id());
    try (ChecksummedWriter out = create(path)) {
      writeHeader(out, segment.id(), size, table);
      out.beginSection(SegmentFiles.ROW_IDS);
      Sections.write(out, segment.rowIds(), size);
      out.beginSection(SegmentFiles.CREATED);
      Sections.write(out, segment.createdTimes(), size);
      out.beginSection(SegmentFiles.DELETED);
      for (int ordinal = 0; ordinal < size; ordinal++) {
        out.writeLong(deletedByThen(segment, ordinal));
      }
      out.beginSection(SegmentFiles.ROW_ORDER);
      for (int ordinal : byRowId(segment::rowId, size)) {
        out.writeInt(ordinal);
      }
      if (segment.heapOnly().isPresent()) {
        writeHeapOnly(out, segment::isHeapOnly, size);
      }
      for (int i = 0; i < segment.columnCount(); i++) {
        segment.columns()[i].write(out, SegmentFiles.column(i), size);
        ColumnSummarizer summarizer = new ColumnSummarizer(segment.column(i).type(), size);
        summarizer.add(segment.column(i), 0, size);
        writeSummary(out, i, segment.column(i).type(), summarizer);
      }
      out.finish();
    }
  }

  /// A bit a version.
  static void writeHeapOnly(ChecksummedWriter out, IntPredicate versions, int size)
      throws IOException {
    out.beginSection(SegmentFiles.HEAP_ONLY);
    for (int first = 0; first < size; first += Byte.SIZE) {
      int bits = 0;
      for (int i = 0; i < Math.min(Byte.SIZE, size - first); i++) {
        bits |= versions.test(first + i) ? 1 << i : 0;
      }
      out.writeByte((byte) bits);
    }
  }

  private long deletedByThen(Segment segment, int ordinal) {
    long deleted = segment.deleted(ordinal);
    return deleted <= lsn ? deleted : Segment.NEVER;
  }

  /// Writes the rows of a segment that takes the place of others.
  ///
  /// @param rows at least one
  public void writeRows(long id, MergedRows rows, TableDefinition table) throws IOException {
    try (ChecksummedWriter out = create(SegmentFiles.rows(directory, id))) {
      writeHeader(out, id, rows.size(), table);
      out.beginSection(SegmentFiles.ROW_IDS);
      for (MergedRows.Runs runs = rows.runs(); runs.next(); ) {
        Sections.write(out, runs.segment().rowIds(), runs.first(), runs.end());
      }
      out.beginSection(SegmentFiles.CREATED);
      for (MergedRows.Runs runs = rows.runs(); runs.next(); ) {
        Sections.write(out, runs.segment().createdTimes(), runs.first(), runs.end());
      }
      out.beginSection(SegmentFiles.DELETED);
      for (MergedRows.Runs runs = rows.runs(); runs.next(); ) {
        for (int ordinal = runs.first(); ordinal < runs.end(); ordinal++) {
          out.writeLong(deletedByThen(runs.segment(), ordinal));
        }
      }
      out.beginSection(SegmentFiles.ROW_ORDER);
      long[] rowIds = rowIds(rows);
      for (int ordinal : byRowId(ordinal -> rowIds[ordinal], rowIds.length)) {
        out.writeInt(ordinal);
      }
      if (rows.hasHeapOnly()) {
        writeHeapOnly(out, rows::isHeapOnly, rows.size());
      }
      for (int i = 0; i < table.columns().size(); i++) {
        ColumnType type = table.columns().get(i).type();
        SegmentColumn.writeMerged(type, out, SegmentFiles.column(i), rows, i);
        ColumnSummarizer summarizer = new ColumnSummarizer(type, rows.size());
        for (MergedRows.Runs runs = rows.runs(); runs.next(); ) {
          summarizer.add(runs.segment().column(i), runs.first(), runs.end());
        }
        writeSummary(out, i, type, summarizer);
      }
      out.finish();
    }
  }

  private static void writeSummary(
      ChecksummedWriter out, int column, ColumnType type, ColumnSummarizer summarizer)
      throws IOException {
    out.beginSection(SegmentFiles.summary(column));
    out.write(SummaryBytes.of(type, summarizer.summary()));
  }

  private static long[] rowIds(MergedRows rows) {
    long[] rowIds = new long[rows.size()];
    int count = 0;
    for (MergedRows.Runs runs = rows.runs(); runs.next(); ) {
      for (int ordinal = runs.first(); ordinal < runs.end(); ordinal++) {
        rowIds[count++] = runs.segment().rowId(ordinal);
      }
    }
    return rowIds;
  }

  private static void writeHeader(ChecksummedWriter out, long id, int size, TableDefinition table)
      throws IOException {
    out.beginSection(SegmentFiles.HEADER);
    out.writeLong(id);
    out.writeInt(table.oid());
    out.writeInt(table.generation());
    out.writeInt(size);
    List<String> types = SealedSegment.typeNames(table);
    out.writeInt(types.size());
    for (String type : types) {
      byte[] bytes = type.getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  /// The ordinals by row id, then ordinal.
  private static int[] byRowId(IntToLongFunction rowId, int size) {
    boolean ascending = true;
    for (int i = 1; i < size && ascending; i++) {
      ascending = rowId.applyAsLong(i - 1) <= rowId.applyAsLong(i);
    }
    if (ascending) {
      return IntStream.range(0, size).toArray();
    }
    // A stable sort: the versions of a row stay in the order of their ordinals.
    return IndirectSort.mergesort(
        0, size, (left, right) -> Long.compare(rowId.applyAsLong(left), rowId.applyAsLong(right)));
  }

  /// Writes an ordered index.
  public void writeOrdered(Segment segment, IndexDefinition index) throws IOException {
    writeOrdered(segment, index, () -> {});
  }

  /// The same.
  ///
  /// @param pass called again and again; what it throws ends the writing
  public void writeOrdered(Segment segment, IndexDefinition index, Runnable pass)
      throws IOException {
    Path path = SegmentFiles.index(directory, segment.id(), index.oid());
    Path temporary = AtomicFile.temporary(path); // A file of that name may be in use.
    try (ChecksummedWriter out = create(temporary)) {
      writeHeader(out, segment, index);
      List<ColumnReader> readers = index.columns().stream().map(segment::column).toList();
      out.beginSection(SegmentFiles.PERMUTATION);
      for (int ordinal : SealedOrderedIndex.sort(readers, segment.size(), pass)) {
        out.writeInt(ordinal);
      }
      out.finish();
    }
    AtomicFile.publish(temporary, path);
  }

  /// Writes a vector index, which must be complete, with its codes.
  ///
  /// @return the form of the file; see [SealedSegment#indexSaved]
  public String writeGraph(Segment segment, IndexDefinition index, VectorIndex graph)
      throws IOException {
    if (graph.graph().indexedCount() < segment.size()) {
      throw new IllegalStateException("index " + index.oid() + " is not complete");
    }
    VectorIndex.Coded coded = graph.holdCoded();
    try {
      writeGraph(segment, index, graph, coded);
      return coded.form();
    } finally {
      coded.release();
    }
  }

  private void writeGraph(
      Segment segment, IndexDefinition index, VectorIndex graph, VectorIndex.Coded coded)
      throws IOException {
    Path path = SegmentFiles.index(directory, segment.id(), index.oid());
    Path temporary = AtomicFile.temporary(path); // A file of that name may be in use.
    try (ChecksummedWriter out = create(temporary)) {
      writeHeader(out, segment, index);
      byte[] coding = coded.coding().getBytes(StandardCharsets.UTF_8);
      out.writeInt(coding.length);
      out.write(coding);
      out.writeInt(SegmentFiles.codePlacement(coded.placement()));
      out.beginSection(SegmentFiles.GRAPH);
      graph.graph().writeTo(new SectionChannel(out), coded.besideLists());
      if (coded.codes().isPresent()) {
        out.beginSection(SegmentFiles.CODES);
        coded.codes().get().writeTo(new SectionChannel(out), graph.graph().indexedCount());
      }
      out.finish();
    }
    AtomicFile.publish(temporary, path);
  }

  private static void writeHeader(ChecksummedWriter out, Segment segment, IndexDefinition index)
      throws IOException {
    out.beginSection(SegmentFiles.HEADER);
    out.writeLong(segment.id());
    out.writeInt(index.oid());
    out.writeInt(segment.size());
  }

  /// Writes what was deleted since the segment was sealed.
  public void writeTombstones(SealedSegment segment) throws IOException, CorruptFileException {
    RecordTable sealed = segment.sealedDeletedTimes();
    int[] tombstones =
        IntStream.range(0, segment.size())
            .filter(
                ordinal -> segment.isTombstone(ordinal, sealed) && segment.deleted(ordinal) <= lsn)
            .toArray();
    Path path = SegmentFiles.tombstones(directory, segment.id(), lsn);
    try (ChecksummedWriter out = create(path)) {
      out.beginSection(SegmentFiles.HEADER);
      out.writeLong(segment.id());
      out.writeLong(lsn);
      out.writeInt(tombstones.length);
      out.beginSection(SegmentFiles.TOMBSTONES);
      for (int ordinal : tombstones) {
        out.writeLong(segment.deleted(ordinal));
        out.writeInt(ordinal);
      }
      out.finish();
    }
  }

  private static ChecksummedWriter create(Path path) throws IOException {
    Files.deleteIfExists(path);
    return ChecksummedWriter.create(path, SegmentFiles.FORMAT_VERSION);
  }
}
