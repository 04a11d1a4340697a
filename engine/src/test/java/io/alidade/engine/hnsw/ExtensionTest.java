package io.alidade.engine.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.TestSeed;
import io.alidade.engine.TestVectors;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ExtensionTest {
  private static final int DIMENSIONS = 24;
  private static final int ROWS = 3000;
  private static final int EF = 40;

  private final RandomGenerator random = TestSeed.generator();
  private NativeVectors vectors;
  private HnswIndex index;

  @BeforeEach
  void begin() {
    vectors = new NativeVectors(DIMENSIONS);
    for (float[] vector : TestVectors.clustered(random, ROWS, DIMENSIONS, 20)) {
      vectors.append(vector);
    }
    index = HnswIndex.create(HnswParameters.DEFAULT, Distance.L2, vectors);
  }

  @AfterEach
  void end() {
    index.close();
    vectors.close();
  }

  private void assertComplete() {
    assertThat(index.indexedCount()).isEqualTo(ROWS);
    assertThat(IntStream.range(0, ROWS)).allMatch(index.graph()::contains);
    float[][] queries = TestGraphs.queries(random, vectors);
    assertThat(TestGraphs.recall(index, vectors, queries, EF, _ -> true)).isGreaterThan(0.9);
  }

  @Test
  void interruptedAnywhereItCanBeSearchedAndGoneOnWith() throws Exception {
    float[][] queries = TestGraphs.queries(random, vectors);
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 8 && index.indexedCount() < ROWS; round++) {
        int threads = 1 + random.nextInt(3);
        int before = index.indexedCount();
        Thread extending = new Thread(() -> index.extend(ROWS, threads, executor));
        extending.start();
        Thread.sleep(random.nextInt(20), random.nextInt(900_000));
        extending.interrupt();
        extending.join();
        int covered = index.indexedCount();
        assertThat(covered).isGreaterThanOrEqualTo(before);
        assertThat(IntStream.range(0, covered)).allMatch(index.graph()::contains);
        for (float[] query : queries) {
          assertThat(TestGraphs.search(index, query, EF, row -> row < covered))
              .hasSize(Math.min(EF, covered))
              .doesNotHaveDuplicates();
        }
      }
      index.extend(ROWS, 3, executor);
      assertComplete();
    }
  }

  @Test
  void othersSeeHowFarItIs() throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Future<?> watching =
          executor.submit(() -> {
            long before = 0;
            while (index.indexedCount() < ROWS) {
              for (GraphProgress progress : index.progress()) {
                assertThat(progress.work()).isEqualTo(GraphProgress.Work.EXTENSION);
                assertThat(progress.total()).isEqualTo(ROWS);
                assertThat(progress.done()).isBetween(before, (long) ROWS);
                before = progress.done();
              }
            }
          });
      index.extend(ROWS, 2, executor);
      watching.get();
      assertThat(index.progress()).isEmpty();
    }
  }

  @Test
  void noMoreThreadsWorkThanAllowed() throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
      for (int threads : List.of(1, 2, 4)) {
        AtomicInteger atWork = new AtomicInteger(1); // The calling thread.
        AtomicInteger most = new AtomicInteger(1);
        int begin = index.indexedCount();
        index.extend(
            begin + 500,
            threads,
            task ->
                executor.execute(() -> {
                  most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
                  task.run();
                  atWork.decrementAndGet();
                }));
        assertThat(most.get()).isLessThanOrEqualTo(threads);
      }
    }
    index.extend(ROWS);
    assertComplete();
  }
}
