package io.alidade.bench.kernel;

import io.alidade.engine.vector.Kernel;
import io.alidade.engine.vector.Kernels;
import io.alidade.engine.vector.NativeVectors;
import io.alidade.engine.vector.VectorStore;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The time of one distance, by kernel, dimensions and whether the rows fit the cache.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0"
    })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
  private static final int BATCH = 32;
  private static final int BATCHES = 4096;
  private static final long SEED = 42;

  /// Which instructions.
  public enum Instructions {
    SCALAR,
    VECTOR
  }

  @Param({"128", "384", "768", "1536"})
  private int dimensions;

  /// 256 rows fit the second-level cache; 200,000 do not fit any.
  @Param({"256", "200000"})
  private int rows;

  @Param private Instructions instructions = Instructions.VECTOR;

  private NativeVectors vectors = new NativeVectors(1);
  private Kernel kernel = Kernels.BEST;
  private int padded;
  private long query;
  private long[][] scattered = new long[0][];
  private final float[] out = new float[BATCH];
  private int batch;

  /// Fills the store and draws the rows.
  @Setup(Level.Trial)
  public void prepare() {
    kernel =
        switch (instructions) {
          case SCALAR -> Kernels.available().getFirst();
          case VECTOR -> Kernels.BEST;
        };
    SplittableRandom random = new SplittableRandom(SEED);
    vectors = new NativeVectors(dimensions);
    float[] vector = new float[dimensions];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < dimensions; j++) {
        vector[j] = (float) random.nextDouble(-1, 1);
      }
      vectors.append(vector);
    }
    padded = VectorStore.rowStride(dimensions) / Float.BYTES;
    query = vectors.address(0);
    scattered = new long[BATCHES][BATCH];
    for (long[] addresses : scattered) {
      for (int i = 0; i < BATCH; i++) {
        addresses[i] = vectors.address(random.nextInt(rows));
      }
    }
  }

  /// Frees the store.
  @TearDown(Level.Trial)
  public void free() {
    vectors.close();
  }

  private long[] nextBatch() {
    batch = (batch + 1) % BATCHES;
    return scattered[batch];
  }

  /// Inner products of scattered rows, in batches.
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public float[] dotScattered() {
    kernel.dot(query, padded, nextBatch(), BATCH, out);
    return out;
  }

  /// Squared Euclidean distances of scattered rows, in batches.
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public float[] squaredL2Scattered() {
    kernel.squaredL2(query, padded, nextBatch(), BATCH, out);
    return out;
  }

  /// Inner products of scattered rows, one at a time.
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public float[] dotOneByOne() {
    long[] addresses = nextBatch();
    for (int i = 0; i < BATCH; i++) {
      out[i] = kernel.dot(query, addresses[i], padded);
    }
    return out;
  }
}
