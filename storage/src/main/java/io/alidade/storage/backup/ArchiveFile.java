package io.alidade.storage.backup;

import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.log.Entry;
import io.alidade.storage.mutation.MalformedBytesException;
import io.alidade.storage.mutation.MutationCodec;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A finished file of archived log: which commits it holds, and its entries.
///
/// @param path where it is
/// @param first its first commit
/// @param last its last commit
record ArchiveFile(Path path, long first, long last) {
  static final long MAGIC = 0x474F4C4141444C41L; // "ALDAALOG", little-endian.
  static final int VERSION = 1;

  static final byte HEADER = 1;
  static final byte ENTRY = 2;
  static final byte MORE = 3;

  static final byte CHUNK = 1;
  static final byte COMMIT = 2;
  static final byte ABORT = 3;

  static final int HEADER_BYTES = 6 * Long.BYTES;
  static final int ENTRY_BYTES = 1 + 3 * Long.BYTES;

  private static final int MAX_PAYLOAD = Integer.MAX_VALUE - 64;
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.log");

  static String name(long first, long last) {
    return "%016x-%016x.log".formatted(first, last);
  }

  /// The file of a name; empty if it is another kind of file.
  static Optional<ArchiveFile> of(Path path) {
    Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
    return name.matches()
        ? Optional.of(
            new ArchiveFile(
                path,
                Long.parseUnsignedLong(name.group(1), 16),
                Long.parseUnsignedLong(name.group(2), 16)))
        : Optional.empty();
  }

  /// What its first record says.
  ///
  /// @param epoch no entry is of a later opening of the log
  record Header(UUID database, UUID branch, long first, long epoch) {
    ByteBuffer encode() {
      return ByteBuffer.allocate(HEADER_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(database.getMostSignificantBits())
          .putLong(database.getLeastSignificantBits())
          .putLong(branch.getMostSignificantBits())
          .putLong(branch.getLeastSignificantBits())
          .putLong(first)
          .putLong(epoch)
          .flip();
    }
  }

  Reader open() throws IOException, CorruptFileException {
    Reader reader = new Reader(this);
    try {
      reader.begin();
      return reader;
    } catch (IOException | CorruptFileException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /// Reads a file's entries and checks every byte. For one thread.
  static final class Reader implements Closeable {
    private final ArchiveFile file;
    private final BufferedInputStream in;
    private final RecordDecoder records;
    private Optional<RecordDecoder.Item> next = Optional.empty();
    private Header header = new Header(new UUID(0, 0), new UUID(0, 0), 0, 0);
    private long lastCommit;

    private Reader(ArchiveFile file) throws IOException {
      this.file = file;
      this.in = new BufferedInputStream(Files.newInputStream(file.path()), 1 << 16);
      this.records = new RecordDecoder(in, file.path());
      this.lastCommit = file.first() - 1;
    }

    private void begin() throws IOException, CorruptFileException {
      records.start(MAGIC, VERSION, "archived log of Alidade");
      Optional<RecordDecoder.Item> item = records.next();
      if (item.isEmpty()
          || item.get().type() != HEADER
          || item.get().content().remaining() != HEADER_BYTES) {
        throw records.corrupt("the header is missing");
      }
      ByteBuffer content = item.get().content();
      header =
          new Header(
              new UUID(content.getLong(), content.getLong()),
              new UUID(content.getLong(), content.getLong()),
              content.getLong(),
              content.getLong());
      if (header.first() != file.first()) {
        throw records.corrupt("it begins at LSN " + header.first() + ", its name says another");
      }
      next = records.next();
    }

    Header header() {
      return header;
    }

    /// The next entry; empty at the end, when the whole was found to be as it was written.
    Optional<Entry> next() throws IOException, CorruptFileException {
      if (next.isEmpty()) {
        if (lastCommit != file.last()) {
          throw records.corrupt("it ends after LSN " + lastCommit + ", its name says another");
        }
        return Optional.empty();
      }
      ByteBuffer content = next.get().content();
      if (next.get().type() != ENTRY || content.remaining() < ENTRY_BYTES) {
        throw records.corrupt("a record of type " + next.get().type() + " where an entry belongs");
      }
      byte type = content.get();
      long lsn = content.getLong();
      long transaction = content.getLong();
      long length = content.getLong();
      if (length < content.remaining() || length > MAX_PAYLOAD) {
        throw records.corrupt("an entry of " + length + " bytes");
      }
      ByteBuffer payload = ByteBuffer.allocate((int) length);
      payload.put(content);
      next = records.next();
      while (payload.hasRemaining()) {
        if (next.isEmpty()
            || next.get().type() != MORE
            || next.get().content().remaining() > payload.remaining()) {
          throw records.corrupt("an entry is cut short");
        }
        payload.put(next.get().content());
        next = records.next();
      }
      return Optional.of(entry(type, lsn, transaction, payload.flip()));
    }

    private Entry entry(byte type, long lsn, long transaction, ByteBuffer payload)
        throws CorruptFileException {
      return switch (type) {
        case CHUNK -> new Entry.Chunk(lsn, transaction, payload);
        case ABORT -> new Entry.Abort(lsn, transaction);
        case COMMIT -> {
          if (lsn != lastCommit + 1) {
            throw records.corrupt("commit " + lsn + " follows commit " + lastCommit);
          }
          lastCommit = lsn;
          yield new Entry.Commit(lsn, transaction, payload);
        }
        default -> throw records.corrupt("an entry of type " + type);
      };
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /// When a commit was, in microseconds since 1970-01-01 UTC.
  static long time(Path source, Entry.Commit commit) throws CorruptFileException {
    try {
      return MutationCodec.time(commit.payload());
    } catch (MalformedBytesException e) {
      throw new CorruptFileException(source, 0, "commit " + commit.lsn() + ": " + e.getMessage());
    }
  }
}
