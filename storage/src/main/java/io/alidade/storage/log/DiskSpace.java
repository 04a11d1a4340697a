package io.alidade.storage.log;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Tells a full disk from a broken one.
final class DiskSpace {
  /// What must stay free beside a new directory: Chronicle's own pages and the file system's.
  private static final long MARGIN_BYTES = 4 << 20;

  private DiskSpace() {}

  /// Refuses early what would fail half-way, where a page that cannot be had ends in SIGBUS.
  static void require(Path directory, long bytes) throws IOException {
    long usable = Files.getFileStore(directory).getUsableSpace();
    if (usable < bytes + MARGIN_BYTES) {
      throw full(directory, null);
    }
  }

  /// Whether the operating system said that there is no space, or no quota.
  static boolean isFull(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("No space left on device") || message.contains("quota exceeded");
  }

  static DatabaseException full(Path directory, @Nullable Throwable cause) {
    String message =
        "could not extend the commit log in \"" + directory + "\": No space left on device";
    return cause == null
        ? new DatabaseException(SqlState.DISK_FULL, message)
        : new DatabaseException(SqlState.DISK_FULL, message, cause);
  }
}
