package io.alidade.storage.backup;

import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.log.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An archive of commit logs: `<database>/<branch>/`, in each the branch's `HISTORY` and files of
/// log by the LSNs of their first and last commit. For one thread.
public final class LogArchive {
  private final Path root;

  /// @param root the archive's directory
  public LogArchive(Path root) {
    this.root = root;
  }

  Path directory(UUID database, UUID branch) {
    return root.resolve(database.toString()).resolve(branch.toString());
  }

  /// The directory that a database archives to, made if it is not there.
  Path begin(History history) throws IOException, CorruptFileException {
    Path directory = directory(history.database(), history.current().id());
    Files.createDirectories(directory);
    Optional<History> found = History.read(directory);
    if (found.isEmpty()) {
      history.write(directory);
    } else if (!found.get().equals(history)) {
      throw new CorruptFileException(
          directory.resolve(History.FILE), 0, "it is not the history of this database");
    }
    return directory;
  }

  /// The history of an archived branch of a database.
  ///
  /// @param branch the beginning of its identity is enough
  /// @return all that fit
  public List<History> branches(UUID database, String branch)
      throws IOException, CorruptFileException {
    List<History> found = new ArrayList<>();
    Path directory = root.resolve(database.toString());
    if (Files.isDirectory(directory)) {
      try (Stream<Path> listed = Files.list(directory)) {
        for (Path entry : listed.sorted().toList()) {
          if (String.valueOf(entry.getFileName()).startsWith(branch)) {
            History.read(entry).ifPresent(found::add);
          }
        }
      }
    }
    return found;
  }

  /// The files of a directory, in the order of their LSNs.
  static List<ArchiveFile> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> listed = Files.list(directory)) {
      return listed
          .flatMap(path -> ArchiveFile.of(path).stream())
          .sorted(Comparator.comparingLong(ArchiveFile::first))
          .toList();
    }
  }

  /// A part of a history that a reader goes through.
  ///
  /// @param upTo the last LSN that counts: from there on the next branch does
  private record Stretch(History history, UUID branch, List<ArchiveFile> files, long upTo) {}

  /// Reads a history's log.
  ///
  /// @param from the least position that is needed
  /// @param firstBranch the first branch of the history that is needed
  public Cursor read(History history, int firstBranch, long from)
      throws IOException, CorruptFileException {
    List<Stretch> stretches = new ArrayList<>();
    for (int i = firstBranch; i < history.branches().size(); i++) {
      UUID branch = history.branches().get(i).id();
      boolean isLast = i == history.branches().size() - 1;
      long upTo = isLast ? Long.MAX_VALUE : history.branches().get(i + 1).after();
      List<ArchiveFile> files = files(directory(history.database(), branch));
      stretches.add(new Stretch(history, branch, files, upTo));
    }
    return new Cursor(stretches, from);
  }

  /// Goes through the entries of a history in order, checks every byte of every file, and that none
  /// is missing. For one thread.
  public static final class Cursor implements Closeable {
    private final List<Stretch> stretches;
    private final long from;
    private long nextLsn;

    /// What lies before this in the open file was given out before.
    private long lowest;

    private int stretch;
    private int file;
    private ArchiveFile.@Nullable Reader reader;
    private @Nullable ArchiveFile current;

    private Cursor(List<Stretch> stretches, long from) {
      this.stretches = stretches;
      this.from = from;
      this.nextLsn = from;
    }

    /// The greatest epoch of the log in what will be read, or of its files' headers.
    public long lastEpoch() throws IOException, CorruptFileException {
      long epoch = 0;
      for (Stretch each : stretches) {
        for (ArchiveFile it : each.files()) {
          if (it.last() >= from) {
            try (ArchiveFile.Reader opened = it.open()) {
              epoch = Math.max(epoch, opened.header().epoch());
            }
          }
        }
      }
      return epoch;
    }

    /// The next entry, the first at the position that was asked for; empty at the archive's end.
    ///
    /// @throws CorruptFileException if a file is damaged or missing
    public Optional<Entry> next() throws IOException, CorruptFileException {
      while (reader != null || openNext()) {
        ArchiveFile.Reader open = java.util.Objects.requireNonNull(reader);
        ArchiveFile now = java.util.Objects.requireNonNull(current);
        Optional<Entry> entry = open.next();
        if (entry.isEmpty()) {
          nextLsn = now.last() + 1;
          close();
          continue;
        }
        long position = position(entry.get());
        // What lies behind the last commit of a file is in the next file again.
        boolean counts =
            position >= lowest
                && position <= now.last()
                && position <= stretches.get(stretch).upTo();
        if (counts) {
          return entry;
        }
        if (position > stretches.get(stretch).upTo()) {
          nextLsn = stretches.get(stretch).upTo() + 1;
          nextStretch();
        }
      }
      return Optional.empty();
    }

    private static long position(Entry entry) {
      return switch (entry) {
        case Entry.Chunk chunk -> chunk.position();
        case Entry.Abort abort -> abort.position();
        case Entry.Commit commit -> commit.lsn();
      };
    }

    private void nextStretch() throws IOException {
      close();
      stretch++;
      file = 0;
    }

    private boolean openNext() throws IOException, CorruptFileException {
      while (stretch < stretches.size()) {
        Stretch now = stretches.get(stretch);
        if (nextLsn > now.upTo()) {
          nextStretch();
          continue;
        }
        while (file < now.files().size() && now.files().get(file).last() < nextLsn) {
          file++;
        }
        if (file < now.files().size()) {
          open(now, now.files().get(file++));
          return true;
        }
        if (stretch == stretches.size() - 1) {
          return false;
        }
        throw new CorruptFileException(
            Path.of(now.branch().toString()),
            0,
            "the archive lacks LSN %d to %d of this branch".formatted(nextLsn, now.upTo()));
      }
      return false;
    }

    private void open(Stretch now, ArchiveFile next) throws IOException, CorruptFileException {
      if (next.first() > nextLsn) {
        throw new CorruptFileException(
            next.path(),
            0,
            "the archive lacks LSN %d to %d, which come before this file"
                .formatted(nextLsn, next.first() - 1));
      }
      ArchiveFile.Reader opened = next.open();
      if (!opened.header().database().equals(now.history().database())
          || !opened.header().branch().equals(now.branch())) {
        opened.close();
        throw new CorruptFileException(next.path(), 0, "it is of another database or history");
      }
      lowest = nextLsn;
      reader = opened;
      current = next;
    }

    /// When a commit that it gave out was, in microseconds since 1970-01-01 UTC.
    public long time(Entry.Commit commit) throws CorruptFileException {
      return ArchiveFile.time(current == null ? Path.of("archive") : current.path(), commit);
    }

    @Override
    public void close() throws IOException {
      if (reader != null) {
        reader.close();
        reader = null;
      }
    }
  }
}
