package io.alidade.storage.log;

import io.alidade.model.DatabaseException;
import io.alidade.storage.log.DirectoryWriter.Fill;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Keeps the next directory of the log ready, at most one, made by a thread of its own.
///
/// Not thread-safe.
final class DirectoryPreparer {
  /// How the directory in preparation is called; recovery deletes what it finds under such names.
  static final String PREFIX = "next-";

  private final Path logDirectory;
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("alidade-log-space").factory());
  private @Nullable Future<DirectoryWriter> next;
  private @Nullable Fill nextFill;
  private long count;

  DirectoryPreparer(Path logDirectory) {
    this.logDirectory = logDirectory;
  }

  /// Begins to make the next directory, unless one is ready or under way.
  void begin(long bytes, Fill fill) {
    if (next == null) {
      Path directory = logDirectory.resolve(PREFIX + ++count);
      next = executor.submit(() -> DirectoryWriter.prepare(directory, bytes, fill));
      nextFill = fill;
    }
  }

  /// Begins to make the next directory in one way; one that was made in another is thrown away.
  void beginAnew(long bytes, Fill fill) {
    Future<DirectoryWriter> unwanted = next;
    if (unwanted != null && nextFill != fill) {
      next = null;
      Future<?> unused =
          executor.submit(() -> {
            throwAway(unwanted);
            return null;
          });
    }
    begin(bytes, fill);
  }

  /// Whether the next directory is there, made in one way: then [#take] does not wait.
  boolean isReady(Fill fill) {
    Future<DirectoryWriter> made = next;
    return made != null && nextFill == fill && made.state() == Future.State.SUCCESS;
  }

  /// The next directory, waited for if need be; it is the caller's from now on.
  ///
  /// @param fill how it is made if that was not begun before
  /// @throws DatabaseException if there is no space for it; asked again, it is tried again
  DirectoryWriter take(long bytes, Fill fill) throws IOException {
    boolean begunBefore = next != null;
    try {
      return await(bytes, fill);
    } catch (DatabaseException full) {
      if (begunBefore) {
        return await(bytes, fill); // It is some time ago that there was no space.
      }
      throw full;
    }
  }

  private DirectoryWriter await(long bytes, Fill fill) throws IOException {
    begin(bytes, fill);
    Future<DirectoryWriter> ready = next;
    if (ready == null) {
      throw new IllegalStateException("nothing is being prepared");
    }
    next = null;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return ready.get();
        } catch (InterruptedException _) {
          interrupted = true; // A directory in preparation is not left to nobody.
        }
      }
    } catch (ExecutionException failure) {
      throw rethrown(failure.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Throws away what is ready and ends the thread.
  void close() throws IOException {
    executor.shutdown();
    Future<DirectoryWriter> unused = next;
    next = null;
    if (unused != null) {
      throwAway(unused);
    }
  }

  private static void throwAway(Future<DirectoryWriter> unused) throws IOException {
    try {
      DirectoryWriter writer = unused.get();
      writer.leave();
      writer.closeFile();
      Path directory = writer.file().getParent();
      if (directory != null) {
        LogDirectory.deleteTree(directory);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the log was closed");
    } catch (ExecutionException _) {
      return; // It could not be made, so there is nothing to throw away.
    }
  }

  private static IOException rethrown(@Nullable Throwable cause) {
    if (cause instanceof DatabaseException full) {
      throw full;
    }
    return new IOException("the next log directory could not be made: " + cause, cause);
  }
}
