package io.alidade.storage.file;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A directory that holds one server's data, locked against every other process while it is open.
///
/// The marker file [#VERSION_FILE] says that it is ours, and in which format; it is written first
/// of all and durable before anything else is there.
public final class DataDirectory implements AutoCloseable {
  /// The file whose presence makes a directory an Alidade data directory.
  public static final String VERSION_FILE = "ALIDADE_VERSION";

  /// The format of the directory as a whole that this code reads and writes.
  public static final String FORMAT_VERSION = "1";

  /// Where a restore builds; a directory that has it and not [#VERSION_FILE] is no data directory.
  public static final String UNFINISHED_RESTORE = "restoring.tmp";

  /// The file that is locked.
  public static final String LOCK_FILE = "alidade.lock";

  private static final int LONGEST_VERSION = 64;
  private static final Set<String> LEFT_BY_A_CRASH_AT_BIRTH =
      Set.of(LOCK_FILE, VERSION_FILE + AtomicFile.TEMPORARY_SUFFIX);

  private final Path path;
  private final FileChannel lockChannel;

  private DataDirectory(Path path, FileChannel lockChannel) {
    this.path = path;
    this.lockChannel = lockChannel;
  }

  /// Opens a data directory, or makes one of a directory that is empty or not there.
  ///
  /// @throws DatabaseException if it is not ours, of an unknown format, or in use
  public static DataDirectory open(Path directory) throws IOException {
    Path path = directory.toAbsolutePath().normalize();
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new DatabaseException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "\"" + path + "\" is not a directory");
    }
    create(path);
    checkVersion(path); // Before the lock: nothing is created in a directory that is not ours.
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock(channel) == null) {
        throw new DatabaseException(
            SqlState.OBJECT_IN_USE, "data directory \"" + path + "\" is in use by another process");
      }
      if (!checkVersion(path)) { // Again, for another process may have just made it.
        byte[] marker = (FORMAT_VERSION + "\n").getBytes(StandardCharsets.US_ASCII);
        AtomicFile.replace(path.resolve(VERSION_FILE), ByteBuffer.wrap(marker));
        syncParent(path);
      }
      return new DataDirectory(path, channel);
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  /// Makes a directory that only its owner may read, unless it is there.
  public static void create(Path path) throws IOException {
    if (!Files.exists(path)) {
      Files.createDirectories(path, privateToOwner());
    }
  }

  /// The directory, as an absolute path.
  public Path path() {
    return path;
  }

  /// Lets go of the lock; the operating system does it too when the process dies.
  @Override
  public void close() throws IOException {
    lockChannel.close();
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldInThisProcess) {
      return null;
    }
  }

  /// True if the directory is ours and of our format, false if it is new.
  private static boolean checkVersion(Path path) throws IOException {
    Path file = path.resolve(VERSION_FILE);
    if (!Files.exists(file)) {
      requireEmpty(path);
      return false;
    }
    String version =
        Files.size(file) > LONGEST_VERSION
            ? "?"
            : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
    if (!version.equals(FORMAT_VERSION)) {
      throw new DatabaseException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "data directory \""
              + path
              + "\" has format version \""
              + version
              + "\", this server knows version \""
              + FORMAT_VERSION
              + "\" only");
    }
    return true;
  }

  private static void requireEmpty(Path path) throws IOException {
    if (Files.exists(path.resolve(UNFINISHED_RESTORE))) {
      throw new DatabaseException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "directory \"" + path + "\" holds a restore that did not finish; restore it again");
    }
    try (Stream<Path> files = Files.list(path)) {
      if (!files.allMatch(file -> LEFT_BY_A_CRASH_AT_BIRTH.contains(name(file)))) {
        throw new DatabaseException(
            SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "directory \"" + path + "\" is not empty and not an Alidade data directory");
      }
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static void syncParent(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent != null && Files.isReadable(parent)) {
      DirectorySync.sync(parent);
    }
  }

  private static FileAttribute<?>[] privateToOwner() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }
}
