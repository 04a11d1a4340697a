package io.alidade.storage.backup;

import io.alidade.storage.file.DirectorySync;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Writes the files of a backup into a directory, each forced to the disk.
final class FileSink implements BackupReader.Sink, Closeable {
  private final Path directory;
  private final TreeSet<Path> directories = new TreeSet<>();
  private @Nullable FileChannel channel;

  FileSink(Path directory) {
    this.directory = directory;
  }

  @Override
  public void begin(String name, long length) throws IOException {
    Path file = directory.resolve(name);
    Path parent = Optional.ofNullable(file.getParent()).orElseThrow();
    Files.createDirectories(parent);
    directories.add(parent);
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Override
  public void data(ByteBuffer bytes) throws IOException {
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining() && channel != null) {
      channel.write(rest);
    }
  }

  @Override
  public void end() throws IOException {
    if (channel != null) {
      channel.force(true);
    }
    close();
  }

  /// Forces the names of what was written.
  void syncDirectories() throws IOException {
    directories.add(directory);
    Files.createDirectories(directory);
    for (Path written : directories) {
      DirectorySync.sync(written);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
