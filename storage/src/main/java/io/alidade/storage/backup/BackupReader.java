package io.alidade.storage.backup;

import io.alidade.storage.file.CorruptFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// Reads a backup from a stream and checks every byte of it. For one thread.
///
/// What it gives to its sink is checked piece by piece, but the whole is only known to be sound
/// when [#readAll] returns: until then it must not be used.
public final class BackupReader {
  /// The files that a backup may hold: a name, or one in one directory. Nothing else gets a path.
  private static final Pattern NAME =
      Pattern.compile("(?:[a-z]{1,40}/)?[A-Za-z0-9][A-Za-z0-9_-]{0,100}(?:\\.[a-z0-9]{1,20})?");

  private static final int MAX_HEADER_BYTES = 512 << 20;

  private final RecordDecoder records;
  private final Path source;
  private final Map<String, Long> files = new LinkedHashMap<>();

  /// @param in read to its end
  /// @param source what messages call the stream
  public BackupReader(InputStream in, Path source) {
    this.records = new RecordDecoder(in, source);
    this.source = source;
  }

  /// What a backup holds.
  ///
  /// @param files the length of each by name
  /// @param checksum SHA-256, in hexadecimal
  public record Contents(BackupHeader header, Map<String, Long> files, String checksum) {
    public Contents {
      files = Map.copyOf(files);
    }
  }

  /// Where the files go, one after the other.
  public interface Sink {
    /// Forgets everything.
    Sink NOWHERE =
        new Sink() {
          @Override
          public void begin(String name, long length) {}

          @Override
          public void data(ByteBuffer bytes) {}

          @Override
          public void end() {}
        };

    /// Told once, before the files.
    default void header(BackupHeader header) throws IOException {}

    void begin(String name, long length) throws IOException;

    void data(ByteBuffer bytes) throws IOException;

    void end() throws IOException;
  }

  /// Reads everything.
  ///
  /// @throws CorruptFileException if the stream is not, byte by byte, what was written
  public Contents readAll(Sink sink) throws IOException, CorruptFileException {
    records.start(BackupStream.MAGIC, BackupStream.VERSION, "a backup of Alidade");
    ByteArrayOutputStream headerBytes = new ByteArrayOutputStream();
    Optional<RecordDecoder.Item> item = records.next();
    while (item.isPresent() && item.get().type() == BackupStream.HEADER) {
      headerBytes.writeBytes(bytes(item.get().content()));
      if (headerBytes.size() > MAX_HEADER_BYTES) {
        throw records.corrupt("the header is too long");
      }
      item = records.next();
    }
    BackupHeader header = BackupHeader.decode(source, headerBytes.toByteArray());
    sink.header(header);
    while (item.isPresent()) {
      readFile(item.get(), sink);
      item = records.next();
    }
    long total = files.values().stream().mapToLong(Long::longValue).sum();
    if (files.size() != header.files() || total != header.bytes()) {
      throw records.corrupt(
          "it holds %d files of %d bytes, its header says %d of %d"
              .formatted(files.size(), total, header.files(), header.bytes()));
    }
    return new Contents(header, files, records.checksum());
  }

  private void readFile(RecordDecoder.Item begin, Sink sink)
      throws IOException, CorruptFileException {
    ByteBuffer content = begin.content();
    if (begin.type() != BackupStream.FILE || content.remaining() <= Long.BYTES) {
      throw records.corrupt("a record of type " + begin.type() + " where a file should begin");
    }
    long length = content.getLong();
    String name = new String(bytes(content), StandardCharsets.UTF_8);
    if (length < 0 || !NAME.matcher(name).matches() || files.put(name, length) != null) {
      throw records.corrupt("a file of the name \"" + name + "\" and " + length + " bytes");
    }
    sink.begin(name, length);
    CRC32C crc = new CRC32C();
    long left = length;
    while (true) {
      RecordDecoder.Item item =
          records.next().orElseThrow(() -> records.corrupt("the end, within file " + name));
      if (item.type() == BackupStream.FILE_END && left == 0) {
        if (item.content().remaining() != Integer.BYTES
            || item.content().getInt() != (int) crc.getValue()) {
          throw records.corrupt("the checksum of file " + name + " does not match");
        }
        sink.end();
        return;
      }
      if (item.type() != BackupStream.DATA || item.content().remaining() > left) {
        throw records.corrupt("file " + name + " is not as long as it says");
      }
      left -= item.content().remaining();
      crc.update(item.content().duplicate());
      sink.data(item.content());
    }
  }

  private static byte[] bytes(ByteBuffer content) {
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    return bytes;
  }
}
