package io.alidade.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Replaces small files so that after a crash either the old or the new content is there, whole.
public final class AtomicFile {
  /// What a file is called until it takes its name; such files may be deleted when nothing runs.
  public static final String TEMPORARY_SUFFIX = ".tmp";

  private AtomicFile() {}

  /// Writes a new content and gives it the file's name; durable on return.
  public static void replace(Path file, ByteBuffer content) throws IOException {
    Path temporary = temporary(file);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = content.duplicate();
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    publish(temporary, file);
  }

  /// Gives a file that was written and forced under another name its own; durable on return.
  public static void publish(Path temporary, Path file) throws IOException {
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      DirectorySync.sync(directory);
    }
  }

  /// The name to write a file's next content under.
  public static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + TEMPORARY_SUFFIX);
  }
}
