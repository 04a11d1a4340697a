package io.alidade.storage.segment;

import com.carrotsearch.hppc.LongHashSet;
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
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  /// The copy's identity.
  public long id() {
    return id;
  }

  /// Which versions of a table's segments are heap-only in copies, where all begin at one time: of
  /// a row with such a live version all but its root, which is found by that.
  ///
  /// @param segments all of the table, their heap-only versions restored
  public static List<BitSet> heapOnly(List<SealedSegment> segments) {
    LongHashSet rows = new LongHashSet();
    Map<Segment, BitSet> roots = new HashMap<>();
    for (SealedSegment segment : segments) {
      for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
        if (segment.isHeapOnly(ordinal) && segment.deleted(ordinal) == Segment.NEVER) {
          RootFate.Link link = RootFate.root(segment, ordinal, segments);
          roots.computeIfAbsent(link.roots(), _ -> new BitSet()).set(link.root());
          rows.add(segment.rowId(ordinal));
        }
      }
    }
    List<BitSet> heapOnly = new ArrayList<>();
    for (SealedSegment segment : segments) {
      BitSet versions = new BitSet();
      BitSet rootsHere = roots.getOrDefault(segment, new BitSet());
      for (int ordinal = 0; !rows.isEmpty() && ordinal < segment.size(); ordinal++) {
        versions.set(ordinal, rows.contains(segment.rowId(ordinal)) && !rootsHere.get(ordinal));
      }
      heapOnly.add(versions);
    }
    return heapOnly;
  }

  /// Copies the rows, all of which begin at a time, the heap-only ones at the next; those that were
  /// deleted ended at that time too, so nobody sees them.
  ///
  /// @param heapOnly the heap-only versions of the copy
  /// @param time an LSN before that from which on the copy is seen
  public void copyRows(TableDefinition table, BitSet heapOnly, long time)
      throws IOException, CorruptFileException {
    try (ChecksummedFile in = ChecksummedFile.open(SegmentFiles.rows(from, source.id()));
        ChecksummedWriter out =
            ChecksummedWriter.create(SegmentFiles.rows(to, id), in.formatVersion())) {
      for (String section : in.sectionNames()) {
        if (section.equals(SegmentFiles.HEAP_ONLY)) {
          continue;
        }
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
              boolean last = heapOnly.get(ordinal) && source.deleted(ordinal) == Segment.NEVER;
              out.writeLong(last ? time + 1 : time);
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
      if (!heapOnly.isEmpty()) {
        SegmentSealer.writeHeapOnly(out, heapOnly::get, source.size());
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
