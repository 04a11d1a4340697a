package io.alidade.engine.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestVectors;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GraphMergeTest {
  private static final int DIMENSIONS = 24;
  private static final int ROWS = 3000;
  private static final int CLUSTERS = 20;
  private static final int EF = 60;
  private static final double LOSS = 0.01;
  private static final IntPredicate EVERY = _ -> true;

  private final List<AutoCloseable> opened = new ArrayList<>();
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
  void end() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    vectors.close();
    area.close();
  }

  private void append(int count) {
    for (float[] vector : TestVectors.clustered(random, count, DIMENSIONS, CLUSTERS)) {
      vectors.append(vector);
    }
  }

  private HnswIndex empty() {
    HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, vectors);
    opened.add(index);
    return index;
  }

  /// A graph of its own over some rows of the store, in their order. Those that do not stay have no
  /// target.
  private MergeSource source(int from, int end, IntPredicate stays) {
    NativeVectors rows = new NativeVectors(DIMENSIONS);
    int[] targets = new int[end - from];
    for (int row = from; row < end; row++) {
      targets[rows.append(vectors, row)] = stays.test(row) ? row : MergeSource.DROPPED;
    }
    HnswIndex index = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, rows);
    index.extend(rows.size());
    opened.add(index);
    opened.add(rows);
    return new MergeSource(index, targets);
  }

  /// Sources of the rows up to each of the ends.
  private List<MergeSource> sources(IntPredicate stays, int... ends) {
    List<MergeSource> sources = new ArrayList<>();
    int from = 0;
    for (int end : ends) {
      sources.add(source(from, end, stays));
      from = end;
    }
    return sources;
  }

  private static int[] parts(int count) {
    return IntStream.rangeClosed(1, count).map(i -> ROWS * i / count).toArray();
  }

  private void assertAsGoodAsBuiltAfresh(HnswIndex merged) {
    float[][] queries = TestGraphs.queries(random, vectors);
    HnswIndex fresh = empty();
    fresh.extend(vectors.size());
    double best = TestGraphs.recall(fresh, vectors, queries, EF, vectors::isPresent);
    double recall = TestGraphs.recall(merged, vectors, queries, EF, vectors::isPresent);
    assertThat(recall).as("beside %s", best).isGreaterThanOrEqualTo(best - LOSS);
  }

  private void assertHoldsExactly(HnswIndex index, IntPredicate expected) {
    List<Integer> rows = IntStream.range(0, vectors.size()).filter(expected).boxed().toList();
    assertThat(TestGraphs.reached(index, vectors.size())).isEqualTo(rows);
    assertThat(index.indexedCount()).isEqualTo(vectors.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10})
  void equalPartsMergedFindAsMuchAsOneBuiltAfresh(int count) {
    append(ROWS);
    HnswIndex merged = empty();
    merged.merge(sources(EVERY, parts(count)), ROWS);
    assertHoldsExactly(merged, EVERY);
    assertAsGoodAsBuiltAfresh(merged);
  }

  @Test
  void aLargeAndASmallOneMergedFindAsMuchAsOneBuiltAfresh() {
    append(ROWS);
    HnswIndex merged = empty();
    merged.merge(sources(EVERY, ROWS / 10, ROWS), ROWS);
    assertHoldsExactly(merged, EVERY);
    assertAsGoodAsBuiltAfresh(merged);
  }

  @Test
  void whatIsDroppedIsNotThereAndWhatIsNewIs() {
    append(2 * ROWS);
    BitSet dropped = new BitSet();
    IntStream.range(0, 2 * ROWS).filter(_ -> random.nextInt(3) == 0).forEach(dropped::set);
    List<MergeSource> sources = sources(row -> !dropped.get(row), ROWS, 2 * ROWS);
    NativeVectors kept = new NativeVectors(DIMENSIONS);
    opened.add(kept);
    int[] newOrdinals = new int[2 * ROWS];
    Arrays.fill(newOrdinals, MergeSource.DROPPED);
    for (int row = 0; row < 2 * ROWS; row++) {
      if (!dropped.get(row)) {
        newOrdinals[row] = kept.append(vectors, row);
      }
    }
    int live = kept.size();
    int absent = kept.appendAbsent();
    kept.append(vectors, dropped.nextSetBit(0));
    vectors.close();
    vectors = kept;
    List<MergeSource> mapped = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int[] targets = Arrays.copyOfRange(newOrdinals, i * ROWS, (i + 1) * ROWS);
      mapped.add(new MergeSource(sources.get(i).index(), targets));
    }
    HnswIndex merged = empty();
    merged.merge(mapped, kept.size());
    assertHoldsExactly(merged, row -> row != absent);
    assertThat(live).isLessThan(kept.size());
    assertAsGoodAsBuiltAfresh(merged);
  }

  @Test
  void savedGraphsAreMergedAndTheResultSavedAndOpened() throws Exception {
    append(1000);
    List<MergeSource> saved = new ArrayList<>();
    for (int part = 0; part < 2; part++) {
      MergeSource source = source(part * 500, part * 500 + 500, EVERY);
      byte[] bytes = TestGraphs.bytes(source.index());
      HnswIndex index = TestGraphs.open(Distance.L2, source.index().vectors(), bytes, area);
      saved.add(new MergeSource(index, IntStream.range(part * 500, part * 500 + 500).toArray()));
    }
    vectors.appendAbsent();
    HnswIndex merged = empty();
    merged.merge(saved, 1001);
    assertHoldsExactly(merged, row -> row < 1000);
    byte[] bytes = TestGraphs.bytes(merged);
    HnswIndex again = TestGraphs.open(Distance.L2, vectors, bytes, area);
    for (float[] query : TestGraphs.queries(random, source(0, 1000, EVERY).index().vectors())) {
      assertThat(TestGraphs.search(again, query, EF, Walk.EVERY))
          .isEqualTo(TestGraphs.search(merged, query, EF, Walk.EVERY));
    }
    assertThatThrownBy(
            () -> TestGraphs.open(Distance.L2, vectors, Arrays.copyOf(bytes, 4096), area))
        .isInstanceOf(CorruptGraphException.class);
    assertThatThrownBy(() -> again.merge(saved, 1001)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void oneThreadMergesToTheSameBytes() throws Exception {
    append(ROWS);
    List<MergeSource> sources = sources(row -> row % 7 != 0, parts(3));
    HnswIndex once = empty();
    HnswIndex again = empty();
    once.merge(sources, ROWS);
    again.merge(sources, ROWS);
    assertThat(TestGraphs.bytes(once)).isEqualTo(TestGraphs.bytes(again));
  }

  @Test
  void interruptedAnywhereItCanBeSearchedAndGoneOnWith() throws Exception {
    append(ROWS);
    List<MergeSource> sources = sources(EVERY, parts(2));
    float[][] queries = TestGraphs.queries(random, vectors);
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      HnswIndex merged = empty();
      for (int round = 0; round < 8 && merged.indexedCount() < ROWS; round++) {
        int threads = 1 + random.nextInt(2);
        Thread merging = new Thread(() -> merged.merge(sources, ROWS, threads, executor));
        merging.start();
        Thread.sleep(random.nextInt(15), random.nextInt(900_000));
        merging.interrupt();
        merging.join();
        for (float[] query : queries) {
          assertThat(TestGraphs.search(merged, query, EF, Walk.EVERY))
              .hasSize(merged.graph().isEmpty() ? 0 : EF)
              .doesNotHaveDuplicates();
        }
      }
      merged.merge(sources, ROWS);
      assertHoldsExactly(merged, EVERY);
      assertAsGoodAsBuiltAfresh(merged);
    }
  }

  @Test
  void twoThreadsMergeBesideReadersWhoSeeHowFarItIs() throws Exception {
    append(ROWS);
    List<MergeSource> sources = sources(EVERY, parts(3));
    HnswIndex merged = empty();
    AtomicInteger tasks = new AtomicInteger();
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      var reading =
          executor.submit(() -> {
            float[] query = vectors.toArray(0);
            long before = 0;
            while (merged.indexedCount() < ROWS) {
              assertThat(TestGraphs.search(merged, query, EF, Walk.EVERY)).doesNotHaveDuplicates();
              for (GraphProgress progress : merged.progress()) {
                assertThat(progress.work()).isEqualTo(GraphProgress.Work.MERGE);
                assertThat(progress.done()).isBetween(before, progress.total());
                assertThat(progress.total()).isEqualTo(ROWS / 3 + ROWS);
                before = progress.done();
              }
            }
          });
      merged.merge(
          sources,
          ROWS,
          2,
          task -> {
            tasks.incrementAndGet();
            executor.execute(task);
          });
      reading.get();
    }
    assertThat(tasks).as("one for the copy, one for the insertions").hasValue(2);
    assertThat(merged.progress()).isEmpty();
    assertHoldsExactly(merged, EVERY);
    assertAsGoodAsBuiltAfresh(merged);
  }

  @Test
  void graphsOfOtherParametersLendTheirNeighborsOrNothing() {
    append(1000);
    List<MergeSource> sources = new ArrayList<>();
    for (int m : new int[] {8, 32}) {
      HnswIndex index =
          HnswIndex.create(new HnswParameters(m, 64, 1), Distance.L2, vectors, Coding.NONE);
      index.extend(1000);
      opened.add(index);
      sources.add(
          new MergeSource(
              index,
              IntStream.range(0, 1000)
                  .map(row -> row < 500 == m < 16 ? row : MergeSource.DROPPED)
                  .toArray()));
    }
    HnswIndex merged = empty();
    merged.merge(sources, 1000);
    assertHoldsExactly(merged, EVERY);
    assertAsGoodAsBuiltAfresh(merged);
  }

  @Test
  void targetsThatCannotBeAreRefused() {
    append(100);
    HnswIndex index = source(0, 100, EVERY).index();
    int[] twice = IntStream.range(0, 100).map(row -> row / 2).toArray();
    int[] outside = IntStream.range(0, 100).map(row -> row + 1).toArray();
    for (int[] targets : List.of(twice, outside)) {
      assertThatThrownBy(() -> empty().merge(List.of(new MergeSource(index, targets)), 100))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new MergeSource(index, new int[99]))
        .isInstanceOf(IllegalArgumentException.class);
    HnswIndex other = HnswIndex.create(HnswParameters.DEFAULT, Distance.L1, vectors);
    opened.add(other);
    assertThatThrownBy(() -> other.merge(List.of(source(0, 100, EVERY)), 100))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
