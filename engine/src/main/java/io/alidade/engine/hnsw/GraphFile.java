package io.alidade.engine.hnsw;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.RecordTable;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorElement;
import io.alidade.engine.vector.VectorStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/// The saved form of a graph, version 1. Everything is little-endian and begins at a multiple of 64
/// bytes, gaps are zero:
///
/// | bytes | what |
/// |---|---|
/// | 0 | magic `ALHNSW01` |
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
/// | 64 | N ints: 0 if not in the graph, else first upper record * 32 + highest layer + 1 |
/// | then | N bottom records: up to 2m ids, ended by -1 if fewer; stride rounded up to 64 |
/// | then | U upper records: up to m ids, ended by -1 if fewer; stride rounded up to 64 |
final class GraphFile {
  private static final long MAGIC = 0x3130_5753_4E48_4C41L; // "ALHNSW01"
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
  private static final int BUFFER_BYTES = 1 << 20;

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

  static long bytes(HnswGraph graph, int count) {
    return bytes(graph.m(), count, graph.upperCount());
  }

  private static long bytes(int m, int count, int upperCount) {
    return HEADER_BYTES
        + aligned((long) count * Integer.BYTES)
        + (long) count * HnswGraph.bottomStride(m)
        + (long) upperCount * HnswGraph.upperStride(m);
  }

  static void write(Header header, HnswGraph graph, WritableByteChannel channel)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    HnswParameters parameters = header.parameters();
    buffer.putLong(MAGIC);
    buffer.putInt(code(header.distance())).putInt(header.dimensions());
    buffer.putInt(parameters.m()).putInt(parameters.efConstruction()).putLong(parameters.seed());
    buffer.putInt(header.count()).putInt(header.covered()).putInt(graph.upperCount());
    buffer.putInt(graph.isEmpty() ? -1 : HnswGraph.entryOrdinal(graph.entry()));
    buffer.putInt(code(header.element()));
    buffer.put(new byte[HEADER_BYTES - buffer.position()]);
    int count = header.count();
    for (int ordinal = 0; ordinal < count; ordinal++) {
      makeRoom(Integer.BYTES, buffer, channel);
      buffer.putInt(graph.code(ordinal));
    }
    makeRoom(HEADER_BYTES, buffer, channel);
    buffer.put(new byte[(int) (aligned(4L * count) - 4L * count)]);
    for (int ordinal = 0; ordinal < count; ordinal++) {
      if (graph.contains(ordinal)) {
        writeRecord(graph.bottom(), ordinal, buffer, channel);
      } else {
        makeRoom(HnswGraph.bottomStride(graph.m()), buffer, channel);
        buffer.put(new byte[HnswGraph.bottomStride(graph.m())]);
      }
    }
    writeTable(graph.upper(), graph.upperCount(), buffer, channel);
    drain(buffer, channel);
  }

  private static void writeTable(
      RecordTable table, int count, ByteBuffer buffer, WritableByteChannel channel)
      throws IOException {
    for (int i = 0; i < count; i++) {
      writeRecord(table, i, buffer, channel);
    }
    makeRoom(HEADER_BYTES, buffer, channel);
  }

  private static void writeRecord(
      RecordTable table, int index, ByteBuffer buffer, WritableByteChannel channel)
      throws IOException {
    makeRoom(table.stride(), buffer, channel);
    buffer.put(AddressSpace.slice(table.address(index), table.stride()).asByteBuffer());
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

  static Opened open(Distance distance, VectorStore vectors, long address, long bytes)
      throws CorruptGraphException {
    check(bytes >= HEADER_BYTES, "only " + bytes + " bytes", 0);
    check(
        AddressSpace.getInt(address) == (int) MAGIC
            && AddressSpace.getInt(address + Integer.BYTES) == (int) (MAGIC >>> Integer.SIZE),
        "not a graph of version 1",
        0);
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
        upperCount >= 0 && bytes == bytes(m, count, upperCount),
        upperCount + " upper records in " + bytes + " bytes",
        AT_UPPER);
    long bottomAt = HEADER_BYTES + aligned((long) count * Integer.BYTES);
    long upperAt = bottomAt + (long) count * HnswGraph.bottomStride(m);
    HnswGraph graph =
        new HnswGraph(
            m,
            RecordTable.mapped(address + HEADER_BYTES, Integer.BYTES, count),
            RecordTable.mapped(address + bottomAt, HnswGraph.bottomStride(m), count),
            RecordTable.mapped(address + upperAt, HnswGraph.upperStride(m), upperCount),
            upperCount);
    new Validation(graph, vectors, count, upperCount, address).run();
    int entry = AddressSpace.getInt(address + AT_ENTRY);
    if (entry != -1) {
      check(entry >= 0 && entry < count && graph.contains(entry), "entry point " + entry, AT_ENTRY);
      graph.setEntry(entry, graph.level(entry));
    }
    return new Opened(header, graph);
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
    void run() throws CorruptGraphException {
      for (int ordinal = 0; ordinal < count; ordinal++) {
        checkNode(ordinal);
      }
      int[] neighbors = new int[graph.maxNeighbors(0)];
      for (int ordinal = 0; ordinal < count; ordinal++) {
        for (int level = graph.level(ordinal); level >= 0; level--) {
          checkNeighbors(ordinal, level, neighbors);
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

    private void checkNeighbors(int ordinal, int level, int[] neighbors)
        throws CorruptGraphException {
      int found = graph.neighbors(ordinal, level, neighbors);
      for (int i = 0; i < found; i++) {
        int neighbor = neighbors[i];
        check(
            neighbor < count && graph.level(neighbor) >= level,
            "neighbor " + neighbor + " of node " + ordinal + " on layer " + level,
            graph.bottom().address(ordinal) - address);
      }
    }
  }
}
