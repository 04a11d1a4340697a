package io.alidade.engine.hnsw;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.RecordTable;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorElement;
import io.alidade.engine.vector.VectorStore;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/// The saved form of a graph. Everything is little-endian and begins at a multiple of 64 bytes,
/// gaps are zero:
///
/// | bytes | what |
/// |---|---|
/// | 0 | magic `ALHNSW01`, or `ALHNSW02` with codes beside the lists |
/// | 8 | int: the distance: 0 L2, 1 negative inner product, 2 cosine, 3 L1, 4 Hamming, 5 Jaccard |
/// | 12 | int: dimensions |
/// | 16 | int: m |
/// | 20 | int: efConstruction |
/// | 24 | long: seed |
/// | 32 | int: N, the ordinals that have a place in the tables |
/// | 36 | int: the ordinals covered, at most N |
/// | 40 | int: U, the upper layers' records |
/// | 44 | int: the entry point, -1 for an empty graph |
/// | 48 | int: the rows' element: 0 float32, 1 float16, 2 uint8, 3 nibble, 4 bit |
/// | 52 | int: C, the bytes of the code beside each neighbour, a multiple of 64; 0 for none |
/// | 64 | N ints: 0 if not in the graph, else first upper record * 32 + highest layer + 1 |
/// | then | N bottom records: up to 2m ids, ended by -1 if fewer; rounded up to 64; 2m C bytes |
/// | then | U upper records: up to m ids, ended by -1 if fewer; rounded up to 64; m C bytes |
///
/// The codes beside a list are copies of its neighbours' records in [VectorCodes], in the order of
/// the ids; those of missing neighbours are zero.
final class GraphFile {
  private static final long MAGIC = 0x3130_5753_4E48_4C41L; // "ALHNSW01"
  private static final long MAGIC_WITH_CODES = 0x3230_5753_4E48_4C41L; // "ALHNSW02"
  private static final int HEADER_BYTES = 64;
  private static final int AT_DISTANCE = 8;
  private static final int AT_DIMENSIONS = 12;
  private static final int AT_M = 16;
  private static final int AT_EF_CONSTRUCTION = 20;
  private static final int AT_SEED = 24;
  private static final int AT_COUNT = 32;
  private static final int AT_COVERED = 36;
  private static final int AT_UPPER = 40;
  private static final int AT_ENTRY = 44;
  private static final int AT_ELEMENT = 48;
  private static final int AT_CODE_BYTES = 52;
  private static final int BUFFER_BYTES = 1 << 20;

  /// Of the largest codes, a byte for each dimension, with room to spare.
  private static final int MAX_CODE_BYTES = 1 << 17;

  private static final byte[] ZEROS = new byte[HEADER_BYTES];

  /// What a graph consists of besides its tables.
  record Header(
      Distance distance,
      VectorElement element,
      int dimensions,
      HnswParameters parameters,
      int count,
      int covered) {}

  /// An opened graph.
  record Opened(Header header, HnswGraph graph) {}

  private GraphFile() {}

  private static long aligned(long bytes) {
    return (bytes + HEADER_BYTES - 1) & -HEADER_BYTES;
  }

  static long bytes(HnswGraph graph, int count, Optional<VectorCodes> codes) {
    return bytes(graph.m(), count, graph.upperCount(), codeBytes(codes));
  }

  private static int codeBytes(Optional<VectorCodes> codes) {
    return codes.map(it -> it.codec().recordBytes()).orElse(0);
  }

  private static long bytes(int m, int count, int upperCount, int codeBytes) {
    return HEADER_BYTES
        + aligned((long) count * Integer.BYTES)
        + count * bottomBytes(m, codeBytes)
        + upperCount * upperBytes(m, codeBytes);
  }

  private static long bottomBytes(int m, int codeBytes) {
    return HnswGraph.bottomStride(m) + 2L * m * codeBytes;
  }

  private static long upperBytes(int m, int codeBytes) {
    return HnswGraph.upperStride(m) + (long) m * codeBytes;
  }

