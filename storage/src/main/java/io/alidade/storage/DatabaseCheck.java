package io.alidade.storage;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.backup.History;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.file.AtomicFile;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DataDirectory;
import io.alidade.storage.file.DirectorySync;
import io.alidade.storage.format.v1.SegmentFiles;
import io.alidade.storage.log.Entry;
import io.alidade.storage.log.LogInspection;
import io.alidade.storage.log.RecoveryPoint;
import io.alidade.storage.manifest.Manifest;
import io.alidade.storage.manifest.Manifest.SegmentEntry;
import io.alidade.storage.manifest.Manifest.TableFiles;
import io.alidade.storage.merge.IndexBuilder;
import io.alidade.storage.merge.ProcessorShare;
import io.alidade.storage.mutation.MalformedBytesException;
import io.alidade.storage.mutation.Mutation;
import io.alidade.storage.mutation.MutationCodec;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.PinnedMemory;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.table.TableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The verification of a data directory that no server has open.
///
/// It reads what a start reads, with the same code, and what a start leaves unread: every block of
/// every file that the manifest names, every value, the order of every index; then it applies the
/// log to the segments as recovery does, in memory. It takes as much memory as a start does.
public final class DatabaseCheck {
  private final DataDirectory data;
  private final Path path;
  private final Path files;
  private final List<Finding> findings = new ArrayList<>();

  /// Whether every segment could be opened, so that the log can be applied to them.
  private boolean segmentsAreWhole = true;

  private int segments;
  private long versions;

  private DatabaseCheck(DataDirectory data) {
    this.data = data;
    this.path = data.path();
    this.files = path.resolve(SegmentFiles.DIRECTORY);
  }

  /// Whether the directory may be changed.
  public enum Mode {
    VERIFY,
    /// Drops what is not needed or can be made anew, unless anything else is damaged: left-over
    /// files, and the files of damaged indexes. Rows, tombstones and the log are never touched.
    REPAIR
  }

  /// Checks a data directory, which is locked meanwhile.
  ///
  /// @throws DatabaseException 55006 when a server has it open, 55000 when there is no database
  /// @throws IOException when a file cannot be read; whether it is damaged is not known then
  public static CheckReport run(Path directory, Mode mode) throws IOException {
    requireDatabase(directory.toAbsolutePath().normalize());
    try (DataDirectory data = DataDirectory.open(directory)) {
      return new DatabaseCheck(data).run(mode);
    }
  }

