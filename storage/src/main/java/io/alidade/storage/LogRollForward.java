package io.alidade.storage;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.backup.BackupHeader;
import io.alidade.storage.backup.LogArchive;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DataDirectory;
import io.alidade.storage.log.CommitLog;
import io.alidade.storage.log.Entry;
import io.alidade.storage.log.RecoveryPoint;
import io.alidade.storage.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Brings a restored backup forward by the archived log: its entries are appended to a log of the
/// new directory, and every so many bytes a checkpoint puts them into segments. For one thread.
final class LogRollForward implements AutoCloseable {
  private final Path path;
  private final DatabaseOptions options;
  private final BackupHeader backup;
  private final RestoreTarget until;
  private final Checkpoint cancel;

  /// Transactions that have logged chunks and not ended.
  private final Set<Long> open = new HashSet<>();

  private DataDirectory directory;
  private CommitLog log;
  private long bytes;
  private boolean closed;

  /// @param directory with the files of the backup, and without a log; closed with this
  LogRollForward(
      DataDirectory directory,
      DatabaseOptions options,
      BackupHeader backup,
      RestoreTarget until,
      Checkpoint cancel,
      long lastEpoch)
      throws IOException {
    this.directory = directory;
    this.path = directory.path();
    this.options = options;
    this.backup = backup;
    this.until = until;
    this.cancel = cancel;
    long epoch = Math.max(backup.epoch(), lastEpoch);
    this.log = CommitLog.begin(directory, options.log(), backup.logFrom() - 1, epoch);
  }

  /// Appends what the archive holds up to the place asked for.
  ///
  /// @return the last commit
  long run(LogArchive.Cursor archive) throws IOException, CorruptFileException {
    Outcome outcome = Outcome.ENDED;
    Optional<Entry> next = archive.next();
    while (next.isPresent() && outcome == Outcome.ENDED) {
      cancel.pass();
      if (next.get() instanceof Entry.Commit commit && isBeyond(commit, archive)) {
        outcome = Outcome.REACHED;
      } else {
        append(next.get());
        if (until instanceof RestoreTarget.AtLsn(var lsn) && log.lastLsn() == lsn) {
          outcome = Outcome.REACHED;
        } else {
          next = archive.next();
        }
      }
    }
    requireReached(outcome);
    for (long transaction : open) {
      log.appendAbort(transaction);
    }
    return log.lastLsn();
  }

  private enum Outcome {
    REACHED,
    /// The archive was.
    ENDED
  }

  private boolean isBeyond(Entry.Commit commit, LogArchive.Cursor archive)
      throws CorruptFileException {
    return switch (until) {
      case RestoreTarget.AtLsn(var lsn) -> commit.lsn() > lsn;
      case RestoreTarget.AtTime(var micros) ->
          commit.lsn() > backup.lsn() && archive.time(commit) > micros;
      case RestoreTarget.End _, RestoreTarget.Backup _ -> false;
    };
  }

  private void append(Entry entry) throws IOException, CorruptFileException {
    switch (entry) {
      case Entry.Chunk(_, var transaction, var payload) -> {
        long ignored = log.appendChunk(transaction, payload);
        open.add(transaction);
        bytes += payload.remaining();
      }
      case Entry.Abort(_, var transaction) -> {
        log.appendAbort(transaction);
        open.remove(transaction);
      }
      case Entry.Commit(var lsn, var transaction, var payload) -> {
        bytes += payload.remaining();
        long appended = log.append(transaction, payload);
        open.remove(transaction);
        if (appended != lsn) {
          throw new IllegalStateException("commit " + lsn + " became " + appended);
        }
      }
    }
    if (bytes >= options.checkpointLogBytes() && open.isEmpty() && log.lastLsn() > backup.lsn()) {
      putIntoSegments();
    }
  }

  /// No transaction is open: nothing of the log so far is needed any more.
  private void putIntoSegments() throws IOException, CorruptFileException {
    close();
    try (Database database = Database.open(path, options)) {
      database.checkpoint();
    }
    directory = DataDirectory.open(path);
    Manifest manifest = Manifest.read(path).orElseThrow();
    RecoveryPoint recovery = new RecoveryPoint(manifest.replayFrom(), manifest.lsn());
    log = CommitLog.open(directory, options.log(), recovery, _ -> {});
    bytes = 0;
    closed = false;
  }

  private void requireReached(Outcome outcome) {
    if (log.lastLsn() < backup.lsn()) {
      throw unreachable(
          "the archive ends at LSN "
              + log.lastLsn()
              + ", the backup needs its log up to LSN "
              + backup.lsn());
    }
    if (outcome == Outcome.REACHED) {
      return;
    }
    switch (until) {
      case RestoreTarget.AtLsn(var lsn) ->
          throw unreachable("the archive ends at LSN " + log.lastLsn() + ", before LSN " + lsn);
      case RestoreTarget.AtTime(var micros) ->
          throw unreachable(
              "the archive ends at LSN "
                  + log.lastLsn()
                  + " and holds no commit after "
                  + Instant.EPOCH.plus(micros, ChronoUnit.MICROS)
                  + ", so nothing says that it reaches as far; without a time all of it is"
                  + " restored");
      case RestoreTarget.End _, RestoreTarget.Backup _ -> {}
    }
  }

  static DatabaseException unreachable(String why) {
    return new DatabaseException(SqlState.INVALID_PARAMETER_VALUE, why);
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      try {
        log.close();
      } finally {
        directory.close();
      }
    }
  }
}
