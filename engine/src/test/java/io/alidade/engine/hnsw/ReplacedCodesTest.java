package io.alidade.engine.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.engine.quantization.CodeChoice;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.NativeVectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Codes that others replace: until when they are read, when they are freed, and changes that are
/// ended before they are done.
@Timeout(120)
class ReplacedCodesTest {
  private static final int ROWS = CodeChoice.MIN_ROWS + 100;
  private static final int DIMENSIONS = 64;
  private static final int EF = 60;
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  private static final Coding BINARY = new Coding.Fixed(Quantization.BINARY);
  private static final Coding SCALAR = new Coding.Fixed(Quantization.SCALAR);
  private static final Coding PRODUCT = new Coding.Fixed(new Quantization.Product(16));

  private NativeVectors vectors;
  private HnswIndex index;

  @BeforeEach
  void build() {
    vectors = new NativeVectors(DIMENSIONS);
    Random random = new Random(SEED);
    for (int i = 0; i < ROWS; i++) {
      int _ = vectors.append(vector(random));
    }
    index = HnswIndex.create(new HnswParameters(12, 40, 1), Distance.L2, vectors, SCALAR);
    index.extend(ROWS);
  }

  @AfterEach
  void free() {
    index.close();
    vectors.close();
  }

  private static float[] vector(Random random) {
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) random.nextGaussian() / (1 + i / 4);
    }
    return vector;
  }

  @Test
  void codesThatNobodyReadsAreFreedAtOnce() {
    VectorCodes before = index.codes().orElseThrow();
    assertThat(before.allocatedBytes()).isPositive();
    assertThat(index.setCoding(BINARY)).isTrue();
    assertThat(before.isFreed()).isTrue();
    assertThat(before.allocatedBytes()).isZero();
    assertThat(before.hold()).isFalse();
  }

  @Test
  void codesThatAreReadAreFreedByTheLastReader() {
    VectorCodes before = index.holdCodes().orElseThrow();
    assertThat(index.holdCodes()).containsSame(before);
    long bytes = index.allocatedBytes();
    assertThat(index.setCoding(BINARY)).isTrue();
    assertThat(index.allocatedBytes()).isGreaterThan(bytes);
    assertThat(before.hold()).as("held once it is replaced").isFalse();
    before.release();
    assertThat(before.isFreed()).isFalse();
    before.release();
    assertThat(before.isFreed()).isTrue();
    Optional<VectorCodes> after = index.holdCodes();
    assertThat(after).get().isNotSameAs(before);
    after.orElseThrow().release();
  }

  @Test
  void walksFindTheSameWhileCodesAreReplacedAndMemoryDoesNotGrow() throws Exception {
    long most = 0;
    for (Coding coding : List.of(BINARY, PRODUCT, SCALAR)) {
      assertThat(index.setCoding(coding)).isTrue();
      most = Math.max(most, index.allocatedBytes());
    }
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger walks = new AtomicInteger();
    CountDownLatch walking = new CountDownLatch(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        long seed = SEED + i;
        readers.add(threads.submit(reader(seed, over, walks, walking)));
      }
      try {
        walking.await();
        for (int round = 0; round < 40; round++) {
          for (Coding coding : List.of(BINARY, SCALAR, Coding.NONE)) {
            assertThat(index.setCoding(coding)).isTrue();
            // Of each walk that runs codes may be there besides: of the two before at most.
            assertThat(index.allocatedBytes()).isLessThanOrEqualTo(3 * most);
          }
        }
      } finally {
        over.set(true);
      }
      for (Future<Void> reader : readers) {
        reader.get();
      }
    }
    assertThat(walks.get()).as("walks").isGreaterThan(100);
    assertThat(index.setCoding(SCALAR)).isTrue();
    assertThat(index.allocatedBytes()).isLessThanOrEqualTo(most);
  }

  /// Rows ask for themselves: with any code they are the nearest of all, at distance 0.
  private Callable<Void> reader(
      long seed, AtomicBoolean over, AtomicInteger walks, CountDownLatch walking) {
    return () -> {
      Random random = new Random(seed);
      int missed = 0;
      int asked = 0;
      while (!over.get()) {
        int row = random.nextInt(ROWS);
        try (Walk walk = index.walk()) {
          walk.run(vectors.toArray(row), EF, Walk.EVERY, Long.MAX_VALUE);
          assertThat(walk.size()).as("seed %d", SEED).isEqualTo(EF);
          asked++;
          if (walk.ordinal(0) == row) {
            assertThat(walk.distance(0)).isZero();
          } else {
            missed++;
          }
          for (int i = 1; i < walk.size(); i++) {
            assertThat(walk.key(i)).isGreaterThanOrEqualTo(walk.key(i - 1));
          }
        }
        walks.incrementAndGet();
        walking.countDown();
      }
      assertThat(missed).as("of %d, seed %d", asked, SEED).isLessThanOrEqualTo(asked / 20 + 2);
      return null;
    };
  }

  @Test
  void aWalkThatFailsLetsGoOfItsCodes() {
    VectorCodes before = index.codes().orElseThrow();
    try (Walk walk = index.walk()) {
      walk.run(
          vectors.toArray(0),
          EF,
          _ -> {
            throw new IllegalStateException("cancelled");
          },
          Long.MAX_VALUE);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("cancelled");
    }
    assertThat(index.setCoding(BINARY)).isTrue();
    assertThat(before.isFreed()).isTrue();
  }

  @Test
  void growthFreesTheCodesThatItReplaces() {
    Random random = new Random(SEED + 1);
    for (int i = ROWS; i < 9 * ROWS; i++) {
      int _ = vectors.append(vector(random));
    }
    VectorCodes before = index.codes().orElseThrow();
    index.extend(9 * ROWS);
    assertThat(index.codes()).get().isNotSameAs(before);
    assertThat(before.isFreed()).isTrue();
  }

  @Test
  void aCancelledChangeLeavesTheCodesInUse() {
    assertThat(index.setCoding(Coding.AUTOMATIC, () -> true)).isFalse();
    for (Coding coding : List.of(BINARY, PRODUCT)) {
      for (int asked = 0; asked < 4; asked++) {
        VectorCodes before = index.codes().orElseThrow();
        long bytes = index.allocatedBytes();
        assertThat(index.setCoding(coding, after(asked))).isFalse();
        assertThat(index.codes()).containsSame(before);
        assertThat(before.isFreed()).isFalse();
        assertThat(index.allocatedBytes()).isEqualTo(bytes);
      }
    }
    int row = 17;
    assertThat(TestGraphs.search(index, vectors.toArray(row), EF, Walk.EVERY).getFirst())
        .isEqualTo(row);
    assertThat(index.setCoding(BINARY)).isTrue();
  }

  /// Cancels when asked for the time after so many.
  private static BooleanSupplier after(int times) {
    AtomicInteger asked = new AtomicInteger();
    return () -> asked.getAndIncrement() >= times;
  }

  @Test
  void anInterruptEndsAChangeAndStaysSet() throws Exception {
    VectorCodes before = index.codes().orElseThrow();
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean done = new AtomicBoolean(true);
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread changing =
        Thread.ofPlatform()
            .start(() -> {
              done.set(
                  index.setCoding(
                      PRODUCT,
                      () -> {
                        begun.countDown();
                        try {
                          Thread.sleep(1000); // Until the interrupt comes.
                        } catch (InterruptedException e) {
                          Thread.currentThread().interrupt();
                        }
                        return false;
                      }));
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    begun.await();
    changing.interrupt();
    changing.join();
    assertThat(done).isFalse();
    assertThat(interrupted).isTrue();
    assertThat(index.codes()).containsSame(before);
  }

  @Test
  void anExtensionThatIsCancelledGoesOnLater() {
    try (HnswIndex other =
        HnswIndex.create(new HnswParameters(12, 40, 1), Distance.L2, vectors, SCALAR)) {
      other.extend(ROWS, 1, Runnable::run, () -> true);
      assertThat(other.indexedCount()).isZero();
      assertThat(other.codes()).isEmpty();
      other.extend(ROWS, 1, Runnable::run, after(20));
      assertThat(other.indexedCount()).isPositive().isLessThan(ROWS);
      other.extend(ROWS);
      assertThat(other.indexedCount()).isEqualTo(ROWS);
      assertThat(other.codes()).isPresent();
      assertThat(TestGraphs.search(other, vectors.toArray(5), EF, Walk.EVERY).getFirst())
          .isEqualTo(5);
    }
  }
}
