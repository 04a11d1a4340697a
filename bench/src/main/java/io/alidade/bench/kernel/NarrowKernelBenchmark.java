package io.alidade.bench.kernel;

import io.alidade.engine.vector.Int8Kernel;
import io.alidade.engine.vector.Int8Kernels;
import io.alidade.engine.vector.Kernel;
import io.alidade.engine.vector.Kernels;
import io.alidade.engine.vector.NarrowKernel;
import io.alidade.engine.vector.NarrowKernels;
import io.alidade.engine.vector.TableLookup;
import java.util.List;
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

/// The time of one distance to a row whose numbers are narrower than a float, and of one norm.
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
public class NarrowKernelBenchmark {
  /// Exponents of half floats below the largest: finite numbers.
  private static final long FINITE_HALVES = 0x3fff3fff3fff3fffL;

  private static final int CENTROIDS = 256;
  private static final int DIMENSIONS_OF_A_SUBSPACE = 8;

  /// Whole lines of bytes.
  @Param({"384", "1536"})
  private int dimensions;

  /// 256 rows fit the second-level cache; 200,000 do not fit any.
  @Param({"256", "200000"})
  private int rows;

  @Param private KernelBenchmark.Instructions instructions = KernelBenchmark.Instructions.VECTOR;

  private NarrowKernel halfKernel = NarrowKernels.FLOAT16;
  private NarrowKernel uint8Kernel = NarrowKernels.UINT8;
  private Int8Kernel int8Kernel = Int8Kernels.BEST;
  private Kernel kernel = Kernels.BEST;
  private RowsInMemory halves = new RowsInMemory(RowsInMemory.STRETCH, Long.BYTES, -1, Long.BYTES);
  private RowsInMemory bytes = halves;
  private float[] tables = new float[0];
  private float[] vector = new float[0];
  private final float[] out = new float[RowsInMemory.BATCH];
  private final int[] exact = new int[RowsInMemory.BATCH];

  /// Fills the rows.
  @Setup(Level.Trial)
  public void prepare() {
    halfKernel = choose(NarrowKernels.available(NarrowKernel.Element.FLOAT16));
    uint8Kernel = choose(NarrowKernels.available(NarrowKernel.Element.UINT8));
    int8Kernel = choose(Int8Kernels.available());
    kernel = choose(Kernels.available());
    halves.close();
    int queryBytes = dimensions * Float.BYTES;
    halves = new RowsInMemory(rows, dimensions * Short.BYTES, FINITE_HALVES, queryBytes);
    bytes = new RowsInMemory(rows, dimensions, -1, queryBytes);
    tables = new float[dimensions / DIMENSIONS_OF_A_SUBSPACE * CENTROIDS];
    vector = new float[dimensions];
  }

  private <K> K choose(List<K> available) {
    return switch (instructions) {
      case SCALAR -> available.getFirst();
      case VECTOR -> available.getLast();
    };
  }

  /// Frees the rows.
  @TearDown(Level.Trial)
  public void free() {
    halves.close();
    bytes.close();
  }

  /// Inner products with rows of half floats, scattered.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.BATCH)
  public float[] halfDotScattered() {
    halfKernel.dot(halves.query(), dimensions, halves.nextBatch(), RowsInMemory.BATCH, out);
    return out;
  }

  /// Inner products with rows of half floats, one at a time.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.BATCH)
  public float[] halfDotOneByOne() {
    long[] addresses = halves.nextBatch();
    for (int i = 0; i < RowsInMemory.BATCH; i++) {
      out[i] = halfKernel.dot(halves.query(), addresses[i], dimensions);
    }
    return out;
  }

  /// Inner products of floats with rows of bytes, scattered.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.BATCH)
  public float[] uint8DotScattered() {
    uint8Kernel.dot(halves.query(), dimensions, bytes.nextBatch(), RowsInMemory.BATCH, out);
    return out;
  }

  /// Inner products of signed bytes, scattered.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.BATCH)
  public int[] int8DotScattered() {
    int8Kernel.dot(bytes.query(), dimensions, bytes.nextBatch(), RowsInMemory.BATCH, exact);
    return exact;
  }

  /// Sums of table entries, a byte for eight dimensions, scattered.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.BATCH)
  public float[] tableLookupScattered() {
    int subspaces = dimensions / DIMENSIONS_OF_A_SUBSPACE;
    TableLookup.lookup(tables, subspaces, CENTROIDS, bytes.nextBatch(), RowsInMemory.BATCH, out);
    return out;
  }

  /// The sum of the squares of one array.
  @Benchmark
  public double sumOfSquares() {
    return kernel.sumOfSquares(vector);
  }
}
