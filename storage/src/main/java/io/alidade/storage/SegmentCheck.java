package io.alidade.storage;

import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.SealedOrderedIndex;
import io.alidade.engine.payload.ValueBounds.Extremes;
import io.alidade.engine.payload.ValueOrder;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.catalog.VectorTypes;
import io.alidade.storage.file.ChecksummedFile;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.format.v1.SegmentFiles;
import io.alidade.storage.manifest.Manifest.SegmentEntry;
import io.alidade.storage.segment.PinnedMemory;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.statistics.ColumnSummary;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Verifies the files of sealed segments: all their bytes, that they open as the catalog defines
/// them, and that what they hold fits together.
///
/// @param files where they are
/// @param lsn the checkpoint's: no row is younger
/// @param findings what is wrong goes here
record SegmentCheck(Path files, long lsn, List<Finding> findings) {
  private static final PinnedMemory NONE_PINNED = new PinnedMemory(0);

  /// What is done with a file, and fails if that is damaged.
  private interface Look {
    void at(Path file) throws IOException, CorruptFileException;
  }

  /// Checks a segment; one whose rows and tombstones are whole is the caller's, to be released,
  /// with those of its indexes that are.
  ///
  /// @param nextRowId the table's: no row has it yet
  Optional<SealedSegment> open(TableDefinition table, SegmentEntry entry, long nextRowId)
      throws IOException {
    Optional<SealedSegment> segment = openRows(table, entry.id());
    boolean whole = false;
    try {
      boolean tombstonesFit = entry.tombstonesLsn() == 0 || checkTombstones(segment, entry);
      for (int oid : entry.indexes()) {
        checkIndex(segment, table.index(oid), entry.id(), oid);
      }
      whole =
          segment.isPresent()
              && tombstonesFit
              && look(
                  SegmentFiles.rows(files, entry.id()),
                  file -> checkRows(segment.get(), nextRowId, file));
      return whole ? segment : Optional.empty();
    } finally {
      if (!whole) {
        segment.ifPresent(Segment::release);
      }
    }
  }

  private Optional<SealedSegment> openRows(TableDefinition table, long id) throws IOException {
    List<SealedSegment> opened = new ArrayList<>(1);
    boolean unused =
        look(
            SegmentFiles.rows(files, id),
            file -> {
              verifyBytes(file);
              opened.add(SealedSegment.open(files, id, table));
            });
    return opened.stream().findFirst();
  }

  private boolean checkTombstones(Optional<SealedSegment> segment, SegmentEntry entry)
      throws IOException {
    return look(
        SegmentFiles.tombstones(files, entry.id(), entry.tombstonesLsn()),
        file -> {
          verifyBytes(file);
          if (segment.isPresent()) {
            segment.get().openTombstones(files, entry.tombstonesLsn());
          }
        });
  }

  private void checkRows(SealedSegment segment, long nextRowId, Path file)
      throws CorruptFileException {
    requireTimes(segment, file);
    requireValues(segment, file);
    requireRowIds(segment, nextRowId, file);
    requireSummaries(segment, file);
  }

