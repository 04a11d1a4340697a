package io.alidade.storage.segment;

import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.file.ChecksummedFile;
import io.alidade.storage.file.ChecksummedWriter;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.format.v1.SegmentFiles;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// Copies the files of a sealed segment for another table with the same columns, under another
/// identity; rows keep their ordinals, so graphs, codes and orders are copied as they are.
public final class SegmentTransplant {
  private static final int ID = 0;
  private static final int TABLE_OID = Long.BYTES;
  private static final int GENERATION = TABLE_OID + Integer.BYTES;
  private static final int INDEX_OID = Long.BYTES;

  private final Path from;
  private final Path to;
  private final SealedSegment source;
  private final long id;

  /// @param from the directory of the source's files
  /// @param to the directory of the copy's files
  /// @param source open with its tombstones
  /// @param id the copy's identity
  public SegmentTransplant(Path from, Path to, SealedSegment source, long id) {
    this.from = from;
    this.to = to;
    this.source = source;
    this.id = id;
  }

  /// Copies the rows, all of which begin at a time; those that were deleted ended at that time too,
  /// so nobody sees them.
  public void copyRows(TableDefinition table, long time) throws IOException, CorruptFileException {
    try (ChecksummedFile in = ChecksummedFile.open(SegmentFiles.rows(from, source.id()));
        ChecksummedWriter out =
            ChecksummedWriter.create(SegmentFiles.rows(to, id), in.formatVersion())) {
      for (String section : in.sectionNames()) {
        out.beginSection(section);
        switch (section) {
          case SegmentFiles.HEADER -> {
            ByteBuffer header = header(in);
            header.putLong(ID, id);
            header.putInt(TABLE_OID, table.oid());
            header.putInt(GENERATION, table.generation());
            out.write(header);
          }
          case SegmentFiles.CREATED -> {
            for (int ordinal = 0; ordinal < source.size(); ordinal++) {
              out.writeLong(time);
            }
          }
          case SegmentFiles.DELETED -> {
            for (int ordinal = 0; ordinal < source.size(); ordinal++) {
              out.writeLong(source.deleted(ordinal) == Segment.NEVER ? Segment.NEVER : time);
            }
          }
          default -> out.write(in.section(section));
        }
      }
      out.finish();
    }
  }

  /// Copies an index.
  ///
  /// @param index of the source's table
  /// @param newOid of the same index of the copy's table
  public void copyIndex(IndexDefinition index, int newOid)
      throws IOException, CorruptFileException {
    Path path = SegmentFiles.index(from, source.id(), index.oid());
    try (ChecksummedFile in = ChecksummedFile.open(path);
        ChecksummedWriter out =
            ChecksummedWriter.create(SegmentFiles.index(to, id, newOid), in.formatVersion())) {
      for (String section : in.sectionNames()) {
        out.beginSection(section);
        if (section.equals(SegmentFiles.HEADER)) {
          ByteBuffer header = header(in);
          header.putLong(ID, id);
          header.putInt(INDEX_OID, newOid);
          out.write(header);
        } else {
          out.write(in.section(section));
        }
      }
      out.finish();
    }
  }

  private static ByteBuffer header(ChecksummedFile in) throws CorruptFileException {
    MemorySegment section = in.section(SegmentFiles.HEADER);
    ByteBuffer header =
        ByteBuffer.allocate((int) section.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    return header.put(section.asByteBuffer()).flip();
  }
}
