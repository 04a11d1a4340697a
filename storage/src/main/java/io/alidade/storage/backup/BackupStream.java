package io.alidade.storage.backup;

import io.alidade.storage.file.CorruptFileException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The bytes of a backup, pulled piece by piece, so that whoever takes them sets the pace.
///
/// The same snapshot gives the same bytes each time. Closing it lets go of what it reads. For one
/// thread at a time.
public final class BackupStream implements Closeable {
  static final long MAGIC = 0x50554B4241444C41L; // "ALDABKUP", little-endian.
  static final int VERSION = 1;

  static final byte HEADER = 1;
  static final byte FILE = 2;
  static final byte DATA = 3;
  static final byte FILE_END = 4;

  private final BackupHeader header;
  private final Iterator<StoredFile> files;
  private final Closeable onClose;
  private final RecordEncoder records = new RecordEncoder();
  private final ByteBuffer buffer = ByteBuffer.allocate(RecordFormat.MAX_CONTENT);
  private final CRC32C fileChecksum = new CRC32C();
  private final ByteBuffer headerBytes;
  private State state = State.START;
  private @Nullable FileChannel channel;
  private long left;

  private enum State {
    START,
    HEADER,
    BETWEEN_FILES,
    IN_FILE,
    DONE
  }

  BackupStream(BackupHeader header, List<StoredFile> files, Closeable onClose) {
    this.header = header;
    this.files = files.iterator();
    this.onClose = onClose;
    this.headerBytes = ByteBuffer.wrap(header.encode());
  }

  /// What the backup says of itself.
  public BackupHeader header() {
    return header;
  }

  /// The next bytes, about a megabyte at most; empty after the last.
  ///
  /// @throws IOException when a file cannot be read; the stream is of no use then
  public Optional<ByteBuffer> next() throws IOException {
    return switch (state) {
      case START -> {
        state = State.HEADER;
        yield Optional.of(records.start(MAGIC, VERSION));
      }
      case HEADER -> Optional.of(nextOfHeader());
      case BETWEEN_FILES -> Optional.of(beginFileOrEnd());
      case IN_FILE -> Optional.of(nextOfFile());
      case DONE -> Optional.empty();
    };
  }

  /// Writes all that is left.
  ///
  /// @return how many bytes that was
  public long writeTo(OutputStream out) throws IOException {
    long written = 0;
    Optional<ByteBuffer> piece = next();
    while (piece.isPresent()) {
      ByteBuffer bytes = piece.get();
      written += bytes.remaining();
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      piece = next();
    }
    return written;
  }

  private ByteBuffer nextOfHeader() {
    int length = Math.min(headerBytes.remaining(), RecordFormat.MAX_CONTENT);
    ByteBuffer part = headerBytes.slice(headerBytes.position(), length);
    headerBytes.position(headerBytes.position() + length);
    if (!headerBytes.hasRemaining()) {
      state = State.BETWEEN_FILES;
    }
    return records.record(HEADER, part);
  }

  private ByteBuffer beginFileOrEnd() throws IOException {
    if (!files.hasNext()) {
      state = State.DONE;
      return records.end();
    }
    StoredFile file = files.next();
    channel = FileChannel.open(file.path(), StandardOpenOption.READ);
    left = file.length();
    fileChecksum.reset();
    state = State.IN_FILE;
    byte[] name = file.name().getBytes(StandardCharsets.UTF_8);
    ByteBuffer content =
        ByteBuffer.allocate(Long.BYTES + name.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(file.length())
            .put(name)
            .flip();
    return records.record(FILE, content);
  }

  private ByteBuffer nextOfFile() throws IOException {
    if (left == 0) {
      closeFile();
      state = State.BETWEEN_FILES;
      ByteBuffer content = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      return records.record(FILE_END, content.putInt((int) fileChecksum.getValue()).flip());
    }
    buffer.clear().limit((int) Math.min(buffer.capacity(), left));
    while (buffer.hasRemaining()) {
      if (channel == null || channel.read(buffer) < 0) {
        throw new EOFException("a file of the snapshot is shorter than it was");
      }
    }
    buffer.flip();
    left -= buffer.remaining();
    fileChecksum.update(buffer.duplicate());
    return records.record(DATA, buffer);
  }

  private void closeFile() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  @Override
  public void close() throws IOException {
    state = State.DONE;
    try (onClose) {
      closeFile();
    }
  }

  /// Reads a whole backup, checks every byte, and keeps nothing.
  ///
  /// @param reader not yet read from
  public static BackupReader.Contents verify(BackupReader reader)
      throws IOException, CorruptFileException {
    return reader.readAll(BackupReader.Sink.NOWHERE);
  }
}
