package io.alidade.storage.file;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/// Writes a file of named sections with a checksum for every 64 KB; [ChecksummedFile] reads it.
///
/// Sections are written one after the other, each begins at a multiple of 64 bytes, and its bytes
/// lie together, so that vectors can be read in place once the file is mapped. Nothing is valid
/// before [#finish]. Numbers are little-endian. For one thread.
public final class ChecksummedWriter implements Closeable {
  private static final int BUFFER_BYTES = 256 << 10;

  private final FileChannel channel;
  private final int formatVersion;

  /// Freed with the file, not by the garbage collector: a checkpoint may write thousands of files
  /// before that comes to it.
  private final Arena memory = Arena.ofConfined();

  private final ByteBuffer buffer =
      memory.allocate(BUFFER_BYTES).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  private final BlockChecksums checksums = new BlockChecksums();
  private final Map<String, Extent> sections = new LinkedHashMap<>();
  private String section = "";
  private long sectionStart;
  private long flushed;

  private ChecksummedWriter(FileChannel channel, int formatVersion) {
    this.channel = channel;
    this.formatVersion = formatVersion;
  }

  /// Begins a new file; it must not be there yet.
  ///
  /// @param formatVersion what the reader must know to understand the sections
  public static ChecksummedWriter create(Path path, int formatVersion) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    ChecksummedWriter writer = new ChecksummedWriter(channel, formatVersion);
    writer.putHeader();
    return writer;
  }

  /// Ends the section before, if any, and begins the next.
  public void beginSection(String name) throws IOException {
    endSection();
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > SectionFormat.LONGEST_NAME || sections.containsKey(name)) {
      throw new IllegalArgumentException("section name \"" + name + "\"");
    }
    while (position() % SectionFormat.ALIGNMENT != 0) {
      room(1).put((byte) 0);
    }
    section = name;
    sectionStart = position();
  }

  /// Where the next byte of the current section goes, counted from the section's first.
  public long sectionPosition() {
    return position() - sectionStart;
  }

  public void writeByte(byte value) throws IOException {
    room(Byte.BYTES).put(value);
  }

  public void writeShort(short value) throws IOException {
    room(Short.BYTES).putShort(value);
  }

  public void writeInt(int value) throws IOException {
    room(Integer.BYTES).putInt(value);
  }

  public void writeLong(long value) throws IOException {
    room(Long.BYTES).putLong(value);
  }

  public void writeFloat(float value) throws IOException {
    room(Float.BYTES).putFloat(value);
  }

  public void writeDouble(double value) throws IOException {
    room(Double.BYTES).putDouble(value);
  }

  public void write(byte[] bytes) throws IOException {
    write(ByteBuffer.wrap(bytes));
  }

  /// Writes a buffer's bytes from position to limit and leaves it as it was.
  public void write(ByteBuffer bytes) throws IOException {
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      int length = Math.min(room(1).remaining(), rest.remaining());
      buffer.put(rest.slice(rest.position(), length));
      rest.position(rest.position() + length);
    }
  }

  /// Writes memory as it is; numbers in it must be little-endian.
  public void write(MemorySegment bytes) throws IOException {
    long offset = 0;
    while (offset < bytes.byteSize()) {
      int length = (int) Math.min(BUFFER_BYTES, bytes.byteSize() - offset);
      write(bytes.asSlice(offset, length).asByteBuffer());
      offset += length;
    }
  }

  /// Fills up with zeros to a multiple of a power of two, counted from the section's first byte.
  public void align(int alignment) throws IOException {
    while (sectionPosition() % alignment != 0) {
      room(1).put((byte) 0);
    }
  }

  /// Ends the file and forces it. The directory, and the file's place in a manifest, are the
  /// caller's.
  public void finish() throws IOException {
    endSection();
    flush();
    long footerOffset = flushed;
    int[] blocks = checksums.finish();
    ByteBuffer footer = footer(blocks);
    ByteBuffer trailer = trailer(footerOffset, blocks.length, crc(footer));
    writeFully(footer);
    writeFully(trailer);
    channel.force(true);
    close();
  }

  /// Lets go of the file; one that is not finished stays invalid.
  @Override
  public void close() throws IOException {
    if (memory.scope().isAlive()) {
      memory.close();
    }
    channel.close();
  }

  private void putHeader() {
    ByteBuffer header =
        ByteBuffer.allocate(SectionFormat.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(SectionFormat.MAGIC);
    header.putInt(SectionFormat.CONTAINER_VERSION);
    header.putInt(formatVersion);
    int crc = crc(header.slice(0, SectionFormat.HEADER_CRC_OFFSET));
    header.putInt(SectionFormat.HEADER_CRC_OFFSET, crc);
    buffer.put(header.rewind());
  }

  private void endSection() {
    if (!section.isEmpty()) {
      sections.put(section, new Extent(sectionStart, sectionPosition()));
      section = "";
    }
  }

  private long position() {
    return flushed + buffer.position();
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private void flush() throws IOException {
    buffer.flip();
    checksums.update(buffer);
    flushed += buffer.remaining();
    writeFully(buffer);
    buffer.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private ByteBuffer footer(int[] blocks) {
    int size = blocks.length * Integer.BYTES;
    for (String name : sections.keySet()) {
      size += Short.BYTES + name.getBytes(StandardCharsets.UTF_8).length + 2 * Long.BYTES;
    }
    ByteBuffer footer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (int block : blocks) {
      footer.putInt(block);
    }
    sections.forEach((name, extent) -> {
      byte[] text = name.getBytes(StandardCharsets.UTF_8);
      footer.putShort((short) text.length).put(text);
      footer.putLong(extent.offset()).putLong(extent.length());
    });
    return footer.flip();
  }

  private ByteBuffer trailer(long footerOffset, int blocks, int footerCrc) {
    ByteBuffer trailer =
        ByteBuffer.allocate(SectionFormat.TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    trailer.putLong(footerOffset).putInt(blocks).putInt(sections.size());
    trailer.putInt(footerCrc).putInt(formatVersion);
    trailer.putInt(crc(trailer.slice(0, SectionFormat.TRAILER_CRC_OFFSET)));
    trailer.putInt(SectionFormat.TRAILER_MAGIC);
    return trailer.flip();
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  /// Where a section lies in its file.
  record Extent(long offset, long length) {}
}
