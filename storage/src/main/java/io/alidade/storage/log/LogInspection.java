package io.alidade.storage.log;

import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DataDirectory;
import io.alidade.storage.file.MappedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The commit log of a data directory, found and read as recovery does it, and left as it is.
///
/// For one thread, while nobody has the log open.
public final class LogInspection implements LogCursor {
  private final Path logDirectory;
  private final LogRecovery.Result found;
  private final Optional<FileCursor> cursor;

  private LogInspection(Path logDirectory, LogRecovery.Result found, long fromLsn) {
    this.logDirectory = logDirectory;
    this.found = found;
    this.cursor =
        found.directories().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new FileCursor(
                    new Found(found.directories()), found.directories().getFirst(), fromLsn));
  }

  /// What a cursor goes through.
  private record Found(List<LogDirectory> directories) implements FileCursor.Directories {
    @Override
    public void requireOpen() {} // A file that is gone says so itself.

    @Override
    public Optional<LogDirectory> after(LogDirectory directory) {
      int next = directories.indexOf(directory) + 1;
      return next < directories.size() ? Optional.of(directories.get(next)) : Optional.empty();
    }
  }

  /// Bytes behind the end of the log that recovery will cut off: of frames that a crash tore.
  ///
  /// @param offset where they begin
  /// @param problem why they are no part of the log
  public record TornTail(Path file, long offset, String problem) {}

  /// Reads the whole log and finds its end.
  ///
  /// @throws CorruptFileException if a record that was durable is damaged or gone
  public static LogInspection of(DataDirectory data, RecoveryPoint recovery)
      throws IOException, CorruptFileException {
    Path logDirectory = data.path().resolve(ChronicleCommitLog.DIRECTORY);
    LogRecovery.Result found = LogRecovery.look(logDirectory, recovery);
    return new LogInspection(logDirectory, found, recovery.oldestNeeded());
  }

  /// What a crash left behind the end of the log; nothing if it ends as a log does that was closed.
  public List<TornTail> tornTails() throws IOException {
    List<TornTail> tails = new ArrayList<>();
    if (!found.directories().isEmpty()) {
      tailOf(found.directories().getLast()).ifPresent(tails::add);
    }
    for (LogDirectory dead : found.dead()) {
      tails.add(new TornTail(dead.file(), 0, "what it follows on was lost with the crash"));
    }
    return List.copyOf(tails);
  }

  private static Optional<TornTail> tailOf(LogDirectory last) throws IOException {
    try (MappedFile file = MappedFile.open(last.file())) {
      FrameReader reader = new FrameReader(file.segment(), last.readableEnd());
      boolean follows = reader.next(Long.MAX_VALUE).isPresent();
      if (!follows && isZero(file.segment(), reader.offset())) {
        return Optional.empty(); // Prepared, and never written to.
      }
      String problem = follows ? "the frame does not follow on the one before" : reader.problem();
      return Optional.of(new TornTail(last.file(), last.readableEnd(), problem));
    }
  }

  private static boolean isZero(MemorySegment bytes, long from) {
    for (long at = from; at + Integer.BYTES <= bytes.byteSize(); at += Integer.BYTES) {
      if (bytes.get(Frame.INT, at) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Directories that the next start deletes: they were in preparation, or already let go.
  public List<Path> leftOvers() throws IOException {
    return Files.isDirectory(logDirectory) ? LogRecovery.leftOvers(logDirectory) : List.of();
  }

  @Override
  public Optional<Entry> next() throws IOException, CorruptFileException {
    return cursor.isPresent() ? cursor.get().next() : Optional.empty();
  }

  /// The file of the entry read last.
  public Path file() {
    return cursor.map(FileCursor::file).orElse(logDirectory);
  }

  /// Where in its file the entry read last begins; of one in several frames, the last of them.
  public long offset() {
    return cursor.map(FileCursor::offset).orElse(0L);
  }

  @Override
  public void close() {
    cursor.ifPresent(FileCursor::close);
  }
}
