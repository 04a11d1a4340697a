package io.alidade.storage;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.backup.BackupHeader;
import io.alidade.storage.backup.BackupReader;
import io.alidade.storage.backup.History;
import io.alidade.storage.backup.LogArchive;
import io.alidade.storage.backup.SnapshotStore;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DataDirectory;
import io.alidade.storage.file.DirectorySync;
import io.alidade.storage.log.CommitLog;
import io.alidade.storage.manifest.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Makes a data directory of a backup, and of the log that was archived since.
///
/// All is built and verified in a directory within the target; then it is moved to its place, last
/// of all the file that makes a directory one of ours. So whatever happens before, no server opens
/// what is there, and a restore that did not finish can be begun again.
public final class DatabaseRestore {
  private final Path target;
  private final Path building;
  private final DatabaseOptions options;

  private DatabaseRestore(Path target, DatabaseOptions options) {
    this.target = target.toAbsolutePath().normalize();
    this.building = this.target.resolve(DataDirectory.UNFINISHED_RESTORE);
    this.options = options;
  }

  /// What was restored.
  ///
  /// @param lsn the last commit that is there
  /// @param check what verifying it found
  public record Result(BackupHeader backup, long lsn, History history, CheckReport check) {}

  /// To what a backup is restored.
  ///
  /// @param archive where the log was archived; needed for whatever is later than the backup
  /// @param branch whose log is applied, by the beginning of its identity; that of the backup if
  ///   empty
  public record Options(RestoreTarget target, Optional<Path> archive, Optional<String> branch) {
    /// As the backup is.
    public static final Options BACKUP =
        new Options(new RestoreTarget.Backup(), Optional.empty(), Optional.empty());
  }

  /// Restores a backup.
  ///
  /// @param source what messages call the backup
  /// @throws DatabaseException 55000 if the target holds anything, 22023 if it cannot be restored
  ///   to that place
  /// @throws CorruptFileException if the backup or the archive is not what was written
  public static Result run(
      InputStream backup, Path source, Path target, Options until, DatabaseOptions options)
      throws IOException, CorruptFileException {
    DatabaseRestore restore = new DatabaseRestore(target, options);
    restore.prepare();
    try {
      Result result = restore.build(new BackupReader(backup, source), until);
      restore.moveToPlace();
      return result;
    } catch (IOException | CorruptFileException | RuntimeException | Error e) {
      restore.giveUp(e);
      throw e;
    }
  }

  private void prepare() throws IOException {
    if (Files.exists(target) && !Files.isDirectory(target)) {
      throw notRestored("\"" + target + "\" is not a directory");
    }
    DataDirectory.create(target);
    if (Files.exists(target.resolve(DataDirectory.VERSION_FILE))) {
      throw notRestored("\"" + target + "\" is a data directory already");
    }
    List<Path> there;
    try (Stream<Path> listed = Files.list(target)) {
      there = listed.toList();
    }
    if (!there.isEmpty() && !there.contains(building)) {
      throw notRestored("directory \"" + target + "\" is not empty");
    }
    for (Path left : there) { // Of a restore that did not finish.
      if (!left.equals(building) && !PLACES.contains(String.valueOf(left.getFileName()))) {
        throw notRestored("directory \"" + target + "\" holds \"" + left.getFileName() + "\"");
      }
    }
    for (Path left : there) {
      if (!left.equals(building)) {
        SnapshotStore.delete(left);
      }
    }
    SnapshotStore.delete(building);
    Files.createDirectory(building);
    DirectorySync.sync(target);
  }

  /// What a restore puts into the target.
  private static final Set<String> PLACES =
      Set.of("segments", "log", Manifest.FILE, History.FILE, DataDirectory.LOCK_FILE);

