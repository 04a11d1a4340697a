package io.alidade.engine.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.alidade.engine.TestSeed;
import io.alidade.engine.TestVectors;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.quantization.CorruptCodesException;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Graphs saved with copies of the codes beside the lists of neighbours.
final class CodesBesideListsTest {
  private static final int DIMENSIONS = 48;
  private static final int ROWS = 4200; // Codes are not trained on much fewer.
  private static final int EF = 40;
  private static final int CODE_BYTES_AT = 52;
  private static final Quantization TURBO = new Quantization.Turbo(Quantization.Turbo.Bits.TWO);

  private RandomGenerator random;
  private NativeVectors vectors;
  private OffHeapArea area;

  @BeforeEach
  void begin() {
    random = TestSeed.generator();
    vectors = new NativeVectors(DIMENSIONS);
    area = new OffHeapArea();
    append(ROWS);
    vectors.appendAbsent();
    append(100);
  }

  @AfterEach
  void end() {
    vectors.close();
    area.close();
  }

  private void append(int count) {
    for (float[] vector : TestVectors.clustered(random, count, DIMENSIONS, 20)) {
      vectors.append(vector);
    }
  }

  private HnswIndex built(Quantization method) {
    HnswIndex index =
        HnswIndex.create(
            HnswParameters.DEFAULT, Distance.COSINE, vectors, new Coding.Fixed(method));
    index.extend(vectors.size());
    return index;
  }

  private static byte[] beside(HnswIndex index, Optional<VectorCodes> codes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    index.writeTo(Channels.newChannel(out), codes);
    assertThat((long) out.size()).isEqualTo(index.savedBytes(codes));
    return out.toByteArray();
  }

  private long place(byte[] bytes) {
    long address = area.allocate(bytes.length);
    copy(bytes, address);
    return address;
  }

