package io.alidade.storage.file;

import static io.alidade.storage.file.SectionFormat.INT;
import static io.alidade.storage.file.SectionFormat.LONG;
import static io.alidade.storage.file.SectionFormat.SHORT;

import io.alidade.storage.file.ChecksummedWriter.Extent;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A finished file of named sections, mapped; [ChecksummedWriter] wrote it.
///
/// Opening checks the frame around the sections (header, footer, length); the sections' own bytes
/// are checked when [#section] gives them out. Thread-safe.
public final class ChecksummedFile implements AutoCloseable {
  private final MappedFile file;
  private final int formatVersion;
  private final int[] checksums;
  private final long dataEnd;
  private final Map<String, Extent> sections;

  private ChecksummedFile(
      MappedFile file,
      int formatVersion,
      int[] checksums,
      long dataEnd,
      Map<String, Extent> sections) {
    this.file = file;
    this.formatVersion = formatVersion;
    this.checksums = checksums;
    this.dataEnd = dataEnd;
    this.sections = sections;
  }

  /// Maps a file and checks that it is whole, though not yet its sections' bytes.
  public static ChecksummedFile open(Path path) throws IOException, CorruptFileException {
    MappedFile file = MappedFile.open(path);
    try {
      return read(file);
    } catch (CorruptFileException | RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  /// What the writer said one must know to understand the sections.
  public int formatVersion() {
    return formatVersion;
  }

  public Path path() {
    return file.path();
  }

  /// The file's length in bytes.
  public long size() {
    return file.size();
  }

  /// The names of all sections, in the order they were written.
  public Set<String> sectionNames() {
    return Collections.unmodifiableSet(sections.keySet());
  }

  /// A section, after its bytes were read and checked.
  ///
  /// @throws CorruptFileException if it is not there or a checksum does not match
  public MemorySegment section(String name) throws CorruptFileException {
    Extent extent = extent(name);
    long first = extent.offset() / BlockChecksums.BLOCK_BYTES;
    long end = extent.offset() + extent.length();
    for (long block = first; block * BlockChecksums.BLOCK_BYTES < end; block++) {
      verifyBlock((int) block);
    }
    return file.segment().asSlice(extent.offset(), extent.length());
  }

  /// A section whose bytes nobody has read yet: for large ones that [#verify] goes through later.
  public MemorySegment unverifiedSection(String name) throws CorruptFileException {
    Extent extent = extent(name);
    return file.segment().asSlice(extent.offset(), extent.length());
  }

  /// Where a section begins in the file.
  public long sectionOffset(String name) throws CorruptFileException {
    return extent(name).offset();
  }

  /// Reads and checks every byte.
  public void verify() throws CorruptFileException {
    for (int block = 0; block < checksums.length; block++) {
      verifyBlock(block);
    }
  }

  @Override
  public void close() {
    file.close();
  }

  private void verifyBlock(int block) throws CorruptFileException {
    long start = (long) block * BlockChecksums.BLOCK_BYTES;
    long length = Math.min(BlockChecksums.BLOCK_BYTES, dataEnd - start);
    int found = BlockChecksums.of(file.segment().asSlice(start, length));
    if (found != checksums[block]) {
      throw corrupt(file, start, wrongChecksum(found, checksums[block]));
    }
  }

  private Extent extent(String name) throws CorruptFileException {
    @Nullable Extent extent = sections.get(name);
    if (extent == null) {
      throw corrupt(file, dataEnd, "section \"" + name + "\" is missing");
    }
    return extent;
  }

  private static ChecksummedFile read(MappedFile file) throws CorruptFileException {
    MemorySegment bytes = file.segment();
    long size = file.size();
    if (size < SectionFormat.HEADER_BYTES + SectionFormat.TRAILER_BYTES) {
      throw corrupt(file, size, "the file is too short");
    }
    checkHeader(file);
    long trailerOffset = size - SectionFormat.TRAILER_BYTES;
    MemorySegment trailer = bytes.asSlice(trailerOffset);
    int crc = BlockChecksums.of(trailer.asSlice(0, SectionFormat.TRAILER_CRC_OFFSET));
    int storedCrc = trailer.get(INT, SectionFormat.TRAILER_CRC_OFFSET);
    if (trailer.get(INT, SectionFormat.TRAILER_CRC_OFFSET + 4) != SectionFormat.TRAILER_MAGIC) {
      throw corrupt(file, trailerOffset, "the file does not end as a finished one does");
    }
    if (crc != storedCrc) {
      throw corrupt(file, trailerOffset, wrongChecksum(crc, storedCrc));
    }
    long footerOffset = trailer.get(LONG, 0);
    int blocks = trailer.get(INT, 8);
    long expectedBlocks = Math.ceilDiv(footerOffset, (long) BlockChecksums.BLOCK_BYTES);
    if (footerOffset < SectionFormat.HEADER_BYTES
        || footerOffset > trailerOffset
        || blocks != expectedBlocks
        || footerOffset + 4L * blocks > trailerOffset) {
      throw corrupt(file, trailerOffset, "the file was cut or lengthened");
    }
    MemorySegment footer = bytes.asSlice(footerOffset, trailerOffset - footerOffset);
    int footerCrc = BlockChecksums.of(footer);
    if (footerCrc != trailer.get(INT, 16)) {
      throw corrupt(file, footerOffset, wrongChecksum(footerCrc, trailer.get(INT, 16)));
    }
    int[] checksums = footer.asSlice(0, 4L * blocks).toArray(INT);
    Map<String, Extent> sections =
        sections(file, footer.asSlice(4L * blocks), trailer.get(INT, 12), footerOffset);
    return new ChecksummedFile(file, trailer.get(INT, 20), checksums, footerOffset, sections);
  }

  private static void checkHeader(MappedFile file) throws CorruptFileException {
    MemorySegment header = file.segment().asSlice(0, SectionFormat.HEADER_BYTES);
    if (header.get(LONG, 0) != SectionFormat.MAGIC) {
      throw corrupt(file, 0, "not a file of checksummed sections");
    }
    int crc = BlockChecksums.of(header.asSlice(0, SectionFormat.HEADER_CRC_OFFSET));
    int stored = header.get(INT, SectionFormat.HEADER_CRC_OFFSET);
    if (crc != stored) {
      throw corrupt(file, 0, wrongChecksum(crc, stored));
    }
    int version = header.get(INT, 8);
    if (version != SectionFormat.CONTAINER_VERSION) {
      throw corrupt(
          file,
          8,
          "container version " + version + ", known is " + SectionFormat.CONTAINER_VERSION);
    }
  }

  private static Map<String, Extent> sections(
      MappedFile file, MemorySegment directory, int count, long dataEnd)
      throws CorruptFileException {
    Map<String, Extent> sections = new LinkedHashMap<>();
    long at = 0;
    try {
      for (int i = 0; i < count; i++) {
        int length = directory.get(SHORT, at);
        byte[] name = directory.asSlice(at + 2, length).toArray(ValueLayout.JAVA_BYTE);
        Extent extent =
            new Extent(directory.get(LONG, at + 2 + length), directory.get(LONG, at + 10 + length));
        if (extent.offset() < SectionFormat.HEADER_BYTES
            || extent.length() < 0
            || extent.offset() > dataEnd - extent.length()) {
          throw corrupt(file, dataEnd, "section " + i + " lies outside the file");
        }
        sections.put(new String(name, StandardCharsets.UTF_8), extent);
        at += 18 + length;
      }
    } catch (IndexOutOfBoundsException pastTheEnd) {
      throw corrupt(file, dataEnd, "the list of sections is cut short");
    }
    return sections;
  }

  private static String wrongChecksum(int found, int stored) {
    return "checksum is %08x, stored is %08x".formatted(found, stored);
  }

  private static CorruptFileException corrupt(MappedFile file, long offset, String problem) {
    return new CorruptFileException(file.path(), offset, problem);
  }
}
