package io.alidade.engine.multivector;

import io.alidade.engine.hnsw.CorruptGraphException;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.RecordTable;
import io.alidade.engine.quantization.CorruptCodesException;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The saved form of an index over lists of vectors, version 1. Everything is little-endian and
/// begins at a multiple of 64 bytes, gaps are zero:
///
/// | bytes | what |
/// |---|---|
/// | 0 | magic `ALMVEC01` |
/// | 8 | int: the rows |
/// | 12 | int: N, their vectors |
/// | 16 | long: the graph's bytes |
/// | 24 | long: the codes' bytes, 0 if there are none |
/// | 64 | N ints: the row of each vector |
/// | then | the graph over the vectors, as `hnsw.GraphFile` says |
/// | then | their codes, as `quantization.CodesFile` says |
/// | then | int: CRC-32C of all before |
final class MultiVectorFile {
  private static final long MAGIC = 0x3130_4345_564D_4C41L; // "ALMVEC01"
  private static final int ALIGNMENT = 64;
  private static final int AT_ROWS = 8;
  private static final int AT_VECTORS = 12;
  private static final int AT_GRAPH_BYTES = 16;
  private static final int AT_CODES_BYTES = 24;
  private static final int BUFFER_BYTES = 1 << 20;

  /// So much is read at a time for the checksum.
  private static final long PIECE = 1 << 26;

  /// An opened index.
  record Opened(MultiVectorIndex.Placed placed, RecordTable owners, HnswIndex graph) {}

  private MultiVectorFile() {}

  private static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  static long bytes(MultiVectorIndex.Placed placed, HnswIndex graph) {
    return bytes(placed.vectors(), graph.savedBytes(), codesBytes(placed, graph.codes()));
  }

  private static long bytes(int vectors, long graphBytes, long codesBytes) {
    return ALIGNMENT
        + aligned((long) vectors * Integer.BYTES)
        + aligned(graphBytes)
        + aligned(codesBytes)
        + ALIGNMENT;
  }

  private static long codesBytes(MultiVectorIndex.Placed placed, Optional<VectorCodes> codes) {
    return codes.map(it -> it.savedBytes(placed.vectors())).orElse(0L);
  }

  static void write(
      MultiVectorIndex.Placed placed,
      RecordTable owners,
      HnswIndex graph,
      WritableByteChannel channel)
      throws IOException {
    Optional<VectorCodes> codes = graph.holdCodes();
    try {
      write(placed, owners, graph, codes, channel);
    } finally {
      codes.ifPresent(VectorCodes::release);
    }
  }

  private static void write(
      MultiVectorIndex.Placed placed,
      RecordTable owners,
      HnswIndex graph,
      Optional<VectorCodes> codes,
      WritableByteChannel channel)
      throws IOException {
    ChecksummedChannel out = new ChecksummedChannel(channel);
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(MAGIC).putInt(placed.rows()).putInt(placed.vectors());
    buffer.putLong(graph.savedBytes()).putLong(codesBytes(placed, codes));
    buffer.position(ALIGNMENT);
    for (int vector = 0; vector < placed.vectors(); vector++) {
      if (buffer.remaining() < Integer.BYTES) {
        out.drain(buffer);
      }
      buffer.putInt(AddressSpace.getInt(owners.address(vector)));
    }
    out.drain(buffer);
    out.align();
    graph.writeTo(out);
    out.align();
    if (codes.isPresent()) {
      codes.get().writeTo(out, placed.vectors());
      out.align();
    }
    buffer.putInt(out.checksum());
    buffer.put(new byte[ALIGNMENT - Integer.BYTES]);
    out.drain(buffer);
  }

  /// Counts and sums up what is written through it.
  private static final class ChecksummedChannel implements WritableByteChannel {
    private final WritableByteChannel channel;
    private final CRC32C checksum = new CRC32C();
    private long written;

    ChecksummedChannel(WritableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      ByteBuffer bytes = source.duplicate();
      int count = channel.write(source);
      checksum.update(bytes.limit(bytes.position() + count));
      written += count;
      return count;
    }

    void drain(ByteBuffer buffer) throws IOException {
      buffer.flip();
      while (buffer.hasRemaining()) {
        int _ = write(buffer);
      }
      buffer.clear();
    }

    void align() throws IOException {
      ByteBuffer gap = ByteBuffer.allocate((int) (aligned(written) - written));
      gap.position(gap.limit());
      drain(gap);
    }

