package io.alidade.bench.kernel;

import io.alidade.engine.vector.BitKernel;
import io.alidade.engine.vector.BitKernels;
import io.alidade.engine.vector.CodeKernel;
import io.alidade.engine.vector.CodeKernels;
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

/// The time of one product of codes, by kernel, dimensions and whether the rows fit the cache.
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
public class CodeKernelBenchmark {
  private static final int LINE = 64;
  private static final int MOST_PLANES = 8;
  private static final long SEVEN_BITS = 0x7f7f7f7f7f7f7f7fL;

  @Param({"384", "1536"})
  private int dimensions;

  /// 256 rows fit the second-level cache; 200,000 of bytes do not fit any.
  @Param({"256", "200000"})
  private int rows;

  @Param private KernelBenchmark.Instructions instructions = KernelBenchmark.Instructions.VECTOR;

  private CodeKernel kernel = CodeKernels.BEST;
  private BitKernel bitKernel = BitKernels.BEST;
  private int bitBytes;
  private int byteBytes;
  private RowsInMemory bits = new RowsInMemory(RowsInMemory.STRETCH, LINE, -1, LINE);
  private RowsInMemory bytes = bits;
  private final int[] out = new int[RowsInMemory.STRETCH];

  /// Fills the rows.
  @Setup(Level.Trial)
  public void prepare() {
    switch (instructions) {
      case SCALAR -> {
        kernel = CodeKernels.available().getFirst();
        bitKernel = BitKernels.available().getFirst();
      }
      case VECTOR -> {
        kernel = CodeKernels.available().getLast();
        bitKernel = BitKernels.available().getLast();
      }
    }
    bits.close();
    bitBytes = (dimensions + 8 * LINE - 1) / (8 * LINE) * LINE;
    bits = new RowsInMemory(rows, bitBytes, -1, MOST_PLANES * bitBytes);
    byteBytes = (dimensions + LINE - 1) / LINE * LINE;
    bytes = new RowsInMemory(rows, byteBytes, SEVEN_BITS, kernel.preparedInt7Bytes(byteBytes));
    kernel.prepareInt7(new byte[dimensions], dimensions, byteBytes, bytes.query());
  }

  /// Frees the rows.
  @TearDown(Level.Trial)
  public void free() {
    bits.close();
    bytes.close();
  }

  /// A query of four bits with rows of one bit, scattered.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.BATCH)
  public int[] bits4Scattered() {
    kernel.dotBits(bits.query(), 4, bitBytes, bits.nextBatch(), RowsInMemory.BATCH, out);
    return out;
  }

  /// A query of four bits with rows of one bit, one after the other.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.STRETCH)
  public int[] bits4Scan() {
    kernel.dotBits(
        bits.query(), 4, bitBytes, bits.nextStretch(), bitBytes, RowsInMemory.STRETCH, out);
    return out;
  }

  /// A query of one bit with rows of one bit, one after the other.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.STRETCH)
  public int[] bits1Scan() {
    kernel.dotBits(
        bits.query(), 1, bitBytes, bits.nextStretch(), bitBytes, RowsInMemory.STRETCH, out);
    return out;
  }

  /// A query of eight bits with rows of one bit, scattered.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.BATCH)
  public int[] bits8Scattered() {
    kernel.dotBits(bits.query(), MOST_PLANES, bitBytes, bits.nextBatch(), RowsInMemory.BATCH, out);
    return out;
  }

  /// A query of eight bits with rows of one bit, one after the other.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.STRETCH)
  public int[] bits8Scan() {
    kernel.dotBits(
        bits.query(),
        MOST_PLANES,
        bitBytes,
        bits.nextStretch(),
        bitBytes,
        RowsInMemory.STRETCH,
        out);
    return out;
  }

  /// In how many bits rows differ, scattered.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.BATCH)
  public int[] hammingScattered() {
    bitKernel.hamming(bits.query(), bitBytes, bits.nextBatch(), RowsInMemory.BATCH, out);
    return out;
  }

  /// In how many bits rows differ, one after the other.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.STRETCH)
  public int[] hammingScan() {
    bitKernel.hamming(
        bits.query(), bitBytes, bits.nextStretch(), bitBytes, RowsInMemory.STRETCH, out);
    return out;
  }

  /// A query of bytes with rows of bytes, scattered.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.BATCH)
  public int[] int7Scattered() {
    kernel.dotInt7(bytes.query(), byteBytes, bytes.nextBatch(), RowsInMemory.BATCH, out);
    return out;
  }

  /// A query of bytes with rows of bytes, one after the other.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.STRETCH)
  public int[] int7Scan() {
    kernel.dotInt7(
        bytes.query(), byteBytes, bytes.nextStretch(), byteBytes, RowsInMemory.STRETCH, out);
    return out;
  }

  /// Rows of bytes with each other.
  @Benchmark
  @OperationsPerInvocation(RowsInMemory.BATCH)
  public int[] int7Rows() {
    long[] addresses = bytes.nextBatch();
    for (int i = 0; i < RowsInMemory.BATCH; i++) {
      out[i] = kernel.dotInt7Rows(addresses[0], addresses[i], byteBytes);
    }
    return out;
  }
}
