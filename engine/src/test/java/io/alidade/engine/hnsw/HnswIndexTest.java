package io.alidade.engine.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.alidade.engine.TestSeed;
import io.alidade.engine.TestVectors;
import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.MappedVectors;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.QueryScorer;
import io.alidade.engine.vector.VectorStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class HnswIndexTest {
  private static final int DIMENSIONS = 24;
  private static final int ROWS = 4000;
  private static final int CLUSTERS = 20;
  private static final int QUERIES = 100;
  private static final int K = 10;
  private static final IntPredicate EVERY = Walk.EVERY;

  private RandomGenerator random;
  private NativeVectors vectors;
  private OffHeapArea area;

  @BeforeEach
  void begin() {
    random = TestSeed.generator();
    vectors = new NativeVectors(DIMENSIONS);
    area = new OffHeapArea();
  }

  @AfterEach
  void end() {
    vectors.close();
    area.close();
  }

  private void appendClustered(int count) {
    for (float[] vector : TestVectors.clustered(random, count, DIMENSIONS, CLUSTERS)) {
      vectors.append(vector);
    }
  }

  private float[] query() {
    float[] query = vectors.toArray(random.nextInt(vectors.size()));
    for (int i = 0; i < query.length; i++) {
      query[i] += 0.3f * (float) random.nextGaussian();
    }
    return query;
  }

  private List<Integer> exact(float[] query, Distance distance, int k) {
    QueryScorer scorer = new QueryScorer(vectors, distance);
    scorer.setQuery(query);
    return IntStream.range(0, vectors.size())
        .boxed()
        .filter(vectors::isPresent)
        .sorted(Comparator.comparingDouble(scorer::distance))
        .limit(k)
        .toList();
  }

  private static List<Integer> search(HnswIndex index, float[] query, int ef, int k) {
    try (Walk walk = index.walk()) {
      walk.run(query, ef, _ -> true, Long.MAX_VALUE);
      return IntStream.range(0, Math.min(k, walk.size())).mapToObj(walk::ordinal).toList();
    }
  }

  private double recall(HnswIndex index, int ef) {
    int found = 0;
    for (int i = 0; i < QUERIES; i++) {
      float[] query = query();
      Set<Integer> expected = new HashSet<>(exact(query, index.distance(), K));
      expected.retainAll(search(index, query, ef, K));
      found += expected.size();
    }
    return found / (double) (QUERIES * K);
  }

  @ParameterizedTest
  @EnumSource(
      value = Distance.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"HAMMING", "JACCARD"})
  void recallAtTenIsAtLeastNinetyPercent(Distance distance) {
    appendClustered(ROWS);
    try (HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, distance, vectors)) {
      index.extend(vectors.size());
      assertThat(index.indexedCount()).isEqualTo(ROWS);
      double recall = recall(index, 100);
      assertThat(recall).as("%s recall", distance).isGreaterThanOrEqualTo(0.90);
    }
  }

  @Test
  void concurrentBuildFindsAsMuch() throws InterruptedException {
    appendClustered(ROWS);
    try (ExecutorService executor = Executors.newFixedThreadPool(3);
        HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, vectors)) {
      index.extend(vectors.size(), 4, executor);
      assertThat(index.indexedCount()).isEqualTo(ROWS);
      assertThat(recall(index, 100)).isGreaterThanOrEqualTo(0.90);
    }
  }

  @Test
  void searchesGoOnWhileRowsAreAppendedAndInserted() throws Exception {
    appendClustered(500);
    try (ExecutorService executor = Executors.newFixedThreadPool(3);
        HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, vectors)) {
      index.extend(vectors.size());
      List<Future<?>> readers = new ArrayList<>();
      float[] query = query();
      for (int i = 0; i < 2; i++) {
        readers.add(
            executor.submit(() -> {
              while (index.indexedCount() < ROWS) {
                int before = index.indexedCount();
                List<Integer> found = search(index, query, 40, K);
                assertThat(found).hasSize(K).doesNotHaveDuplicates();
                assertThat(found).allMatch(ordinal -> ordinal < ROWS);
                assertThat(index.indexedCount()).isGreaterThanOrEqualTo(before);
              }
            }));
      }
      while (vectors.size() < ROWS) {
        appendClustered(100);
        index.extend(vectors.size(), 2, executor);
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
      assertThat(recall(index, 100)).isGreaterThanOrEqualTo(0.90);
    }
  }

  @Test
  void oneThreadBuildsTheSameGraphFromTheSameSeed() throws IOException {
    appendClustered(ROWS);
    try (HnswIndex once = HnswIndex.create(HnswParameters.DEFAULT, Distance.COSINE, vectors);
        HnswIndex again = HnswIndex.create(HnswParameters.DEFAULT, Distance.COSINE, vectors)) {
      once.extend(ROWS);
      again.extend(ROWS / 3); // In steps or at once.
      again.extend(ROWS);
      assertThat(bytes(once)).isEqualTo(bytes(again));
    }
  }

  private static byte[] bytes(HnswIndex index) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    index.writeTo(Channels.newChannel(out));
    assertThat(out.size()).isEqualTo(index.savedBytes());
    return out.toByteArray();
  }

  private long place(byte[] bytes) {
    long address = area.allocate(bytes.length);
    MemorySegment.copy(
        MemorySegment.ofArray(bytes),
        0,
        AddressSpace.slice(address, bytes.length),
        0,
        bytes.length);
    return address;
  }

  @Test
  void savedAndOpenedItFindsTheSame() throws Exception {
    appendClustered(ROWS);
    vectors.appendAbsent();
    appendClustered(100);
    vectors.append(new float[DIMENSIONS]);
    try (HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.COSINE, vectors)) {
      index.extend(vectors.size() - 30);
      byte[] bytes = bytes(index);
      ByteArrayOutputStream rows = new ByteArrayOutputStream();
      MappedVectors.write(vectors, vectors.size(), Channels.newChannel(rows));
      assertThat((long) rows.size()).isEqualTo(MappedVectors.bytes(DIMENSIONS, vectors.size()));
      VectorStore mapped = new MappedVectors(DIMENSIONS, vectors.size(), place(rows.toByteArray()));
      HnswIndex opened = HnswIndex.open(Distance.COSINE, mapped, place(bytes), bytes.length);
      assertThat(opened.indexedCount()).isEqualTo(index.indexedCount());
      assertThat(opened.parameters()).isEqualTo(index.parameters());
      for (int i = 0; i < QUERIES; i++) {
        float[] query = query();
        assertThat(search(opened, query, 40, 40)).isEqualTo(search(index, query, 40, 40));
      }
      assertThatThrownBy(() -> opened.extend(vectors.size()))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void damagedBytesAreRefusedOrHarmless() throws Exception {
    appendClustered(300);
    byte[] bytes;
    try (HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, vectors)) {
      index.extend(vectors.size());
      bytes = bytes(index);
    }
    assertThatThrownBy(() -> HnswIndex.open(Distance.L2, vectors, place(bytes), bytes.length - 64))
        .isInstanceOf(CorruptGraphException.class);
    assertThatThrownBy(() -> HnswIndex.open(Distance.L1, vectors, place(bytes), bytes.length))
        .isInstanceOf(CorruptGraphException.class);
    long address = area.allocate(bytes.length);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = bytes.clone();
      int places = 1 + random.nextInt(3);
      for (int j = 0; j < places; j++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      MemorySegment.copy(
          MemorySegment.ofArray(damaged),
          0,
          AddressSpace.slice(address, damaged.length),
          0,
          damaged.length);
      try {
        HnswIndex opened = HnswIndex.open(Distance.L2, vectors, address, damaged.length);
        search(opened, query(), 40, K); // Whatever it finds: no wild read, no endless loop.
      } catch (CorruptGraphException e) {
        assertThat(e.offset()).isBetween(0L, (long) damaged.length);
      }
    }
  }

  @Test
  void rowsWithoutAComparableVectorAreNeverFound() {
    appendClustered(50);
    int absent = vectors.appendAbsent();
    int zero = vectors.append(new float[DIMENSIONS]);
    appendClustered(50);
    try (HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.COSINE, vectors)) {
      index.extend(vectors.size());
      List<Integer> found = search(index, query(), 200, 200);
      assertThat(found).hasSize(100).doesNotHaveDuplicates().doesNotContain(absent, zero);
    }
  }

  @Test
  void aPredicateIsSteppedThroughUntilTheBeamIsFull() {
    appendClustered(ROWS);
    try (HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, vectors);
        Walk walk = index.walk()) {
      index.extend(vectors.size());
      walk.run(query(), 40, ordinal -> ordinal % 20 == 0, Long.MAX_VALUE);
      assertThat(walk.size()).isEqualTo(40);
      assertThat(IntStream.range(0, 40).map(walk::ordinal)).allMatch(o -> o % 20 == 0);
      long needed = walk.visitedNodes();
      walk.run(query(), 40, ordinal -> ordinal % 20 == 0, needed / 4);
      assertThat(walk.isComplete()).isFalse();
      assertThat(walk.visitedNodes()).isLessThan(needed);
    }
  }

  @Test
  void equalVectorsAreAllFound() {
    float[] vector = TestVectors.gaussian(random, DIMENSIONS);
    for (int i = 0; i < 200; i++) {
      vectors.append(vector);
    }
    try (HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, vectors)) {
      index.extend(vectors.size());
      assertThat(search(index, vector, 40, K)).hasSize(K);
    }
  }

  @Test
  void whatIsTestedAfterTheWalkIsWhatTheWalkFoundAndIsAccepted() {
    appendClustered(2000);
    try (HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, vectors)) {
      index.extend(2000);
      try (Walk every = index.walk();
          Walk tested = index.walk()) {
        every.run(vectors.toArray(5), 50, EVERY, Long.MAX_VALUE);
        tested.runThenTest(vectors.toArray(5), 50, ordinal -> ordinal % 10 != 5, Long.MAX_VALUE);
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < every.size(); i++) {
          if (every.ordinal(i) % 10 != 5) {
            expected.add(every.ordinal(i));
          }
        }
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < tested.size(); i++) {
          found.add(tested.ordinal(i));
        }
        assertThat(found).isEqualTo(expected);
        assertThat(found).doesNotContain(5);
      }
    }
  }

  @Test
  void anEmptyGraphFindsNothing() {
    try (HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, vectors)) {
      assertThat(search(index, new float[DIMENSIONS], 40, K)).isEmpty();
    }
  }

  @Test
  void aWalkAllocatesNothing() {
    appendClustered(ROWS);
    try (HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.COSINE, vectors)) {
      index.extend(ROWS);
      float[][] queries = new float[QUERIES][];
      for (int i = 0; i < QUERIES; i++) {
        queries[i] = query();
      }
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 200 && least > 0; round++) { // Until everything is compiled.
        long before = threads.getCurrentThreadAllocatedBytes();
        for (float[] query : queries) {
          try (Walk walk = index.walk()) {
            walk.run(query, 40, EVERY, Long.MAX_VALUE);
          }
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).as("bytes for %d walks", QUERIES).isLessThan(QUERIES);
    }
  }
}