  private static void copy(byte[] bytes, long address) {
    MemorySegment target = AddressSpace.slice(address, bytes.length);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, target, 0, bytes.length);
  }

  private Optional<VectorCodes> saved(VectorCodes codes) throws IOException, CorruptCodesException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codes.writeTo(Channels.newChannel(out), vectors.size());
    return Optional.of(VectorCodes.open(vectors, place(out.toByteArray()), out.size()));
  }

  private HnswIndex open(byte[] graph, Optional<VectorCodes> codes) throws CorruptGraphException {
    return HnswIndex.open(Distance.COSINE, vectors, place(graph), graph.length, codes);
  }

  /// A graph with codes apart, and the same with copies beside the lists, both saved and opened.
  private record Pair(HnswIndex apart, HnswIndex beside, Optional<VectorCodes> codes) {}

  private Pair pair(Quantization method) throws Exception {
    try (HnswIndex built = built(method)) {
      Optional<VectorCodes> codes = saved(built.codes().orElseThrow());
      byte[] apart = TestGraphs.bytes(built);
      byte[] beside = beside(built, codes);
      int record = codes.orElseThrow().codec().recordBytes();
      assertThat(beside.length - apart.length).isGreaterThanOrEqualTo(vectors.size() * 32 * record);
      return new Pair(open(apart, codes), open(beside, codes), codes);
    }
  }

  private static List<Long> found(Walk walk) {
    return Stream.concat(
            Stream.of(walk.visitedNodes()),
            IntStream.range(0, walk.size())
                .mapToObj(i -> (long) Float.floatToIntBits(walk.key(i)) << 32 | walk.ordinal(i)))
        .toList();
  }

  private static List<Long> find(
      HnswIndex index, float[] query, IntPredicate accepts, Walk.Traversal traversal) {
    try (Walk walk = index.walk()) {
      walk.run(query, EF, accepts, Long.MAX_VALUE, traversal);
      return found(walk);
    }
  }

  private void assertSameWalks(HnswIndex expected, HnswIndex index) {
    IntPredicate some = ordinal -> Integer.remainderUnsigned(ordinal * 0x9E3779B9, 8) == 0;
    for (float[] query : queries()) {
      for (IntPredicate accepts : List.of(Walk.EVERY, some)) {
        for (Walk.Traversal traversal : Walk.Traversal.values()) {
          assertThat(find(index, query, accepts, traversal))
              .as("nodes visited, keys and ordinals")
              .isEqualTo(find(expected, query, accepts, traversal));
        }
      }
      try (Walk walk = index.walk();
          Walk other = expected.walk()) {
        walk.runThenTest(query, EF, some, Long.MAX_VALUE);
        other.runThenTest(query, EF, some, Long.MAX_VALUE);
        assertThat(found(walk)).isEqualTo(found(other));
      }
    }
  }

  /// Near rows before the one without a vector.
  private float[][] queries() {
    try (NativeVectors rows = new NativeVectors(DIMENSIONS)) {
      IntStream.range(0, 500).forEach(ordinal -> rows.append(vectors.toArray(ordinal)));
      return TestGraphs.queries(random, rows);
    }
  }

  static List<Quantization> methods() {
    return List.of(Quantization.BINARY, Quantization.SCALAR, new Quantization.Product(8), TURBO);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void walksVisitAndFindTheSame(Quantization method) throws Exception {
    Pair pair = pair(method);
    assertThat(pair.beside().codesBesideLists()).isEqualTo(pair.codes());
    assertThat(pair.apart().codesBesideLists()).isEmpty();
    assertSameWalks(pair.apart(), pair.beside());
  }

  @Test
  void theCopiesAreReadNotTheCodes() throws Exception {
    try (HnswIndex built = built(Quantization.BINARY)) {
      byte[] graph = beside(built, built.codes());
      Optional<VectorCodes> codes = saved(built.codes().orElseThrow());
      HnswIndex opened = open(graph, codes);
      float[] query = vectors.toArray(7);
      List<Long> before = find(opened, query, Walk.EVERY, Walk.Traversal.ALL);
      VectorCodes emptied = codes.orElseThrow();
      int bytes = emptied.codec().recordBytes();
      int entry = HnswGraph.entryOrdinal(opened.graph().entry());
      for (int ordinal = 0; ordinal < vectors.size(); ordinal++) {
        if (ordinal != entry) { // No list leads to it at first, so its code is read apart.
          AddressSpace.slice(emptied.recordAddress(ordinal), bytes).fill((byte) 0);
        }
      }
      try (Walk walk = opened.walk()) {
        walk.run(query, EF, Walk.EVERY, Long.MAX_VALUE);
        assertThat(found(walk)).isEqualTo(before);
      }
    }
  }

  @Test
  void codesThatWereChangedAreReadAndTheCopiesIgnored() throws Exception {
    Pair pair = pair(Quantization.BINARY);
    for (HnswIndex index : List.of(pair.apart(), pair.beside())) {
      index.setCoding(new Coding.Fixed(Quantization.SCALAR));
    }
    assertThat(pair.beside().codes().orElseThrow().codec().method()).isEqualTo(Quantization.SCALAR);
    assertSameWalks(pair.apart(), pair.beside());
    for (HnswIndex index : List.of(pair.apart(), pair.beside())) {
      index.setCoding(Coding.NONE);
    }
    assertSameWalks(pair.apart(), pair.beside());
    pair.apart().close();
    pair.beside().close();
  }

  @Test
  void withoutItsCodesItIsWalkedOnTheVectors() throws Exception {
    try (HnswIndex built = built(Quantization.BINARY)) {
      byte[] graph = beside(built, built.codes());
      assertSameWalks(
          open(TestGraphs.bytes(built), Optional.empty()), open(graph, Optional.empty()));
    }
  }

  @Test
  void savedAgainItIsTheSameWithOrWithoutCodes() throws Exception {
    Pair pair = pair(Quantization.BINARY);
    assertThat(TestGraphs.bytes(pair.beside())).isEqualTo(TestGraphs.bytes(pair.apart()));
    assertThat(beside(pair.beside(), pair.codes())).isEqualTo(beside(pair.apart(), pair.codes()));
    int[] targets = IntStream.range(0, vectors.size()).toArray();
    byte[][] merged = new byte[2][];
    for (int i = 0; i < merged.length; i++) {
      HnswIndex source = i == 0 ? pair.apart() : pair.beside();
      try (HnswIndex target =
          HnswIndex.create(HnswParameters.DEFAULT, Distance.COSINE, vectors, Coding.NONE)) {
        target.merge(List.of(new MergeSource(source, targets)), vectors.size());
        merged[i] = TestGraphs.bytes(target);
      }
    }
    assertThat(merged[1]).isEqualTo(merged[0]);
  }

  @Test
  void codesWithoutAPlaceForEachRowAreNotWritten() {
    try (HnswIndex built = built(Quantization.BINARY);
        VectorCodes few = VectorCodes.create(built.codes().orElseThrow().codec(), vectors)) {
      few.reserve(10);
      assertThatThrownBy(() ->
              built.writeTo(Channels.newChannel(new ByteArrayOutputStream()), Optional.of(few)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void copiesOfOtherCodesAreRefused() throws Exception {
    try (HnswIndex built = built(Quantization.BINARY);
        HnswIndex other = built(Quantization.SCALAR)) {
      byte[] graph = beside(built, built.codes());
      Optional<VectorCodes> scalar = saved(other.codes().orElseThrow());
      assertThatThrownBy(() -> open(graph, scalar)).isInstanceOf(CorruptGraphException.class);
      byte[] damaged = graph.clone();
      long lists = 64 + (vectors.size() * 4L + 63 & -64);
      damaged[(int) lists + HnswGraph.bottomStride(16) + 3] ^= 1; // Of node 0's first neighbour.
      Optional<VectorCodes> codes = saved(built.codes().orElseThrow());
      assertThatThrownBy(() -> open(damaged, codes))
          .isInstanceOf(CorruptGraphException.class)
          .hasMessageContaining("beside node 0 is not the code of")
          .matches(e -> ((CorruptGraphException) e).offset() == lists + HnswGraph.bottomStride(16));
    }
  }

  @Test
  void damagedBytesAreRefusedOrHarmless() throws Exception {
    try (HnswIndex built = built(Quantization.BINARY)) {
      byte[] graph = beside(built, built.codes());
      Optional<VectorCodes> codes = saved(built.codes().orElseThrow());
      byte[] cut = Arrays.copyOf(graph, graph.length - 64);
      assertThatThrownBy(() -> open(cut, codes)).isInstanceOf(CorruptGraphException.class);
      for (int codeBytes : new int[] {0, 63, 128, -64, Integer.MIN_VALUE, Integer.MAX_VALUE - 63}) {
        byte[] header = graph.clone();
        for (int i = 0; i < Integer.BYTES; i++) {
          header[CODE_BYTES_AT + i] = (byte) (codeBytes >>> Byte.SIZE * i);
        }
        assertThatThrownBy(() -> open(header, codes)).isInstanceOf(CorruptGraphException.class);
      }
      long address = place(graph);
      for (int i = 0; i < 100; i++) {
        byte[] damaged = graph.clone();
        // Half of them where the header and the nodes are, the others mostly in codes.
        int within = i % 2 == 0 ? 64 + vectors.size() * Integer.BYTES : damaged.length;
        damaged[random.nextInt(within)] = (byte) random.nextInt();
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        copy(damaged, address);
        try {
          HnswIndex opened =
              HnswIndex.open(Distance.COSINE, vectors, address, damaged.length, codes);
          // Whatever it finds: no wild read, no endless loop.
          assertThat(TestGraphs.search(opened, vectors.toArray(3), EF, Walk.EVERY))
              .allMatch(ordinal -> ordinal >= 0 && ordinal < vectors.size());
        } catch (CorruptGraphException e) {
          assertThat(e.offset()).isBetween(0L, (long) damaged.length);
        }
      }
    }
  }

  @Test
  void aWalkAllocatesNothing() throws Exception {
    HnswIndex index = pair(Quantization.BINARY).beside();
    float[][] queries = queries();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 200 && least > 0; round++) { // Until everything is compiled.
      long before = threads.getCurrentThreadAllocatedBytes();
      for (float[] query : queries) {
        try (Walk walk = index.walk()) {
          walk.run(query, EF, Walk.EVERY, Long.MAX_VALUE);
        }
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).as("bytes for %d walks", queries.length).isLessThan(queries.length);
  }
}
