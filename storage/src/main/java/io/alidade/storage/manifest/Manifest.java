package io.alidade.storage.manifest;

import io.alidade.storage.catalog.Catalog;
import io.alidade.storage.catalog.CatalogCodec;
import io.alidade.storage.file.AtomicFile;
import io.alidade.storage.file.CorruptFileException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What a checkpoint wrote: everything up to its LSN is in these segments.
///
/// @param lsn the last commit that is in the segments
/// @param replayFrom where the log is read from: the next LSN, or earlier for transactions that had
///   logged chunks and were open
/// @param nextSegmentId the least segment id that was never used
/// @param catalog the definitions at the LSN
/// @param tables the tables that the catalog names
public record Manifest(
    long lsn, long replayFrom, long nextSegmentId, Catalog catalog, List<TableFiles> tables) {

  /// The name of its file in a data directory.
  public static final String FILE = "MANIFEST";

  private static final long MAGIC = 0x414C49444D414E49L; // "ALIDMANI"
  private static final int VERSION = 1;

  /// What a new database begins with.
  public static final Manifest EMPTY = new Manifest(0, 1, 1, Catalog.INITIAL, List.of());

  public Manifest {
    tables = List.copyOf(tables);
  }

  /// The segments of a table.
  public record TableFiles(int oid, int generation, long nextRowId, List<SegmentEntry> segments) {
    public TableFiles {
      segments = List.copyOf(segments);
    }
  }

  /// One sealed segment.
  ///
  /// @param tombstonesLsn which of its tombstone files is to be read; 0 for none
  /// @param indexes the OIDs of the indexes that have a file
  public record SegmentEntry(long id, long tombstonesLsn, List<Integer> indexes) {
    public SegmentEntry {
      indexes = List.copyOf(indexes);
    }
  }

  /// Where the manifest of a data directory is.
  public static Path path(Path directory) {
    return directory.resolve(FILE);
  }

  /// Reads the manifest of a data directory.
  ///
  /// @return empty when there is none: the directory is new, or no checkpoint was made yet
  public static Optional<Manifest> read(Path directory) throws IOException, CorruptFileException {
    Path path = path(directory);
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(path);
    int content = bytes.length - Integer.BYTES;
    if (content < Long.BYTES) {
      throw new CorruptFileException(path, bytes.length, "the manifest is too short");
    }
    int stored = ByteBuffer.wrap(bytes).getInt(content);
    int found = crc(bytes, content);
    if (stored != found) {
      throw new CorruptFileException(
          path, 0, "checksum is %08x, stored is %08x".formatted(found, stored));
    }
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(Arrays.copyOf(bytes, content)))) {
      return Optional.of(read(in));
    } catch (IOException | RuntimeException e) {
      throw new CorruptFileException(path, 0, "not a manifest: " + e.getMessage());
    }
  }

  /// Makes this the manifest of a data directory; durable on return.
  public void write(Path directory) throws IOException {
    AtomicFile.replace(path(directory), ByteBuffer.wrap(encode()));
  }

  /// The bytes of its file.
  public byte[] encode() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(out);
      out.writeInt(crc(bytes.toByteArray(), bytes.size()));
    }
    return bytes.toByteArray();
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private void write(DataOutputStream out) throws IOException {
    out.writeLong(MAGIC);
    out.writeInt(VERSION);
    out.writeLong(lsn);
    out.writeLong(replayFrom);
    out.writeLong(nextSegmentId);
    byte[] definitions = CatalogCodec.bytes(catalog);
    out.writeInt(definitions.length);
    out.write(definitions);
    out.writeInt(tables.size());
    for (TableFiles table : tables) {
      out.writeInt(table.oid());
      out.writeInt(table.generation());
      out.writeLong(table.nextRowId());
      out.writeInt(table.segments().size());
      for (SegmentEntry segment : table.segments()) {
        out.writeLong(segment.id());
        out.writeLong(segment.tombstonesLsn());
        out.writeInt(segment.indexes().size());
        for (int index : segment.indexes()) {
          out.writeInt(index);
        }
      }
    }
  }

  private static Manifest read(DataInputStream in) throws IOException {
    long magic = in.readLong();
    int version = in.readInt();
    if (magic != MAGIC || version != VERSION) {
      throw new IOException("magic %x, version %d".formatted(magic, version));
    }
    long lsn = in.readLong();
    long replayFrom = in.readLong();
    long nextSegmentId = in.readLong();
    Catalog catalog = CatalogCodec.readCatalog(in.readNBytes(in.readInt()));
    List<TableFiles> tables = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      tables.add(new TableFiles(in.readInt(), in.readInt(), in.readLong(), readSegments(in)));
    }
    return new Manifest(lsn, replayFrom, nextSegmentId, catalog, tables);
  }

  private static List<SegmentEntry> readSegments(DataInputStream in) throws IOException {
    List<SegmentEntry> segments = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      long id = in.readLong();
      long tombstones = in.readLong();
      List<Integer> indexes = new ArrayList<>();
      int indexCount = in.readInt();
      for (int j = 0; j < indexCount; j++) {
        indexes.add(in.readInt());
      }
      segments.add(new SegmentEntry(id, tombstones, indexes));
    }
    return segments;
  }
}
