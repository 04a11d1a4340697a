package io.alidade.storage;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DirectorySync;
import io.alidade.storage.format.v1.SegmentFiles;
import io.alidade.storage.manifest.Manifest;
import io.alidade.storage.manifest.Manifest.SegmentEntry;
import io.alidade.storage.manifest.Manifest.TableFiles;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.PinnedMemory;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.segment.SegmentSealer;
import io.alidade.storage.segment.VectorIndex;
import io.alidade.storage.table.TableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what is in memory into files, so that the log before can go.
///
/// 1. Between two commits, at an LSN: every table begins a new segment, which takes what is written
///    meanwhile; deletions go on everywhere. 2. The segments before are written as they were at
///    that LSN.
/// 3. A manifest naming them takes the place of the last; from here on recovery begins at the LSN.
/// 4. Between two commits: tables go over to the files, with what was deleted meanwhile. 5. Files
///    that no manifest names go, and the log before.
final class Checkpointer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  /// Segments of fewer rows have no files of their indexes.
  static final int MIN_ROWS_FOR_INDEX_FILES = 64;

  private final Path directory;
  private final Path files;
  private final OpenTransaction.Services services;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("alidade-checkpoint").unstarted(this::runWhenMuch);
  private final Set<Long> spared = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /// Told after each.
  private volatile Runnable listener = () -> {};

  /// The state at one LSN.
  private record Cut(
      long lsn, long replayFrom, long nextSegmentId, Catalog catalog, List<TableCut> tables) {
    void release() {
      tables.forEach(table -> table.segments().forEach(Segment::release));
    }
  }

  /// A table at that LSN; its segments are held, and none takes rows any more.
  private record TableCut(
      TableStore store, TableDefinition definition, long nextRowId, List<Segment> segments) {}

  Checkpointer(Path directory, OpenTransaction.Services services) {
    this.directory = directory;
    this.files = directory.resolve(SegmentFiles.DIRECTORY);
    this.services = services;
  }

  /// Where the files of segments are.
  Path files() {
    return files;
  }

  void start() {
    thread.start();
  }

  private void runWhenMuch() {
    while (!closed) {
      try {
        services.volume().awaitMuch();
        run();
      } catch (InterruptedException e) {
        return; // The database closes.
      } catch (RuntimeException | Error e) {
        if (!closed) {
          LOG.error("a checkpoint failed; the log keeps everything until one succeeds", e);
        }
      }
    }
  }

  /// Makes one, after one that is running.
  void run() {
    run(_ -> {});
  }

  /// Makes one, after one that is running, and has somebody take hold of the files that its
  /// manifest names before the next lets go of any.
  synchronized void run(ManifestReader reader) {
    services.committer().requireRunning();
    services.volume().beginSealing();
    Manifest manifest;
    try {
      manifest = seal();
    } catch (RuntimeException | Error e) {
      services.volume().sealingFailed();
      throw e;
    } finally {
      services.volume().endSealing();
    }
    try {
      reader.read(manifest);
    } catch (IOException e) {
      throw failed("could not take a snapshot: ", e);
    } finally {
      listener.run();
    }
  }

  /// Takes hold of what a manifest names.
  interface ManifestReader {
    void read(Manifest manifest) throws IOException;
  }

  /// Has somebody told after each.
  void listen(Runnable newListener) {
    listener = newListener;
  }

  private Manifest seal() {
    List<Cut> made = new ArrayList<>();
    services.committer().run(() -> made.add(cut()));
    Cut cut = made.getFirst();
    try {
      Manifest manifest = writeOrDiscard(cut);
      services.committer().force(); // A manifest never tells of commits that the log may lose.
      manifest.write(directory);
      Map<TableStore, List<SealedSegment>> sealed = open(cut, manifest);
      services.committer().run(() -> sealed.forEach(this::goOver));
      deleteOthers(manifest);
      services.log().dropBefore(services.retention().oldestNeeded(manifest.replayFrom()));
      return manifest;
    } catch (IOException e) {
      throw failed("could not write a checkpoint: ", e);
    } catch (CorruptFileException e) {
      throw new DatabaseException(SqlState.DATA_CORRUPTED, String.valueOf(e.getMessage()), e);
    } finally {
      cut.release();
    }
  }

  /// The error for files that could not be written.
  static DatabaseException failed(String what, IOException cause) {
    boolean full = String.valueOf(cause.getMessage()).contains("No space left");
    return new DatabaseException(
        full ? SqlState.DISK_FULL : SqlState.IO_ERROR, what + cause.getMessage(), cause);
  }

  /// Keeps the files of a segment that no manifest names yet, until one does.
  void spare(long segment) {
    spared.add(segment);
  }

  /// Ends [#spare] for a segment that is not used any more.
  void doNotSpare(long segment) {
    spared.remove(segment);
  }

  /// Deletes the files of a segment that will not be, at once: the disk may be full.
  void discard(long segment) {
    spared.remove(segment);
    try (Stream<Path> found = Files.list(files)) {
      for (Path file : found.filter(it -> SegmentFiles.segment(it) == segment).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.warn("files of segment {} could not be deleted; the next checkpoint will", segment, e);
    }
  }

  /// Leaves no halves of files behind: the disk may be full.
  private Manifest writeOrDiscard(Cut cut) throws IOException, CorruptFileException {
    try {
      return write(cut);
    } catch (IOException | CorruptFileException | RuntimeException | Error e) {
      for (TableCut table : cut.tables()) {
        for (Segment segment : table.segments()) {
          if (segment instanceof MutableSegment) { // No manifest names any file of it.
            discard(segment.id());
          }
        }
      }
      throw e;
    }
  }

  private Cut cut() {
    CommittedState state = services.state();
    long lsn = state.lastCommitted();
    List<TableCut> tables = new ArrayList<>();
    for (TableStore store : state.stores()) {
      tables.add(
          new TableCut(
              store,
              store.definition(),
              store.nextRowId(),
              store.freeze(state::allocateSegmentId)));
    }
    return new Cut(
        lsn, services.open().oldestNeeded(lsn + 1), state.nextSegmentId(), state.catalog(), tables);
  }

  private Manifest write(Cut cut) throws IOException, CorruptFileException {
    SegmentSealer sealer = new SegmentSealer(files, cut.lsn());
    List<TableFiles> tables = new ArrayList<>();
    for (TableCut table : cut.tables()) {
      List<SegmentEntry> segments = new ArrayList<>();
      for (Segment segment : table.segments()) {
        segments.add(
            switch (segment) {
              case MutableSegment mutable -> write(sealer, table.definition(), mutable);
              case SealedSegment sealed -> write(sealer, cut.lsn(), table.definition(), sealed);
            });
      }
      tables.add(
          new TableFiles(
              table.store().oid(), table.store().generation(), table.nextRowId(), segments));
    }
    DirectorySync.sync(files);
    return new Manifest(cut.lsn(), cut.replayFrom(), cut.nextSegmentId(), cut.catalog(), tables);
  }

  private SegmentEntry write(SegmentSealer sealer, TableDefinition table, MutableSegment segment)
      throws IOException {
    sealer.writeRows(segment, table);
    List<Integer> indexes = new ArrayList<>();
    for (IndexDefinition index : table.indexes()) {
      if (isWorthIndexFiles(segment) && write(sealer, segment, index).isPresent()) {
        indexes.add(index.oid());
      }
    }
    return new SegmentEntry(segment.id(), 0, indexes);
  }

  private SegmentEntry write(
      SegmentSealer sealer, long lsn, TableDefinition table, SealedSegment segment)
      throws IOException, CorruptFileException {
    List<Integer> indexes = new ArrayList<>();
    for (IndexDefinition index : table.indexes()) {
      if (segment.isSaved(index.oid())) {
        indexes.add(index.oid());
      } else if (isWorthIndexFiles(segment)) {
        Optional<String> written = write(sealer, segment, index);
        written.ifPresent(coding -> segment.indexSaved(index.oid(), coding));
        if (written.isPresent()) {
          indexes.add(index.oid());
        }
      }
    }
    if (segment.hasTombstones()) {
      sealer.writeTombstones(segment);
      return new SegmentEntry(segment.id(), lsn, indexes);
    }
    return new SegmentEntry(segment.id(), 0, indexes);
  }

  /// Indexes over fewer rows are made anew whenever the segment is opened, which is faster than to
  /// force, open and check files for each: there may be thousands of such tables.
  private static boolean isWorthIndexFiles(Segment segment) {
    return segment.size() >= MIN_ROWS_FOR_INDEX_FILES;
  }

  /// Writes an index, which is completed before.
  ///
  /// @return what its codes answer, empty text for an ordered one; nothing when it was dropped
  private Optional<String> write(SegmentSealer sealer, Segment segment, IndexDefinition index)
      throws IOException {
    return switch (index.method()) {
      case BTREE -> {
        sealer.writeOrdered(segment, index);
        yield Optional.of("");
      }
      case HNSW -> {
        VectorIndex graph = segment.vectorIndexes().get(index.oid());
        if (graph == null) {
          yield Optional.empty();
        }
        services.builder().complete(segment, graph, this::requireOpen);
        yield Optional.of(sealer.writeGraph(segment, index, graph));
      }
    };
  }

  private void requireOpen() {
    if (closed) {
      throw new DatabaseException(SqlState.ADMIN_SHUTDOWN, "the database is closing");
    }
  }

  /// Opens what was just written.
  private Map<TableStore, List<SealedSegment>> open(Cut cut, Manifest manifest)
      throws IOException, CorruptFileException {
    Map<TableStore, List<SealedSegment>> sealed = new HashMap<>();
    for (int i = 0; i < cut.tables().size(); i++) {
      TableCut table = cut.tables().get(i);
      TableFiles tableFiles = manifest.tables().get(i);
      for (int j = 0; j < table.segments().size(); j++) {
        if (table.segments().get(j) instanceof MutableSegment) {
          sealed
              .computeIfAbsent(table.store(), _ -> new ArrayList<>())
              .add(
                  open(
                      files,
                      table.definition(),
                      tableFiles.segments().get(j),
                      services.state().pinned()));
        }
      }
    }
    return sealed;
  }

  /// Opens a segment of a manifest with its indexes.
  static SealedSegment open(
      Path files, TableDefinition table, SegmentEntry entry, PinnedMemory pinned)
      throws IOException, CorruptFileException {
    SealedSegment segment = SealedSegment.open(files, entry.id(), table);
    try {
      if (entry.tombstonesLsn() != 0) {
        segment.openTombstones(files, entry.tombstonesLsn());
      }
      for (int oid : entry.indexes()) {
        Optional<IndexDefinition> index = table.index(oid);
        if (index.isPresent()) {
          segment.openIndex(files, index.get(), pinned);
        }
      }
      return segment;
    } catch (IOException | CorruptFileException | RuntimeException e) {
      segment.release();
      throw e;
    }
  }

  private void goOver(TableStore store, List<SealedSegment> sealed) {
    CommittedState state = services.state();
    boolean current = state.isCurrent(store);
    for (SealedSegment segment : sealed) {
      Optional<Segment> frozen = current ? store.segment(segment.id()) : Optional.empty();
      if (frozen.isPresent() && frozen.get() instanceof MutableSegment mutable) {
        store.replace(mutable, segment);
        state.adopt(store, segment);
      } else {
        segment.release(); // Dropped or truncated meanwhile.
      }
    }
  }

  private void deleteOthers(Manifest manifest) throws IOException {
    manifest.tables().stream()
        .flatMap(table -> table.segments().stream())
        .forEach(segment -> spared.remove(segment.id()));
    deleteOthers(files, manifest, spared::contains);
  }

  /// Deletes every file of a segment that a manifest does not name.
  ///
  /// @param spared other segments whose files stay
  static void deleteOthers(Path files, Manifest manifest, LongPredicate spared) throws IOException {
    Set<Path> named = named(files, manifest);
    try (Stream<Path> found = Files.list(files)) {
      for (Path file : found.filter(path -> !named.contains(path)).toList()) {
        if (!spared.test(SegmentFiles.segment(file))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /// The files of segments that a manifest names.
  static Set<Path> named(Path files, Manifest manifest) {
    Set<Path> named = new HashSet<>();
    for (TableFiles table : manifest.tables()) {
      for (SegmentEntry segment : table.segments()) {
        named.add(SegmentFiles.rows(files, segment.id()));
        named.add(SegmentFiles.tombstones(files, segment.id(), segment.tombstonesLsn()));
        segment.indexes().forEach(oid -> named.add(SegmentFiles.index(files, segment.id(), oid)));
      }
    }
    return named;
  }

  /// Ends; one that is running is ended early if it waits for an index.
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
