package io.alidade.storage.file;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Makes names durable: a file that was created, renamed or deleted is so only once its directory
/// is forced.
public final class DirectorySync {
  private DirectorySync() {}

  /// Forces a directory's entries to the disk.
  public static void sync(Path directory) throws IOException {
    // A thread that is interrupted closes other channels in the middle of a force.
    try (AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