  /// Nothing lies outside what the summaries of columns say, by which segments are passed over.
  private static void requireSummaries(SealedSegment segment, Path file)
      throws CorruptFileException {
    for (int column = 0; column < segment.columnCount(); column++) {
      Optional<ColumnSummary> summary = segment.summary(column);
      if (summary.isEmpty()) {
        continue;
      }
      ColumnReader values = segment.column(column);
      Optional<Extremes> extremes = summary.get().extremes();
      Comparator<Object> order = ValueOrder.of(values.type());
      long nulls = 0;
      for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
        if (values.isNull(ordinal)) {
          nulls++;
        } else if (extremes.isPresent()) {
          Object value = values.get(ordinal);
          if (value == null
              || order.compare(value, extremes.get().least()) < 0
              || order.compare(value, extremes.get().greatest()) > 0) {
            throw new CorruptFileException(
                file,
                0,
                "column %d of row version %d lies outside the column's bounds"
                    .formatted(column, ordinal));
          }
        }
      }
      if (nulls != summary.get().nulls() || segment.size() != summary.get().rows()) {
        throw new CorruptFileException(
            file,
            0,
            "column %d has %d NULLs, its summary says %d"
                .formatted(column, nulls, summary.get().nulls()));
      }
    }
  }

  /// Does something with a file whose damage only a backup mends.
  ///
  /// @return whether it went well
  private boolean look(Path file, Look look) throws IOException {
    Optional<CorruptFileException> damage = damage(file, look);
    damage.ifPresent(found -> findings.add(Finding.Damage.of(found)));
    return damage.isEmpty();
  }

  private static Optional<CorruptFileException> damage(Path file, Look look) throws IOException {
    try {
      look.at(file);
      return Optional.empty();
    } catch (CorruptFileException e) {
      return Optional.of(e);
    } catch (NoSuchFileException e) {
      return Optional.of(new CorruptFileException(file, 0, "the file is missing"));
    } catch (RuntimeException e) { // Bytes that fit their checksums and nothing else.
      return Optional.of(new CorruptFileException(file, 0, "it cannot be read: " + e));
    }
  }

  private static void verifyBytes(Path path) throws IOException, CorruptFileException {
    try (ChecksummedFile file = ChecksummedFile.open(path)) {
      file.verify();
    }
  }

  private void requireTimes(SealedSegment segment, Path file) throws CorruptFileException {
    for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
      long created = segment.created(ordinal);
      long deleted = segment.deleted(ordinal);
      if (created < 0
          || created > lsn
          || (deleted != Segment.NEVER && (deleted < created || deleted > lsn))) {
        throw new CorruptFileException(
            file,
            0,
            "row version %d was created at LSN %d and deleted at %d, the checkpoint's is %d"
                .formatted(ordinal, created, deleted, lsn));
      }
    }
  }

  private static void requireValues(SealedSegment segment, Path file) throws CorruptFileException {
    for (int column = 0; column < segment.columnCount(); column++) {
      if (VectorTypes.element(segment.column(column).type()).isPresent()) {
        continue; // Any bits are one.
      }
      for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
        try {
          Object unused = segment.column(column).get(ordinal);
        } catch (RuntimeException e) {
          throw new CorruptFileException(
              file, 0, "column %d of row version %d: %s".formatted(column, ordinal, e));
        }
      }
    }
  }

  /// Each row that is live is found by its number, as deleting it has to find it.
  private static void requireRowIds(SealedSegment segment, long nextRowId, Path file)
      throws CorruptFileException {
    for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
      long id = segment.rowId(ordinal);
      if (id >= nextRowId) {
        throw new CorruptFileException(
            file, 0, "row version %d is row %d of %d".formatted(ordinal, id, nextRowId - 1));
      }
      if (segment.deleted(ordinal) == Segment.NEVER && segment.findLive(id) != ordinal) {
        throw new CorruptFileException(
            file, 0, "row %d is not found by its number, or is there twice".formatted(id));
      }
    }
  }

  private void checkIndex(
      Optional<SealedSegment> segment, Optional<IndexDefinition> index, long id, int oid)
      throws IOException {
    Optional<CorruptFileException> damage =
        damage(
            SegmentFiles.index(files, id, oid),
            file -> {
              verifyBytes(file);
              if (segment.isPresent() && index.isPresent()) {
                segment.get().openIndex(files, index.get().inMappedFiles(), NONE_PINNED);
                requireOrder(segment.get(), index.get(), file);
              }
            });
    if (damage.isPresent()) {
      CorruptFileException found = damage.get();
      findings.add(
          new Finding.DamagedIndex(found.path(), found.offset(), found.problem(), id, oid));
      segment.ifPresent(opened -> opened.removeIndex(oid));
    }
  }

  private static void requireOrder(SealedSegment segment, IndexDefinition index, Path file)
      throws CorruptFileException {
    if (segment.orderedIndex(index.oid()).orElse(null) instanceof SealedOrderedIndex ordered) {
      OptionalInt wrong = ordered.firstOutOfOrder();
      if (wrong.isPresent()) {
        throw new CorruptFileException(
            file, 0, "the key at position " + wrong.getAsInt() + " is out of order");
      }
    }
  }
}
