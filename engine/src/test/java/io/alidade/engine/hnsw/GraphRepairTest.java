package io.alidade.engine.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestVectors;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GraphRepairTest {
  private static final int DIMENSIONS = 24;
  private static final int ROWS = 3000;
  private static final int CLUSTERS = 20;
  private static final int EF = 40;
  private static final double LOSS = 0.02;

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

  private HnswIndex built(int rows) {
    HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, vectors);
    index.extend(rows);
    return index;
  }

  private BitSet atRandom(double share) {
    BitSet chosen = new BitSet();
    IntStream.range(0, vectors.size())
        .filter(_ -> random.nextDouble() < share)
        .forEach(chosen::set);
    return chosen;
  }

  private static IntPredicate not(BitSet dead) {
    return ordinal -> !dead.get(ordinal);
  }

  private void assertAsGoodAsBuiltAfresh(HnswIndex repaired, BitSet dead) {
    float[][] queries = TestGraphs.queries(random, vectors);
    double recall = TestGraphs.recall(repaired, vectors, queries, EF, not(dead));
    try (NativeVectors live = new NativeVectors(DIMENSIONS);
        HnswIndex fresh = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, live)) {
      IntStream.range(0, vectors.size())
          .filter(not(dead))
          .forEach(ordinal -> live.append(vectors, ordinal));
      fresh.extend(live.size());
      double best = TestGraphs.recall(fresh, live, queries, EF, _ -> true);
      assertThat(recall).as("beside %s", best).isGreaterThanOrEqualTo(best - LOSS);
    }
  }

  private void assertHoldsExactly(HnswIndex index, IntPredicate expected) {
    int placed = vectors.size();
    List<Integer> rows = IntStream.range(0, placed).filter(expected).boxed().toList();
    assertThat(TestGraphs.reached(index, placed)).isEqualTo(rows);
    assertThat(IntStream.range(0, placed).filter(index.graph()::contains).boxed()).isEqualTo(rows);
    List<Integer> found =
        TestGraphs.search(index, vectors.toArray(0), Math.max(1, placed), Walk.EVERY);
    assertThat(found).allMatch(expected::test).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void afterDeletionsAtRandomItFindsAsMuchAsOneBuiltAfresh(double share) {
    appendClustered(ROWS);
    BitSet dead = atRandom(share);
    try (HnswIndex index = built(ROWS)) {
      assertThat(index.repair(dead::get)).isEqualTo(dead.cardinality());
      assertHoldsExactly(index, not(dead));
      assertAsGoodAsBuiltAfresh(index, dead);
      assertThat(index.repair(dead::get)).as("a second time").isZero();
    }
  }

  @Test
  void afterDeletionsOfWholeClustersItFindsAsMuchAsOneBuiltAfresh() {
    int clusters = 30;
    int inEach = 100;
    float[][] centres = new float[clusters][];
    for (int i = 0; i < clusters; i++) {
      centres[i] = TestVectors.gaussian(random, DIMENSIONS);
    }
    for (int i = 0; i < clusters * inEach; i++) {
      float[] vector = TestVectors.gaussian(random, DIMENSIONS);
      for (int j = 0; j < DIMENSIONS; j++) {
        vector[j] = centres[i % clusters][j] + 0.4f * vector[j];
      }
      vectors.append(vector);
    }
    BitSet dead = new BitSet();
    IntStream.range(0, vectors.size()).filter(i -> i % clusters % 3 != 0).forEach(dead::set);
    try (HnswIndex index = built(vectors.size())) {
      index.repair(dead::get);
      assertHoldsExactly(index, not(dead));
      assertAsGoodAsBuiltAfresh(index, dead);
    }
  }

  @Test
  void whenAllAreGoneItIsEmptyAndTakesNewRows() {
    appendClustered(500);
    try (HnswIndex index = built(500)) {
      assertThat(index.repair(_ -> true)).isEqualTo(500);
      assertThat(TestGraphs.search(index, vectors.toArray(0), EF, Walk.EVERY)).isEmpty();
      appendClustered(500);
      index.extend(1000);
      assertHoldsExactly(index, ordinal -> ordinal >= 500);
    }
  }

  @Test
  void theEntryPointMayGo() {
    appendClustered(1000);
    try (HnswIndex index = built(1000)) {
      for (int round = 0; round < 5; round++) {
        int entry = HnswGraph.entryOrdinal(index.graph().entry());
        assertThat(index.repair(ordinal -> ordinal == entry)).isEqualTo(1);
        assertThat(TestGraphs.reached(index, 1000)).hasSize(999 - round).doesNotContain(entry);
      }
    }
  }

  @Test
  void oneThreadRepairsToTheSameBytes() throws Exception {
    appendClustered(ROWS);
    BitSet dead = atRandom(0.4);
    try (HnswIndex once = built(ROWS);
        HnswIndex again = built(ROWS)) {
      once.repair(dead::get);
      again.repair(dead::get);
      assertThat(TestGraphs.bytes(once)).isEqualTo(TestGraphs.bytes(again));
    }
  }

  @Test
  void repairedAndSavedItIsOpenedWithItsGaps() throws Exception {
    appendClustered(1000);
    BitSet dead = atRandom(0.4);
    try (HnswIndex index = built(900)) {
      index.repair(dead::get);
      byte[] bytes = TestGraphs.bytes(index);
      HnswIndex opened = TestGraphs.open(Distance.L2, vectors, bytes, area);
      assertThat(opened.indexedCount()).isEqualTo(900);
      for (float[] query : TestGraphs.queries(random, vectors)) {
        assertThat(TestGraphs.search(opened, query, EF, Walk.EVERY))
            .isEqualTo(TestGraphs.search(index, query, EF, Walk.EVERY));
      }
      assertThatThrownBy(() -> opened.repair(_ -> true)).isInstanceOf(IllegalStateException.class);
      for (int i = 0; i < 500; i++) {
        byte[] damaged = bytes.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
        try {
          HnswIndex odd = TestGraphs.open(Distance.L2, vectors, damaged, area);
          TestGraphs.search(odd, vectors.toArray(0), EF, Walk.EVERY); // No wild read.
        } catch (CorruptGraphException e) {
          assertThat(e.offset()).isBetween(0L, (long) damaged.length);
        }
      }
    }
  }

  @Test
  void aLinkToARowThatWasTakenOutIsRefused() throws Exception {
    appendClustered(300);
    try (HnswIndex index = built(300)) {
      byte[] whole = TestGraphs.bytes(index);
      index.repair(ordinal -> ordinal == 7);
      byte[] gap = TestGraphs.bytes(index);
      int firstBottom = 64 + (300 * Integer.BYTES + 63) / 64 * 64;
      System.arraycopy(whole, firstBottom, gap, firstBottom, 300 * HnswGraph.bottomStride(16));
      assertThatThrownBy(() -> TestGraphs.open(Distance.L2, vectors, gap, area))
          .isInstanceOf(CorruptGraphException.class)
          .hasMessageContaining("neighbor 7 of node");
    }
  }

  @Test
  void readersInsertionsAndRepairsGoOnTogether() throws Exception {
    vectors.appendAbsent(); // What memory that was never written would lead to.
    appendClustered(ROWS - 1);
    AtomicReference<BitSet> dead = new AtomicReference<>(new BitSet());
    AtomicBoolean finished = new AtomicBoolean();
    float[][] queries = TestGraphs.queries(random, vectors);
    try (ExecutorService executor = Executors.newFixedThreadPool(6);
        HnswIndex index = built(ROWS / 3)) {
      List<Future<?>> others =
          List.of(
              executor.submit(() -> read(index, queries, dead, finished)),
              executor.submit(() -> read(index, queries, dead, finished)),
              executor.submit(() -> {
                for (int end = ROWS / 3; end < ROWS; end += 100) {
                  index.extend(end, 2, executor);
                }
                index.extend(ROWS, 2, executor);
              }));
      for (int round = 0; round < 8; round++) {
        BitSet more = (BitSet) dead.get().clone();
        more.or(atRandom(0.1));
        dead.set(more);
        index.repair(more::get, 2, executor);
      }
      others.getLast().get();
      index.repair(dead.get()::get, 2, executor);
      finished.set(true);
      for (Future<?> other : others) {
        other.get();
      }
      dead.get().set(0);
      assertHoldsExactly(index, not(dead.get()));
      assertAsGoodAsBuiltAfresh(index, dead.get());
    }
  }

  private static void read(
      HnswIndex index, float[][] queries, AtomicReference<BitSet> dead, AtomicBoolean finished) {
    for (int i = 0; !finished.get(); i++) {
      BitSet before = dead.get(); // A reader that begins now sees none of these.
      List<Integer> found = TestGraphs.search(index, queries[i % queries.length], EF, not(before));
      assertThat(found).hasSize(EF).doesNotHaveDuplicates().noneMatch(before::get);
      assertThat(found).allMatch(ordinal -> ordinal > 0 && ordinal < ROWS);
    }
  }

  @Test
  void aWalkThatIsAtANodeThatIsTakenOutGoesOn() {
    appendClustered(ROWS);
    BitSet dead = atRandom(0.5);
    try (HnswIndex index = built(ROWS)) {
      AtomicInteger asked = new AtomicInteger();
      IntPredicate repairing =
          ordinal -> {
            if (asked.incrementAndGet() == 20) {
              assertThat(index.repair(dead::get)).isPositive();
            }
            return !dead.get(ordinal);
          };
      List<Integer> found = TestGraphs.search(index, vectors.toArray(1), EF, repairing);
      assertThat(asked).hasValueGreaterThan(20);
      assertThat(found).hasSize(EF).noneMatch(dead::get);
    }
  }

  @Test
  void interruptedAnywhereItCanBeSearchedAndGoneOnWith() throws Exception {
    appendClustered(ROWS);
    BitSet dead = atRandom(0.5);
    float[][] queries = TestGraphs.queries(random, vectors);
    try (ExecutorService executor = Executors.newSingleThreadExecutor();
        HnswIndex index = built(ROWS)) {
      int taken = 0;
      for (int round = 0; round < 8 && taken == 0; round++) {
        AtomicInteger result = new AtomicInteger();
        Thread repairing =
            new Thread(() -> result.set(index.repair(dead::get, 1 + random.nextInt(2), executor)));
        repairing.start();
        Thread.sleep(0, random.nextInt(900_000));
        repairing.interrupt();
        repairing.join();
        taken = result.get();
        for (float[] query : queries) {
          assertThat(TestGraphs.search(index, query, EF, not(dead)))
              .hasSize(EF)
              .noneMatch(dead::get);
        }
      }
      index.repair(dead::get);
      assertHoldsExactly(index, not(dead));
      assertAsGoodAsBuiltAfresh(index, dead);
    }
  }

  @Test
  void othersSeeHowFarItIsAndNoMoreThreadsWorkThanAllowed() {
    appendClustered(ROWS);
    BitSet dead = atRandom(0.3);
    AtomicInteger tasks = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    try (HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, vectors)) {
      index.extend(ROWS, 3, _ -> tasks.incrementAndGet());
      index.repair(
          dead::get,
          4,
          _ -> {
            tasks.addAndGet(100);
            List<GraphProgress> progress = index.progress();
            assertThat(progress).hasSize(1);
            assertThat(progress.getFirst().work()).isEqualTo(GraphProgress.Work.REPAIR);
            assertThat(progress.getFirst().total()).isEqualTo(ROWS);
            seen.incrementAndGet();
          });
      assertThat(tasks).hasValue(2 + 3 * 100);
      assertThat(seen).hasValue(3);
      assertThat(index.progress()).isEmpty();
      assertHoldsExactly(index, not(dead));
    }
  }
}
