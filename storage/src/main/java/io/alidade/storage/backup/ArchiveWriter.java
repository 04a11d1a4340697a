package io.alidade.storage.backup;

import io.alidade.storage.file.AtomicFile;
import io.alidade.storage.log.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Writes one file of archived log, which has its name only when it is whole and on the disk. For
/// one thread.
final class ArchiveWriter implements Closeable {
  private static final String UNFINISHED = "unfinished" + AtomicFile.TEMPORARY_SUFFIX;

  private final Path directory;
  private final Path temporary;
  private final FileChannel channel;
  private final RecordEncoder records = new RecordEncoder();
  private final long first;
  private long lastCommit;
  private long bytes;

  /// @param header names the first commit that will be in the file
  ArchiveWriter(Path directory, ArchiveFile.Header header) throws IOException {
    this.directory = directory;
    this.temporary = directory.resolve(UNFINISHED);
    this.first = header.first();
    this.lastCommit = header.first() - 1;
    this.channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    write(records.start(ArchiveFile.MAGIC, ArchiveFile.VERSION));
    write(records.record(ArchiveFile.HEADER, header.encode()));
  }

  void add(Entry entry) throws IOException {
    switch (entry) {
      case Entry.Chunk(var position, var transaction, var payload) ->
          add(ArchiveFile.CHUNK, position, transaction, payload);
      case Entry.Abort(var position, var transaction) ->
          add(ArchiveFile.ABORT, position, transaction, ByteBuffer.allocate(0));
      case Entry.Commit(var lsn, var transaction, var payload) -> {
        add(ArchiveFile.COMMIT, lsn, transaction, payload);
        lastCommit = lsn;
      }
    }
  }

  private void add(byte type, long lsn, long transaction, ByteBuffer payload) throws IOException {
    ByteBuffer rest = payload.duplicate();
    int length = Math.min(rest.remaining(), RecordFormat.MAX_CONTENT - ArchiveFile.ENTRY_BYTES);
    ByteBuffer content =
        ByteBuffer.allocate(ArchiveFile.ENTRY_BYTES + length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(type)
            .putLong(lsn)
            .putLong(transaction)
            .putLong(rest.remaining())
            .put(rest.slice(rest.position(), length))
            .flip();
    rest.position(rest.position() + length);
    write(records.record(ArchiveFile.ENTRY, content));
    while (rest.hasRemaining()) {
      int more = Math.min(rest.remaining(), RecordFormat.MAX_CONTENT);
      write(records.record(ArchiveFile.MORE, rest.slice(rest.position(), more)));
      rest.position(rest.position() + more);
    }
  }

  /// The last commit that was added; the one before the first if none was.
  long lastCommit() {
    return lastCommit;
  }

  /// How many bytes were written.
  long bytes() {
    return bytes;
  }

  /// Ends the file and gives it its name; durable on return.
  ArchiveFile finish() throws IOException {
    write(records.end());
    channel.force(true);
    channel.close();
    Path path = directory.resolve(ArchiveFile.name(first, lastCommit));
    if (Files.exists(path)) {
      throw new FileAlreadyExistsException(path + " is there: another server archives here");
    }
    AtomicFile.publish(temporary, path);
    return new ArchiveFile(path, first, lastCommit);
  }

  private void write(ByteBuffer record) throws IOException {
    bytes += record.remaining();
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
  }
}
