package io.alidade.storage.backup;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.file.AtomicFile;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DirectorySync;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The snapshots of a data directory: `snapshots/<name>/`, each a directory of hard links to files
/// that never change, which therefore stay when merges and checkpoints let go of them.
///
/// A snapshot that is being made, or is made only to be streamed, has a name that begins with a
/// dot; such ones that a crash left behind go with the next start. Thread-safe.
public final class SnapshotStore {
  /// Where they are in a data directory.
  public static final String DIRECTORY = "snapshots";

  /// The most snapshots that are kept.
  public static final int MOST = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
  private static final String HEADER_FILE = "SNAPSHOT";
  private static final String TEMPORARY = ".";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}");
  private static final long HEADER_MAGIC = 0x50414E5341444C41L; // "ALDASNAP", little-endian.
  private static final int HEADER_VERSION = 1;

  private final Path directory;
  private final AtomicLong temporaries = new AtomicLong();

  /// @param data the data directory
  public SnapshotStore(Path data) {
    this.directory = data.resolve(DIRECTORY);
  }

  /// What is to go into a snapshot.
  ///
  /// @param header without files and bytes, which are counted
  /// @param written files that are made for it, by name
  /// @param linked files of the data directory, by name
  public record Content(BackupHeader header, List<NamedBytes> written, List<NamedFile> linked) {
    public Content {
      written = List.copyOf(written);
      linked = List.copyOf(linked);
    }
  }

  /// A small file that is made for a snapshot.
  public record NamedBytes(String name, ByteBuffer bytes) {}

  /// A file that is there and will not change.
  public record NamedFile(String name, Path file) {}

  /// A snapshot that is kept.
  public record Stored(String name, BackupHeader header) {}

  /// Deletes what a crash left behind.
  public void deleteLeftOvers() throws IOException {
    for (Path entry : entries()) {
      if (name(entry).startsWith(TEMPORARY)) {
        delete(entry);
      }
    }
  }

  /// Makes a snapshot that goes when it is closed.
  public BackupStream openOnce(Content content) throws IOException {
    Path path = temporary();
    try {
      BackupHeader header = fill(path, content);
      return stream(path, header, () -> delete(path));
    } catch (IOException | RuntimeException e) {
      delete(path);
      throw e;
    }
  }

  /// Makes a snapshot that stays.
  ///
  /// @throws DatabaseException 42710 if there is one of that name, 42602 if it is not a name
  public Stored create(String name, Content content) throws IOException {
    requireName(name);
    Path path = temporary();
    try {
      BackupHeader header = fill(path, content);
      synchronized (this) {
        requireRoomFor(name);
        Files.move(path, directory.resolve(name));
      }
      DirectorySync.sync(directory);
      return new Stored(name, header);
    } catch (IOException | RuntimeException e) {
      delete(path);
      throw e;
    }
  }

  /// Refuses a name that is taken or none.
  public void requireFree(String name) throws IOException {
    requireName(name);
    requireRoomFor(name);
  }

  private void requireRoomFor(String name) throws IOException {
    if (Files.exists(directory.resolve(name))) {
      throw new DatabaseException(
          SqlState.DUPLICATE_OBJECT, "snapshot \"" + name + "\" already exists");
    }
    if (entries().size() > MOST) {
      throw new DatabaseException(
          SqlState.PROGRAM_LIMIT_EXCEEDED, "there are " + MOST + " snapshots already");
    }
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new DatabaseException(SqlState.INVALID_NAME, "invalid snapshot name \"" + name + "\"")
          .withHint(
              "A name is 1 to 200 letters, digits, \"_\", \"-\" and \".\", and begins with a"
                  + " letter, a digit or \"_\".");
    }
  }

  /// All snapshots that are kept, by name.
  public List<Stored> list() throws IOException, CorruptFileException {
    List<Stored> stored = new ArrayList<>();
    for (Path entry : entries()) {
      if (!name(entry).startsWith(TEMPORARY)) {
        try {
          stored.add(new Stored(name(entry), header(entry)));
        } catch (NoSuchFileException dropped) {
          LOG.debug("snapshot {} was dropped meanwhile", entry, dropped);
        }
      }
    }
    stored.sort(Comparator.comparing(Stored::name));
    return stored;
  }

  /// A snapshot's bytes; it may be dropped meanwhile.
  ///
  /// @throws DatabaseException 42704 if there is none of that name
  public BackupStream open(String name) throws IOException, CorruptFileException {
    Held held = hold(name);
    try {
      return stream(held.path(), held.header(), held);
    } catch (IOException | RuntimeException e) {
      held.close();
      throw e;
    }
  }

  /// A snapshot that stays until it is let go of, even if it is dropped.
  ///
  /// @param path laid out as a data directory without a log
  public record Held(Path path, BackupHeader header) implements Closeable {
    @Override
    public void close() throws IOException {
      delete(path);
    }
  }

  /// Takes hold of a snapshot, by links of its own.
  ///
  /// @throws DatabaseException 42704 if there is none of that name
  public Held hold(String name) throws IOException, CorruptFileException {
    Path path = existing(name);
    Path copy = temporary();
    try {
      Files.createDirectories(copy);
      for (Path file : files(path)) {
        Path link = copy.resolve(path.relativize(file).toString());
        Files.createDirectories(parent(link));
        link(link, file);
      }
      return new Held(copy, header(copy));
    } catch (NoSuchFileException e) {
      delete(copy);
      throw missing(name); // Dropped meanwhile.
    } catch (IOException | CorruptFileException | RuntimeException e) {
      delete(copy);
      throw e;
    }
  }

  private Path existing(String name) {
    Path path = directory.resolve(name);
    if (!NAME.matcher(name).matches() || !Files.isDirectory(path)) {
      throw missing(name);
    }
    return path;
  }

  private static DatabaseException missing(String name) {
    return new DatabaseException(
        SqlState.UNDEFINED_OBJECT, "snapshot \"" + name + "\" does not exist");
  }

  /// Deletes a snapshot.
  ///
  /// @throws DatabaseException 42704 if there is none of that name
  public void drop(String name) throws IOException {
    Path doomed = temporary();
    synchronized (this) {
      Files.move(existing(name), doomed); // In one step, as far as anybody can see.
    }
    DirectorySync.sync(directory);
    delete(doomed);
  }

  /// Keeps a backup that was made elsewhere as a snapshot here.
  ///
  /// @throws CorruptFileException if it is not, byte by byte, what was written; nothing is kept
  ///   then
  public Stored receive(String name, BackupReader reader) throws IOException, CorruptFileException {
    requireFree(name);
    Path path = temporary();
    try {
      BackupReader.Contents contents = unpack(reader, path);
      writeHeader(path, contents.header());
      synchronized (this) {
        requireRoomFor(name);
        Files.move(path, directory.resolve(name));
      }
      DirectorySync.sync(directory);
      return new Stored(name, contents.header());
    } catch (IOException | CorruptFileException | RuntimeException e) {
      delete(path);
      throw e;
    }
  }

  /// Adds bytes to a backup that is being uploaded.
  ///
  /// @param at how many bytes came before; 0 begins anew
  /// @return how many there are now
  public long upload(String name, long at, byte[] bytes) throws IOException {
    requireFree(name);
    Files.createDirectories(directory);
    synchronized (this) {
      Path path = uploadOf(name);
      long there = Files.exists(path) ? Files.size(path) : 0;
      if (at == 0) {
        Files.write(path, bytes);
      } else if (at == there) {
        Files.write(path, bytes, StandardOpenOption.APPEND);
      } else {
        throw new DatabaseException(
            SqlState.INVALID_PARAMETER_VALUE,
            "upload \"" + name + "\" has " + there + " bytes, not " + at);
      }
      return at + bytes.length;
    }
  }

  /// Keeps what was uploaded as a snapshot; the upload goes in any case.
  public Stored receiveUpload(String name) throws IOException, CorruptFileException {
    requireName(name);
    Path upload = temporary();
    try {
      Files.move(uploadOf(name), upload);
    } catch (NoSuchFileException e) {
      throw new DatabaseException(
          SqlState.UNDEFINED_OBJECT, "nothing was uploaded as \"" + name + "\"");
    }
    try (var in = new java.io.BufferedInputStream(Files.newInputStream(upload), 1 << 16)) {
      return receive(name, new BackupReader(in, Path.of(name)));
    } finally {
      Files.deleteIfExists(upload);
    }
  }

  private Path uploadOf(String name) {
    return directory.resolve(".upload-" + name);
  }

  /// Writes the files of a backup into a directory, and all of them to the disk.
  public static BackupReader.Contents unpack(BackupReader reader, Path into)
      throws IOException, CorruptFileException {
    try (FileSink sink = new FileSink(into)) {
      BackupReader.Contents contents = reader.readAll(sink);
      sink.syncDirectories();
      return contents;
    }
  }

  private Path temporary() throws IOException {
    Files.createDirectories(directory);
    return directory.resolve(
        TEMPORARY + ProcessHandle.current().pid() + "-" + temporaries.incrementAndGet());
  }

  private static BackupHeader fill(Path path, Content content) throws IOException {
    Files.createDirectories(path);
    int count = 0;
    long bytes = 0;
    for (NamedBytes file : content.written()) {
      Path target = path.resolve(file.name());
      Files.createDirectories(parent(target));
      AtomicFile.replace(target, file.bytes());
      count++;
      bytes += file.bytes().remaining();
    }
    for (NamedFile file : content.linked()) {
      Path target = path.resolve(file.name());
      Files.createDirectories(parent(target));
      link(target, file.file());
      count++;
      bytes += Files.size(target);
    }
    BackupHeader header = content.header().of(count, bytes);
    writeHeader(path, header);
    try (Stream<Path> walk = Files.walk(path)) {
      for (Path inner : walk.filter(Files::isDirectory).toList()) {
        DirectorySync.sync(inner);
      }
    }
    return header;
  }

  private static void writeHeader(Path path, BackupHeader header) throws IOException {
    RecordEncoder records = new RecordEncoder();
    byte[] bytes = header.encode();
    List<ByteBuffer> parts = new ArrayList<>();
    parts.add(records.start(HEADER_MAGIC, HEADER_VERSION));
    for (int at = 0; at < bytes.length; at += RecordFormat.MAX_CONTENT) {
      int length = Math.min(RecordFormat.MAX_CONTENT, bytes.length - at);
      parts.add(records.record(BackupStream.HEADER, ByteBuffer.wrap(bytes, at, length).slice()));
    }
    parts.add(records.end());
    ByteBuffer all = ByteBuffer.allocate(parts.stream().mapToInt(ByteBuffer::remaining).sum());
    parts.forEach(all::put);
    AtomicFile.replace(path.resolve(HEADER_FILE), all.flip());
  }

  /// What the snapshot in a directory says of itself.
  private static BackupHeader header(Path path) throws IOException, CorruptFileException {
    Path file = path.resolve(HEADER_FILE);
    try (var in = Files.newInputStream(file)) {
      RecordDecoder records = new RecordDecoder(new java.io.BufferedInputStream(in), file);
      records.start(HEADER_MAGIC, HEADER_VERSION, "the header of a snapshot");
      var bytes = new java.io.ByteArrayOutputStream();
      Optional<RecordDecoder.Item> item = records.next();
      while (item.isPresent()) {
        byte[] part = new byte[item.get().content().remaining()];
        item.get().content().get(part);
        bytes.writeBytes(part);
        item = records.next();
      }
      return BackupHeader.decode(file, bytes.toByteArray());
    }
  }

  private static BackupStream stream(Path path, BackupHeader header, Closeable onClose)
      throws IOException {
    List<StoredFile> stored = new ArrayList<>();
    for (Path file : files(path)) {
      String name = path.relativize(file).toString().replace('\\', '/');
      if (!name.equals(HEADER_FILE)) {
        stored.add(new StoredFile(name, file, Files.size(file)));
      }
    }
    return new BackupStream(header, stored, onClose);
  }

  /// Links a file, or copies it where there are no links.
  private static void link(Path link, Path file) throws IOException {
    try {
      Files.createLink(link, file);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(file, link);
    }
  }

  private List<Path> entries() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> listed = Files.list(directory)) {
      return listed.toList();
    }
  }

  /// All files below a directory, in the order of their names.
  private static List<Path> files(Path path) throws IOException {
    try (Stream<Path> walk = Files.walk(path)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /// Deletes a directory and all in it.
  public static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(path)) {
      for (Path inner : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(inner);
      }
    }
  }

  private static Path parent(Path path) {
    return Optional.ofNullable(path.getParent()).orElseThrow();
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