    int checksum() {
      return (int) checksum.getValue();
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  static Opened open(Distance distance, MultiVectors rows, int rowCount, long address, long bytes)
      throws CorruptMultiVectorIndexException {
    check(bytes >= 2 * ALIGNMENT, "only " + bytes + " bytes", 0);
    check(AddressSpace.isLittleEndian(), "bytes of another order", 0);
    check(getLong(address) == MAGIC, "not an index of version 1", 0);
    int placedRows = AddressSpace.getInt(address + AT_ROWS);
    int vectors = AddressSpace.getInt(address + AT_VECTORS);
    long graphBytes = getLong(address + AT_GRAPH_BYTES);
    long codesBytes = getLong(address + AT_CODES_BYTES);
    check(placedRows >= 0 && placedRows <= rowCount, "an index of " + placedRows + " rows", 8);
    check(
        vectors >= 0 && vectors <= rows.vectors().size(),
        "an index of " + vectors + " vectors",
        AT_VECTORS);
    check(
        graphBytes >= 0
            && graphBytes <= bytes
            && codesBytes >= 0
            && codesBytes <= bytes
            && bytes == bytes(vectors, graphBytes, codesBytes),
        graphBytes + " bytes of graph and " + codesBytes + " of codes in " + bytes,
        AT_GRAPH_BYTES);
    checkSum(address, bytes - ALIGNMENT);
    RecordTable owners = RecordTable.mapped(address + ALIGNMENT, Integer.BYTES, vectors);
    checkOwners(rows, placedRows, vectors, owners);
    long graphAt = ALIGNMENT + aligned((long) vectors * Integer.BYTES);
    long codesAt = graphAt + aligned(graphBytes);
    Optional<VectorCodes> codes = openCodes(rows, address, codesAt, codesBytes);
    HnswIndex graph;
    try {
      graph = HnswIndex.open(distance, rows.vectors(), address + graphAt, graphBytes, codes);
    } catch (CorruptGraphException e) {
      throw new CorruptMultiVectorIndexException(graphAt, e);
    }
    check(
        graph.indexedCount() <= vectors,
        "a graph of " + graph.indexedCount() + " vectors for " + vectors,
        graphAt);
    return new Opened(new MultiVectorIndex.Placed(placedRows, vectors), owners, graph);
  }

  private static Optional<VectorCodes> openCodes(
      MultiVectors rows, long address, long codesAt, long codesBytes)
      throws CorruptMultiVectorIndexException {
    if (codesBytes == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(VectorCodes.open(rows.vectors(), address + codesAt, codesBytes));
    } catch (CorruptCodesException e) {
      throw new CorruptMultiVectorIndexException(codesAt, e);
    }
  }

  private static void checkSum(long address, long bytes) throws CorruptMultiVectorIndexException {
    CRC32C checksum = new CRC32C();
    for (long from = 0; from < bytes; from += PIECE) {
      checksum.update(
          AddressSpace.slice(address + from, Math.min(PIECE, bytes - from)).asByteBuffer());
    }
    int expected = AddressSpace.getInt(address + bytes);
    check((int) checksum.getValue() == expected, "the checksum is not " + expected, bytes);
  }

  private static void checkOwners(
      MultiVectors rows, int placedRows, int vectors, RecordTable owners)
      throws CorruptMultiVectorIndexException {
    int vector = 0;
    for (int row = 0; row < placedRows; row++) {
      int end = vector + rows.count(row);
      check(
          end >= vector && end <= vectors && (end == vector || rows.first(row) == vector),
          "row " + row + " of " + rows.count(row) + " vectors",
          ALIGNMENT + (long) vector * Integer.BYTES);
      for (; vector < end; vector++) {
        check(
            AddressSpace.getInt(owners.address(vector)) == row,
            "vector " + vector + " is not row " + row + "'s",
            ALIGNMENT + (long) vector * Integer.BYTES);
      }
    }
    check(vector == vectors, vector + " vectors of " + vectors, AT_VECTORS);
  }

  private static long getLong(long address) {
    return (AddressSpace.getInt(address) & 0xFFFF_FFFFL)
        | (long) AddressSpace.getInt(address + Integer.BYTES) << Integer.SIZE;
  }

  private static void check(boolean holds, String message, long offset)
      throws CorruptMultiVectorIndexException {
    if (!holds) {
      throw new CorruptMultiVectorIndexException(message, offset);
    }
  }
}
