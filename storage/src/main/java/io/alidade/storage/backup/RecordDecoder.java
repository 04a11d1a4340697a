package io.alidade.storage.backup;

import io.alidade.storage.file.CorruptFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/// Reads a sequence of records and checks every byte of it. For one thread.
final class RecordDecoder {
  private final InputStream in;
  private final Path source;
  private final MessageDigest digest = RecordFormat.digest();
  private long offset;
  private int number;
  private boolean ended;
  private String checksum = "";

  /// A record.
  record Item(byte type, ByteBuffer content) {}

  /// @param source what messages call the stream
  RecordDecoder(InputStream in, Path source) {
    this.in = in;
    this.source = source;
  }

  /// Reads what the sequence begins with.
  ///
  /// @param what the kind of file, for the message
  void start(long magic, int version, String what) throws IOException, CorruptFileException {
    ByteBuffer start = read(RecordFormat.START_BYTES, "it is too short");
    if (start.getLong(0) != magic) {
      throw new CorruptFileException(source, 0, "this is not " + what);
    }
    if (start.getInt(Long.BYTES) != version) {
      throw new CorruptFileException(
          source,
          Long.BYTES,
          "format version " + start.getInt(Long.BYTES) + ", known is " + version);
    }
    digest.update(start);
    offset += RecordFormat.START_BYTES;
  }

  /// The next record; empty after the last, when the whole was found to be as it was written.
  Optional<Item> next() throws IOException, CorruptFileException {
    if (ended) {
      return Optional.empty();
    }
    ByteBuffer header = read(RecordFormat.HEADER_BYTES, "it ends here, and is not complete");
    int length = header.getInt(0);
    byte type = header.get(Integer.BYTES);
    if (length < 0 || length > RecordFormat.MAX_CONTENT) {
      throw corrupt("a record of " + length + " bytes");
    }
    ByteBuffer rest = read(length + RecordFormat.CHECKSUM_BYTES, "it ends within a record");
    ByteBuffer content = rest.slice(0, length).order(ByteOrder.LITTLE_ENDIAN);
    int stored = rest.getInt(length);
    int found = RecordFormat.checksum(header, content);
    if (found != stored) {
      throw corrupt("checksum is %08x, stored is %08x".formatted(found, stored));
    }
    int foundNumber = header.getInt(Integer.BYTES + 1);
    if (foundNumber != number) {
      throw corrupt("record " + foundNumber + " is where record " + number + " belongs");
    }
    if (type == RecordFormat.END) {
      end(content);
      return Optional.empty();
    }
    digest.update(header);
    digest.update(rest);
    offset += RecordFormat.HEADER_BYTES + rest.limit();
    number++;
    return Optional.of(new Item(type, content));
  }

  private void end(ByteBuffer content) throws IOException, CorruptFileException {
    byte[] stored = new byte[content.remaining()];
    content.get(stored);
    byte[] found = digest.digest();
    if (!MessageDigest.isEqual(stored, found)) {
      throw corrupt("the checksum over everything does not match");
    }
    if (in.read() >= 0) {
      throw corrupt("there is more after its end");
    }
    checksum = HexFormat.of().formatHex(found);
    ended = true;
  }

  /// Where the next record begins.
  long offset() {
    return offset;
  }

  /// The SHA-256 of all but the last record, in hexadecimal; empty until that was read.
  String checksum() {
    return checksum;
  }

  CorruptFileException corrupt(String problem) {
    return new CorruptFileException(source, offset, problem);
  }

  private ByteBuffer read(int count, String ifShort) throws IOException, CorruptFileException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw corrupt(ifShort);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