  /// Else opening would begin one.
  private static void requireDatabase(Path path) {
    if (!Files.isDirectory(path)) {
      throw new DatabaseException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "there is no directory \"" + path + "\"");
    }
    if (!Files.exists(path.resolve(DataDirectory.VERSION_FILE))) {
      throw new DatabaseException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "\"%s\" is not an Alidade data directory: it has no file %s"
              .formatted(path, DataDirectory.VERSION_FILE));
    }
  }

  private CheckReport run(Mode mode) throws IOException {
    Optional<Manifest> found;
    try {
      found = Manifest.read(path);
    } catch (CorruptFileException e) {
      // Without it nobody knows what the other files should be.
      findings.add(Finding.Damage.of(e));
      return report(mode, Manifest.EMPTY, CheckReport.Contents.NONE);
    }
    checkHistory();
    Manifest manifest = found.orElse(Manifest.EMPTY);
    IndexBuilder unused =
        new IndexBuilder(1, new ProcessorShare(1)); // Never started: nothing is built.
    CommittedState state =
        new CommittedState(
            manifest.catalog(),
            manifest.lsn(),
            manifest.nextSegmentId(),
            unused,
            new PinnedMemory(0));
    try {
      restore(manifest, state);
      CheckReport.Contents contents = checkLog(manifest, state);
      boolean damaged = findings.stream().anyMatch(Finding.Damage.class::isInstance);
      if (found.isEmpty() && damaged) { // What the files of segments are is not known, then.
        findings.addFirst(
            new Finding.Damage(
                Manifest.path(path),
                0,
                "the file is missing, and the log does not hold everything from LSN 1 on"));
      } else {
        findLeftOvers(manifest);
      }
      return report(mode, manifest, contents);
    } finally {
      state.stores().forEach(TableStore::close);
    }
  }

  /// One that is not there is begun anew; one that is damaged is refused by a start.
  private void checkHistory() throws IOException {
    try {
      Optional<History> unused = History.read(path);
    } catch (CorruptFileException e) {
      findings.add(Finding.Damage.of(e));
    }
  }

  private CheckReport report(Mode mode, Manifest manifest, CheckReport.Contents contents)
      throws IOException {
    CheckReport report =
        new CheckReport(path, findings, contents, CheckReport.Repair.NOT_ASKED_FOR);
    return switch (mode) {
      case VERIFY -> report;
      case REPAIR ->
          new CheckReport(
              path,
              findings,
              contents,
              report.isDamaged() ? CheckReport.Repair.REFUSED : repair(manifest));
    };
  }

  /// Opens all segments, as far as they are whole.
  private void restore(Manifest manifest, CommittedState state) throws IOException {
    for (TableDefinition table : manifest.catalog().tables()) {
      if (manifest.tables().stream().noneMatch(entry -> entry.oid() == table.oid())) {
        damagedManifest("table \"" + table.name() + "\" has no entry");
      }
    }
    SegmentCheck check = new SegmentCheck(files, manifest.lsn(), findings);
    for (TableFiles entry : manifest.tables()) {
      Optional<TableDefinition> table = manifest.catalog().table(entry.oid());
      if (table.isPresent()) {
        restore(manifest, entry, table.get(), check, state);
      }
    }
  }

  private void restore(
      Manifest manifest,
      TableFiles entry,
      TableDefinition table,
      SegmentCheck check,
      CommittedState state)
      throws IOException {
    List<SealedSegment> sealed = new ArrayList<>();
    for (SegmentEntry segment : entry.segments()) {
      if (segment.id() >= manifest.nextSegmentId()) {
        damagedManifest(
            "segment %x is not below %x".formatted(segment.id(), manifest.nextSegmentId()));
      }
      Optional<SealedSegment> whole = check.open(table, segment, entry.nextRowId());
      segmentsAreWhole &= whole.isPresent();
      segments++;
      versions += whole.map(Segment::size).orElse(0);
      whole.ifPresent(sealed::add);
    }
    try {
      SealedSegment.restoreHeapOnly(sealed);
    } catch (CorruptFileException e) {
      if (segmentsAreWhole) { // Else what is missing may be in a segment that is damaged.
        findings.add(Finding.Damage.of(e));
        segmentsAreWhole = false;
      }
    }
    List<Segment> opened = new ArrayList<>(sealed);
    opened.add(MutableSegment.create(state.allocateSegmentId(), table));
    TableStore store = new TableStore(table, entry.nextRowId(), opened);
    state.restore(store);
    for (IndexDefinition index : table.indexes()) {
      state.addIndex(store, index, List.of()); // In the place of one that is damaged.
    }
  }

  private void damagedManifest(String problem) {
    findings.add(new Finding.Damage(Manifest.path(path), 0, problem));
    segmentsAreWhole = false;
  }

  private CheckReport.Contents checkLog(Manifest manifest, CommittedState state)
      throws IOException {
    RecoveryPoint recovery = new RecoveryPoint(manifest.replayFrom(), manifest.lsn());
    long commits = 0;
    try (LogInspection log = LogInspection.of(data, recovery)) {
      for (LogInspection.TornTail tail : log.tornTails()) {
        findings.add(new Finding.TornLog(tail.file(), tail.offset(), tail.problem()));
      }
      for (Path leftOver : log.leftOvers()) {
        findings.add(new Finding.TornLog(leftOver, 0, "in preparation or let go before a crash"));
      }
      commits = segmentsAreWhole ? apply(log, state) : decode(log, manifest.lsn());
    } catch (CorruptFileException e) {
      findings.add(Finding.Damage.of(e));
    }
    long rows = segmentsAreWhole ? liveRows(state) : versions;
    return new CheckReport.Contents(
        state.catalog().tables().size(),
        segments,
        rows,
        commits,
        manifest.lsn(),
        manifest.lsn() + commits);
  }

  /// Applies the log to what the segments hold.
  private static long apply(LogInspection log, CommittedState state)
      throws IOException, CorruptFileException {
    try (LogReplay replay = new LogReplay(state)) {
      Optional<Entry> next = log.next();
      while (next.isPresent()) {
        replay.apply(next.get());
        next = log.next();
      }
      return replay.commits();
    } catch (MalformedBytesException | RuntimeException e) {
      throw new CorruptFileException(
          log.file(),
          log.offset(),
          "the commit after LSN " + state.lastCommitted() + " cannot be applied: " + why(e));
    }
  }

  /// Reads the log without what it is about.
  private static long decode(LogInspection log, long lsn) throws IOException, CorruptFileException {
    long commits = 0;
    try {
      Optional<Entry> next = log.next();
      while (next.isPresent()) {
        List<Mutation> unused =
            switch (next.get()) {
              case Entry.Commit(_, _, var payload) -> MutationCodec.read(payload);
              case Entry.Chunk(_, _, var payload) -> MutationCodec.read(payload);
              case Entry.Abort _ -> List.of();
            };
        commits += next.get() instanceof Entry.Commit commit && commit.lsn() > lsn ? 1 : 0;
        next = log.next();
      }
      return commits;
    } catch (MalformedBytesException | RuntimeException e) {
      throw new CorruptFileException(log.file(), log.offset(), "not mutations: " + why(e));
    }
  }

  private static String why(Exception e) {
    return e instanceof MalformedBytesException ? String.valueOf(e.getMessage()) : e.toString();
  }

  private static long liveRows(CommittedState state) {
    long rows = 0;
    for (TableStore store : state.stores()) {
      rows += store.liveRows();
    }
    return rows;
  }

  private void findLeftOvers(Manifest manifest) throws IOException {
    Path version = path.resolve(DataDirectory.VERSION_FILE);
    for (Path replaced : List.of(version, Manifest.path(path))) {
      Path temporary = AtomicFile.temporary(replaced);
      if (Files.exists(temporary)) {
        findings.add(new Finding.LeftOver(temporary));
      }
    }
    if (!Files.isDirectory(files)) {
      return;
    }
    Set<Path> named = Checkpointer.named(files, manifest);
    try (Stream<Path> listed = Files.list(files)) {
      listed
          .filter(file -> !named.contains(file) && Files.isRegularFile(file))
          .sorted()
          .forEach(file -> findings.add(new Finding.LeftOver(file)));
    }
  }

  private CheckReport.Repair repair(Manifest manifest) throws IOException {
    List<Finding.DamagedIndex> indexes = new ArrayList<>();
    List<Path> unneeded = new ArrayList<>();
    for (Finding finding : findings) {
      switch (finding) {
        case Finding.DamagedIndex index -> {
          indexes.add(index);
          unneeded.add(index.file());
        }
        case Finding.LeftOver(var file) -> unneeded.add(file);
        case Finding.TornLog _, Finding.Damage _ -> {}
      }
    }
    if (!indexes.isEmpty()) {
      without(manifest, indexes).write(path); // First: a file that is named has to be there.
    }
    for (Path file : unneeded) {
      Files.deleteIfExists(file);
    }
    if (!unneeded.isEmpty() && Files.isDirectory(files)) {
      DirectorySync.sync(files);
    }
    return CheckReport.Repair.DONE;
  }

  private static Manifest without(Manifest manifest, List<Finding.DamagedIndex> indexes) {
    List<TableFiles> tables = new ArrayList<>();
    for (TableFiles table : manifest.tables()) {
      List<SegmentEntry> kept = new ArrayList<>();
      for (SegmentEntry segment : table.segments()) {
        List<Integer> rest = new ArrayList<>(segment.indexes());
        rest.removeIf(oid ->
            indexes.stream()
                .anyMatch(index -> index.segment() == segment.id() && index.indexOid() == oid));
        kept.add(new SegmentEntry(segment.id(), segment.tombstonesLsn(), rest));
      }
      tables.add(new TableFiles(table.oid(), table.generation(), table.nextRowId(), kept));
    }
    return new Manifest(
        manifest.lsn(),
        manifest.replayFrom(),
        manifest.nextSegmentId(),
        manifest.catalog(),
        tables);
  }
}