  /// @param codes to be copied beside the lists, of every ordinal that has a place
  static void write(
      Header header, HnswGraph graph, Optional<VectorCodes> codes, WritableByteChannel channel)
      throws IOException {
    if (codes.isPresent() && codes.get().reserved() < header.count()) {
      throw new IllegalArgumentException(
          codes.get().reserved() + " codes for " + header.count() + " rows");
    }
    try (Arena arena = Arena.ofConfined()) { // Freed at once, not when garbage is collected.
      ByteBuffer buffer =
          arena.allocate(BUFFER_BYTES).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      write(header, graph, codes, buffer, channel);
    }
  }

  private static void write(
      Header header,
      HnswGraph graph,
      Optional<VectorCodes> codes,
      ByteBuffer buffer,
      WritableByteChannel channel)
      throws IOException {
    HnswParameters parameters = header.parameters();
    buffer.putLong(codes.isPresent() ? MAGIC_WITH_CODES : MAGIC);
    buffer.putInt(code(header.distance())).putInt(header.dimensions());
    buffer.putInt(parameters.m()).putInt(parameters.efConstruction()).putLong(parameters.seed());
    buffer.putInt(header.count()).putInt(header.covered()).putInt(graph.upperCount());
    buffer.putInt(graph.isEmpty() ? -1 : HnswGraph.entryOrdinal(graph.entry()));
    buffer.putInt(code(header.element())).putInt(codeBytes(codes));
    buffer.put(new byte[HEADER_BYTES - buffer.position()]);
    int count = header.count();
    for (int ordinal = 0; ordinal < count; ordinal++) {
      makeRoom(Integer.BYTES, buffer, channel);
      buffer.putInt(graph.code(ordinal));
    }
    makeRoom(HEADER_BYTES, buffer, channel);
    buffer.put(new byte[(int) (aligned(4L * count) - 4L * count)]);
    RecordWriter records = new RecordWriter(codes, buffer, channel);
    int m = graph.m();
    for (int ordinal = 0; ordinal < count; ordinal++) {
      if (graph.contains(ordinal)) {
        records.write(graph.bottom().address(ordinal), HnswGraph.bottomStride(m), 2 * m);
      } else {
        records.skip(bottomBytes(m, codeBytes(codes)));
      }
    }
    for (int i = 0; i < graph.upperCount(); i++) {
      records.write(graph.upper().address(i), HnswGraph.upperStride(m), m);
    }
    drain(buffer, channel);
  }

  /// Writes lists of neighbours, each with the neighbours' codes if there are any.
  private record RecordWriter(
      Optional<VectorCodes> codes, ByteBuffer buffer, WritableByteChannel channel) {

    /// @param ids the address of the list
    /// @param idBytes its bytes
    /// @param max how many neighbours fit
    void write(long ids, int idBytes, int max) throws IOException {
      put(ids, idBytes);
      if (codes.isEmpty()) {
        return;
      }
      int codeBytes = codeBytes(codes);
      int count = 0;
      while (count < max) {
        int neighbor = AddressSpace.getInt(ids + (long) count * Integer.BYTES);
        if (neighbor < 0) {
          break;
        }
        put(codes.get().recordAddress(neighbor), codeBytes);
        count++;
      }
      skip((max - count) * (long) codeBytes);
    }

    private void put(long address, int bytes) throws IOException {
      makeRoom(bytes, buffer, channel);
      buffer.put(AddressSpace.slice(address, bytes).asByteBuffer());
    }

    /// Writes zeros.
    void skip(long bytes) throws IOException {
      for (long left = bytes; left > 0; left -= HEADER_BYTES) {
        makeRoom(HEADER_BYTES, buffer, channel);
        buffer.put(ZEROS, 0, HEADER_BYTES);
      }
    }
  }

  private static void makeRoom(int bytes, ByteBuffer buffer, WritableByteChannel channel)
      throws IOException {
    if (buffer.remaining() < bytes) {
      drain(buffer, channel);
    }
  }

