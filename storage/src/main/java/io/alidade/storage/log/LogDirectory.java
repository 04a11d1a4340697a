package io.alidade.storage.log;

import io.alidade.storage.file.AtomicFile;
import io.alidade.storage.file.DirectorySync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// One directory of the log, as its readers see it: which file, and how far it may be read.
final class LogDirectory {
  private final DirectoryName name;
  private final Path file;
  private final long directoryId;
  private volatile long readableEnd;
  private volatile boolean complete;
  private volatile long lastPosition;

  LogDirectory(DirectoryName name, Path file, long directoryId) {
    this.name = name;
    this.file = file;
    this.directoryId = directoryId;
    this.lastPosition = name.firstLsn() - 1;
  }

  DirectoryName name() {
    return name;
  }

  /// The Chronicle file in it.
  Path file() {
    return file;
  }

  long directoryId() {
    return directoryId;
  }

  /// The offset up to which frames are durable.
  long readableEnd() {
    return readableEnd;
  }

  void readableEnd(long offset) {
    readableEnd = offset;
  }

  /// Whether [#readableEnd] is final; once it is, what follows lies in the next directory.
  boolean complete() {
    return complete;
  }

  void markComplete() {
    complete = true;
  }

  /// The greatest LSN at which a frame in it is positioned.
  long lastPosition() {
    return lastPosition;
  }

  void lastPosition(long lsn) {
    lastPosition = lsn;
  }

  /// Deletes a directory of the log in one step, as far as a reader of names can see.
  static void delete(Path directory) throws IOException {
    Path doomed = AtomicFile.temporary(directory);
    Files.move(directory, doomed);
    Path parent = directory.getParent();
    if (parent != null) {
      DirectorySync.sync(parent);
    }
    deleteTree(doomed);
  }

  /// Deletes a directory of files without a care for the order.
  static void deleteTree(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.toList();
    } catch (NoSuchFileException gone) {
      return;
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(directory);
  }
}