  private static DatabaseException notRestored(String why) {
    return new DatabaseException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, why);
  }

  private Result build(BackupReader reader, Options until)
      throws IOException, CorruptFileException {
    BackupHeader header;
    DataDirectory directory = DataDirectory.open(building);
    long lsn;
    History history;
    try {
      header = SnapshotStore.unpack(reader, building).header();
      Manifest manifest = Manifest.read(building).orElseThrow(() -> incomplete("its manifest"));
      requireFiles(manifest);
      RestoreTarget goal = goal(header, until);
      if (goal instanceof RestoreTarget.Backup) {
        lsn = header.lsn();
        history = header.history();
        settle(manifest);
        CommitLog.begin(directory, options.log(), header.lsn(), header.epoch()).close();
      } else {
        history = history(header, until);
        lsn = rollForward(directory, header, goal, history, until);
      }
    } finally {
      directory.close();
    }
    History next = upTo(history, header, lsn).branchAfter(lsn, Snapshots.now());
    next.write(building);
    CheckReport report = DatabaseCheck.run(building, DatabaseCheck.Mode.VERIFY);
    if (!report.isSound()) {
      Finding first = report.findings().getFirst();
      throw new CorruptFileException(first.file(), first.offset(), first.problem());
    }
    return new Result(header, lsn, next, report);
  }

  /// Of transactions that were open nothing will come.
  private void settle(Manifest manifest) throws IOException {
    new Manifest(
            manifest.lsn(),
            manifest.lsn() + 1,
            manifest.nextSegmentId(),
            manifest.catalog(),
            manifest.tables())
        .write(building);
  }

  private static RestoreTarget goal(BackupHeader header, Options until) {
    switch (until.target()) {
      case RestoreTarget.AtLsn(var lsn) -> {
        if (lsn < header.lsn()) {
          throw LogRollForward.unreachable(
              "the backup is of LSN " + header.lsn() + ", later than LSN " + lsn);
        }
        if (lsn == header.lsn()) {
          return new RestoreTarget.Backup();
        }
      }
      case RestoreTarget.AtTime(var micros) -> {
        if (micros < header.micros()) {
          throw LogRollForward.unreachable(
              "the backup was taken at "
                  + Instant.EPOCH.plus(header.micros(), ChronoUnit.MICROS)
                  + ", later than "
                  + Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
        }
      }
      case RestoreTarget.Backup _, RestoreTarget.End _ -> {}
    }
    if (header.scope() == BackupHeader.Scope.TABLE
        && !(until.target() instanceof RestoreTarget.Backup)) {
      throw LogRollForward.unreachable(
          "this is a backup of one table, to which the log of a database cannot be applied");
    }
    if (until.archive().isEmpty() && !(until.target() instanceof RestoreTarget.Backup)) {
      throw LogRollForward.unreachable("the archived log is needed for that");
    }
    return until.target();
  }

  /// The history whose log is applied.
  private static History history(BackupHeader header, Options until)
      throws IOException, CorruptFileException {
    LogArchive archive = new LogArchive(until.archive().orElseThrow());
    History own = header.history();
    String branch = until.branch().orElse(own.current().id().toString());
    List<History> found = archive.branches(own.database(), branch);
    if (found.isEmpty()) {
      throw LogRollForward.unreachable(
          "the archive \""
              + until.archive().orElseThrow()
              + "\" holds no log of database "
              + own.database()
              + ", branch "
              + branch);
    }
    if (found.size() > 1) {
      throw LogRollForward.unreachable("more than one branch begins with " + branch);
    }
    if (!own.isBeginningOf(found.getFirst())) {
      throw LogRollForward.unreachable(
          "branch " + branch + " does not come from what the backup is of");
    }
    return found.getFirst();
  }

  private long rollForward(
      DataDirectory directory,
      BackupHeader header,
      RestoreTarget goal,
      History history,
      Options until)
      throws IOException, CorruptFileException {
    LogArchive archive = new LogArchive(until.archive().orElseThrow());
    int branch = header.history().branches().size() - 1;
    try (LogArchive.Cursor cursor = archive.read(history, branch, header.logFrom());
        LogRollForward roll =
            new LogRollForward(
                directory, options, header, goal, Checkpoint.NONE, cursor.lastEpoch())) {
      return roll.run(cursor);
    }
  }

  /// A history without the branches that began after an LSN.
  private static History upTo(History history, BackupHeader header, long lsn) {
    int count = header.history().branches().size();
    while (count < history.branches().size() && history.branches().get(count).after() < lsn) {
      count++;
    }
    return new History(history.database(), history.branches().subList(0, count));
  }

  private void requireFiles(Manifest manifest) throws IOException, CorruptFileException {
    Path files = building.resolve("segments");
    Files.createDirectories(files);
    Set<Path> named = Checkpointer.named(files, manifest);
    try (Stream<Path> listed = Files.list(files)) {
      for (Path file : listed.toList()) {
        if (!named.contains(file)) {
          throw incomplete("a manifest that names " + file.getFileName());
        }
      }
    }
  }

  private CorruptFileException incomplete(String what) {
    return new CorruptFileException(building, 0, "the backup lacks " + what);
  }

  private void moveToPlace() throws IOException {
    Path version = building.resolve(DataDirectory.VERSION_FILE);
    try (Stream<Path> listed = Files.list(building)) {
      for (Path entry : listed.filter(it -> !it.equals(version)).toList()) {
        Files.move(entry, target.resolve(building.relativize(entry).toString()));
      }
    }
    DirectorySync.sync(target);
    Files.move(version, target.resolve(DataDirectory.VERSION_FILE));
    DirectorySync.sync(target);
    SnapshotStore.delete(building);
  }

  private void giveUp(Throwable cause) {
    if (Files.exists(target.resolve(DataDirectory.VERSION_FILE))) {
      return; // It is done; only what it was built in could not be deleted.
    }
    try {
      for (String place : PLACES) {
        SnapshotStore.delete(target.resolve(place));
      }
      SnapshotStore.delete(building);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