  private static void drain(ByteBuffer buffer, WritableByteChannel channel) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  static Opened open(
      Distance distance, VectorStore vectors, long address, long bytes, Optional<VectorCodes> codes)
      throws CorruptGraphException {
    check(bytes >= HEADER_BYTES, "only " + bytes + " bytes", 0);
    int codeBytes = readCodeBytes(address);
    Header header = readHeader(address);
    check(header.distance() == distance, "a graph for " + header.distance(), AT_DISTANCE);
    check(header.element() == vectors.element(), "a graph of " + header.element(), AT_ELEMENT);
    check(
        header.dimensions() == vectors.dimensions(),
        "a graph for " + header.dimensions() + " dimensions",
        AT_DIMENSIONS);
    int m = header.parameters().m();
    int count = header.count();
    int upperCount = AddressSpace.getInt(address + AT_UPPER);
    check(count >= 0 && count <= vectors.size(), "a graph of " + count + " rows", AT_COUNT);
    check(
        header.covered() >= 0 && header.covered() <= count,
        header.covered() + " rows covered of " + count,
        AT_COVERED);
    check(
        upperCount >= 0 && bytes == bytes(m, count, upperCount, codeBytes),
        upperCount + " upper records in " + bytes + " bytes",
        AT_UPPER);
    long bottomAt = HEADER_BYTES + aligned((long) count * Integer.BYTES);
    long upperAt = bottomAt + count * bottomBytes(m, codeBytes);
    HnswGraph graph =
        new HnswGraph(
            m,
            RecordTable.mapped(address + HEADER_BYTES, Integer.BYTES, count),
            RecordTable.mapped(address + bottomAt, (int) bottomBytes(m, codeBytes), count),
            RecordTable.mapped(address + upperAt, (int) upperBytes(m, codeBytes), upperCount),
            upperCount,
            codeBytes);
    if (codeBytes > 0 && codes.isPresent()) {
      int expected = codes.get().codec().recordBytes();
      check(codeBytes == expected, codeBytes + " bytes a code, not " + expected, AT_CODE_BYTES);
      check(codes.get().reserved() >= count, "codes of " + count + " rows", AT_COUNT);
    }
    new Validation(graph, vectors, count, upperCount, address).run(codes);
    int entry = AddressSpace.getInt(address + AT_ENTRY);
    if (entry != -1) {
      check(entry >= 0 && entry < count && graph.contains(entry), "entry point " + entry, AT_ENTRY);
      graph.setEntry(entry, graph.level(entry));
    }
    return new Opened(header, graph);
  }

  private static int readCodeBytes(long address) throws CorruptGraphException {
    long magic =
        (AddressSpace.getInt(address) & 0xFFFF_FFFFL)
            | (long) AddressSpace.getInt(address + Integer.BYTES) << Integer.SIZE;
    check(magic == MAGIC || magic == MAGIC_WITH_CODES, "not a graph of version 1 or 2", 0);
    int codeBytes = AddressSpace.getInt(address + AT_CODE_BYTES);
    check(
        magic == MAGIC
            ? codeBytes == 0
            : codeBytes > 0 && codeBytes <= MAX_CODE_BYTES && codeBytes % HEADER_BYTES == 0,
        codeBytes + " bytes a code",
        AT_CODE_BYTES);
    return codeBytes;
  }

  private static Header readHeader(long address) throws CorruptGraphException {
    Distance distance = distance(AddressSpace.getInt(address + AT_DISTANCE));
    VectorElement element = element(AddressSpace.getInt(address + AT_ELEMENT));
    check(distance.suits(element), element + " for " + distance, AT_ELEMENT);
    long seed =
        (AddressSpace.getInt(address + AT_SEED) & 0xFFFF_FFFFL)
            | ((long) AddressSpace.getInt(address + AT_SEED + Integer.BYTES) << Integer.SIZE);
    try {
      HnswParameters parameters =
          new HnswParameters(
              AddressSpace.getInt(address + AT_M),
              AddressSpace.getInt(address + AT_EF_CONSTRUCTION),
              seed);
      return new Header(
          distance,
          element,
          AddressSpace.getInt(address + AT_DIMENSIONS),
          parameters,
          AddressSpace.getInt(address + AT_COUNT),
          AddressSpace.getInt(address + AT_COVERED));
    } catch (IllegalArgumentException e) {
      throw new CorruptGraphException(String.valueOf(e.getMessage()), AT_M);
    }
  }

