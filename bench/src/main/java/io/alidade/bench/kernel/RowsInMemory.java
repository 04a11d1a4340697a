package io.alidade.bench.kernel;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.OffHeapArea;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/// Rows of random bytes off-heap, to be read scattered in batches or one after the other in
/// stretches.
final class RowsInMemory implements AutoCloseable {
  static final int BATCH = 32;
  static final int STRETCH = 256;
  private static final int BATCHES = 4096;
  private static final long SEED = 42;

  private final OffHeapArea area = new OffHeapArea();
  private final int stride;
  private final int count;
  private final long first;
  private final long query;
  private final long[][] scattered = new long[BATCHES][BATCH];
  private int batch;
  private int stretch;

  /// Rows whose bits are random where the mask, which repeats each eight bytes, has ones.
  ///
  /// @param queryBytes how long the query is, which is random in the same way
  RowsInMemory(int count, int stride, long mask, int queryBytes) {
    this.stride = stride;
    this.count = count;
    SplittableRandom random = new SplittableRandom(SEED);
    first = fill((long) count * stride, mask, random);
    query = fill(queryBytes, mask, random);
    for (long[] addresses : scattered) {
      for (int i = 0; i < BATCH; i++) {
        addresses[i] = first + (long) random.nextInt(count) * stride;
      }
    }
  }

  private long fill(long bytes, long mask, SplittableRandom random) {
    long address = area.allocate(bytes);
    for (long i = 0; i < bytes; i += Long.BYTES) {
      AddressSpace.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address + i, random.nextLong() & mask);
    }
    return address;
  }

  long query() {
    return query;
  }

  int stride() {
    return stride;
  }

  /// The addresses of the next rows scattered in memory.
  long[] nextBatch() {
    batch = (batch + 1) % BATCHES;
    return scattered[batch];
  }

  /// Where the next stretch of rows begins.
  long nextStretch() {
    stretch = (stretch + 1) % (count / STRETCH);
    return first + (long) stretch * STRETCH * stride;
  }

  @Override
  public void close() {
    area.close();
  }
}
