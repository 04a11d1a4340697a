package io.alidade.storage.backup;

import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.log.CommitLog;
import io.alidade.storage.log.Entry;
import io.alidade.storage.log.LogCursor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies the commit log into an archive: what is durable, at intervals and at the end.
///
/// When it fails the log is kept until it succeeds, which it tries again at each interval; the
/// server's log says so, and how large the log has become. Thread-safe.
public final class LogArchiver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogArchiver.class);

  /// About how large a file becomes before the next is begun.
  private static final long FILE_BYTES = 64L << 20;

  /// From so much log on somebody is told, and again whenever it has doubled.
  private static final long MUCH_LOG_BYTES = 2L << 30;

  /// How often a failure that goes on is told.
  private static final long TELL_AGAIN_MICROS = 60_000_000;

  private final LogArchive archive;
  private final LogArchiving options;
  private final History history;
  private final CommitLog log;
  private final long oldestInLog;
  private final LongSupplier logBytes;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("alidade-log-archive").unstarted(this::runAtIntervals);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition toEnd = lock.newCondition();
  private volatile Status status;
  private long toldMicros;
  private long toldBytes = MUCH_LOG_BYTES / 2;
  private volatile boolean closed;

  /// Where it left off; negative until the archive was looked at.
  private volatile long archivedLsn = -1;

  /// How it goes.
  ///
  /// @param archivedLsn the last commit that is in the archive; -1 if that is not known yet
  /// @param files how many it has written
  /// @param lastMicros when it wrote the last; 0 if none
  /// @param failures how often it failed
  /// @param lastFailureMicros when it failed last; 0 if never
  /// @param lastFailure why; empty if never
  public record Status(
      long archivedLsn,
      String lastFile,
      long files,
      long lastMicros,
      long failures,
      long lastFailureMicros,
      String lastFailure) {}

  /// @param oldestInLog from where the log is there for sure
  /// @param logBytes how large the log is
  public LogArchiver(
      LogArchiving options,
      History history,
      CommitLog log,
      long oldestInLog,
      LongSupplier logBytes) {
    this.logBytes = logBytes;
    this.archive = new LogArchive(options.directory());
    this.options = options;
    this.history = history;
    this.log = log;
    this.oldestInLog = oldestInLog;
    this.status = new Status(-1, "", 0, 0, 0, 0, "");
  }

  public void start() {
    thread.start();
  }

  public Status status() {
    return status;
  }

  /// The least LSN that it has yet to read; 0 while that is not known.
  public long oldestNeeded() {
    return archivedLsn + 1;
  }

  private void runAtIntervals() {
    lock.lock();
    try {
      while (!closed) {
        boolean unused = run();
        watchSize();
        boolean ignored = toEnd.await(options.interval().toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      LOG.debug("the archiving thread ends", e);
    } finally {
      lock.unlock();
    }
  }

  /// Archives what is durable now.
  ///
  /// @return whether it succeeded
  public boolean run() {
    lock.lock();
    try {
      Path directory = archive.begin(history);
      if (archivedLsn < 0) {
        archivedLsn = findEnd(directory);
      }
      while (log.durableLsn() > archivedLsn && writeFile(directory)) {
        LOG.debug("archived up to LSN {}", archivedLsn);
      }
      status = withArchived(status.lastFile(), status.files(), status.lastMicros());
      return true;
    } catch (IOException | CorruptFileException | RuntimeException e) {
      tell(e);
      status =
          new Status(
              archivedLsn,
              status.lastFile(),
              status.files(),
              status.lastMicros(),
              status.failures() + 1,
              now(),
              String.valueOf(e.getMessage()));
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void tell(Exception failure) {
    long now = now();
    if (status.failures() == 0
        || now - toldMicros >= TELL_AGAIN_MICROS
        || status.lastMicros() > toldMicros) {
      toldMicros = now;
      LOG.error(
          "the commit log could not be archived to {}: it is kept, and grows, until that succeeds;"
              + " archived up to LSN {}, committed up to {}, {} MB of log",
          options.directory(),
          archivedLsn,
          log.lastLsn(),
          sizeOfLog() >> 20,
          failure);
    }
  }

  /// The log only goes as it is archived: somebody should know when it becomes large.
  private void watchSize() {
    long bytes = sizeOfLog();
    if (bytes >= 2 * toldBytes) {
      toldBytes = bytes;
      LOG.warn(
          "the commit log takes {} MB; archived up to LSN {}, committed up to {}",
          bytes >> 20,
          archivedLsn,
          log.lastLsn());
    } else if (bytes < toldBytes / 2) {
      toldBytes = Math.max(bytes, MUCH_LOG_BYTES / 2);
    }
  }

  private long sizeOfLog() {
    try {
      return logBytes.getAsLong();
    } catch (RuntimeException e) {
      LOG.debug("the log's size is not known now", e); // Files come and go.
      return 0;
    }
  }

  private Status withArchived(String file, long files, long micros) {
    return new Status(
        archivedLsn,
        file,
        files,
        micros,
        status.failures(),
        status.lastFailureMicros(),
        status.lastFailure());
  }

  /// The last commit that an archive holds of this branch, or that it cannot hold any more.
  private long findEnd(Path directory) throws IOException, CorruptFileException {
    List<ArchiveFile> files = LogArchive.files(directory);
    if (files.isEmpty()) {
      return Math.max(oldestInLog - 1, history.current().after());
    }
    long last = files.getLast().last();
    if (last > log.lastLsn()) {
      throw new IOException(
          directory
              + " holds LSN "
              + last
              + ", this database has reached "
              + log.lastLsn()
              + " only: another server with a copy of its data archives there");
    }
    try (LogCursor _ = log.read(last + 1)) {
      return last;
    } catch (IllegalArgumentException gone) {
      LOG.warn(
          "the archive {} has a gap: LSN {} to {} are not in the log any more; a backup from before"
              + " can be restored to LSN {} at most, so take a new one",
          directory,
          last + 1,
          oldestInLog - 1,
          last);
      return oldestInLog - 1;
    }
  }

  /// @return whether there was a commit to write
  private boolean writeFile(Path directory) throws IOException, CorruptFileException {
    long first = archivedLsn + 1;
    ArchiveFile.Header header =
        new ArchiveFile.Header(history.database(), history.current().id(), first, log.epoch());
    try (LogCursor cursor = log.read(first);
        ArchiveWriter writer = new ArchiveWriter(directory, header)) {
      Optional<Entry> next = cursor.next();
      while (next.isPresent()) {
        writer.add(next.get());
        if (next.get() instanceof Entry.Commit && writer.bytes() >= FILE_BYTES) {
          break;
        }
        next = cursor.next();
      }
      if (writer.lastCommit() < first) {
        return false;
      }
      ArchiveFile written = writer.finish();
      archivedLsn = written.last();
      status =
          withArchived(String.valueOf(written.path().getFileName()), status.files() + 1, now());
      return true;
    }
  }

  private static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /// Ends, after archiving the rest. The log must still be open.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    lock.lock();
    try {
      toEnd.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean ignored = run();
  }
}