  private static int code(Distance distance) {
    return switch (distance) {
      case L2 -> 0;
      case NEGATIVE_INNER_PRODUCT -> 1;
      case COSINE -> 2;
      case L1 -> 3;
      case HAMMING -> 4;
      case JACCARD -> 5;
    };
  }

  private static Distance distance(int code) throws CorruptGraphException {
    for (Distance distance : Distance.values()) {
      if (code(distance) == code) {
        return distance;
      }
    }
    throw new CorruptGraphException("distance " + code, AT_DISTANCE);
  }

  private static int code(VectorElement element) {
    return switch (element) {
      case FLOAT32 -> 0;
      case FLOAT16 -> 1;
      case UINT8 -> 2;
      case NIBBLE -> 3;
      case BIT -> 4;
    };
  }

  private static VectorElement element(int code) throws CorruptGraphException {
    for (VectorElement element : VectorElement.values()) {
      if (code(element) == code) {
        return element;
      }
    }
    throw new CorruptGraphException("element " + code, AT_ELEMENT);
  }

  private static void check(boolean holds, String message, long offset)
      throws CorruptGraphException {
    if (!holds) {
      throw new CorruptGraphException(message, offset);
    }
  }

  /// Looks at every id in the tables: a search follows them without any check.
  private record Validation(
      HnswGraph graph, VectorStore vectors, int count, int upperCount, long address) {
    void run(Optional<VectorCodes> codes) throws CorruptGraphException {
      for (int ordinal = 0; ordinal < count; ordinal++) {
        checkNode(ordinal);
      }
      int[] neighbors = new int[graph.maxNeighbors(0)];
      for (int ordinal = 0; ordinal < count; ordinal++) {
        for (int level = graph.level(ordinal); level >= 0; level--) {
          int found = checkNeighbors(ordinal, level, neighbors);
          if (found > 0 && graph.codeBytes() > 0 && codes.isPresent()) {
            checkCode(codes.get(), ordinal, level, neighbors[0]);
          }
        }
      }
    }

    private void checkNode(int ordinal) throws CorruptGraphException {
      long at = graph.nodes().address(ordinal);
      int code = AddressSpace.getInt(at);
      if (code == 0) {
        return;
      }
      int level = HnswGraph.codeLevel(code);
      long lastUpper = (long) HnswGraph.codeFirstUpper(code) + level;
      check(
          code > 0
              && level >= 0
              && level <= HnswGraph.MAX_LEVEL
              && (level == 0 || lastUpper <= upperCount),
          "node " + ordinal + " with code " + code,
          at - address);
      check(vectors.isPresent(ordinal), "node " + ordinal + " without a vector", at - address);
    }

    /// Looks at one code of a list: any bytes can be compared without harm, but they must not be
    /// codes of another kind.
    private void checkCode(VectorCodes codes, int ordinal, int level, int neighbor)
        throws CorruptGraphException {
      long at = graph.neighborCodes(ordinal, level);
      int bytes = graph.codeBytes();
      check(
          AddressSpace.slice(at, bytes)
                  .mismatch(AddressSpace.slice(codes.recordAddress(neighbor), bytes))
              < 0,
          "beside node " + ordinal + " is not the code of " + neighbor,
          at - address);
    }

    private int checkNeighbors(int ordinal, int level, int[] neighbors)
        throws CorruptGraphException {
      int found = graph.neighbors(ordinal, level, neighbors);
      for (int i = 0; i < found; i++) {
        int neighbor = neighbors[i];
        check(
            neighbor < count && graph.level(neighbor) >= level,
            "neighbor " + neighbor + " of node " + ordinal + " on layer " + level,
            graph.bottom().address(ordinal) - address);
      }
      return found;
    }
  }
}
