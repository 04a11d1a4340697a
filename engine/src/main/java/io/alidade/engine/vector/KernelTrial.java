package io.alidade.engine.vector;

import io.alidade.engine.memory.OffHeapArea;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/// Two implementations of one kernel, and how to call either: what [KernelSelection] compares.
///
/// @param family what the log calls it
/// @param bitsPerDimension how many bits of a row one dimension takes
/// @param widening how many times as long as a row the query is
record KernelTrial(
    String family, int bitsPerDimension, int widening, Call scalar, Call vectorized) {
  private static final int DIMENSIONS = 384;
  private static final int LINE = 64;
  private static final int ROWS = 256;

  /// The most rows of one call.
  static final int BATCH = 32;

  private static final int SMALLEST_BATCH = 4;
  private static final long SEED = 42;

  /// One call of a kernel's batch form.
  @FunctionalInterface
  interface Call {
    void on(long query, int bytes, long[] rows, int count);
  }

  /// What was measured: nanoseconds a row.
  record Outcome(double scalar, double vectorized) {
    boolean isVectorizedSlower() {
      return vectorized > scalar;
    }
  }

  /// Where one trial's rows lie; the area keeps them.
  private record Rows(OffHeapArea area, long query, int bytes, long[] scattered) {}

  /// Calls both forms with little work each, until they have been called so often that they are
  /// compiled or the time is over.
  void warmUp(int calls, long nanos, LongSupplier clock) {
    Rows rows = rows();
    long start = clock.getAsLong();
    try (OffHeapArea _ = rows.area()) {
      for (int i = 0; i < calls && clock.getAsLong() - start < nanos; i++) {
        scalar.on(rows.query(), LINE, rows.scattered(), SMALLEST_BATCH);
        vectorized.on(rows.query(), LINE, rows.scattered(), SMALLEST_BATCH);
      }
    }
  }

  /// The least times of several short rounds, by turns, on rows scattered over more than a
  /// first-level cache.
  Outcome compare(int rounds, long nanosOfRound, LongSupplier clock) {
    double leastScalar = Double.POSITIVE_INFINITY;
    double leastVectorized = Double.POSITIVE_INFINITY;
    Rows rows = rows();
    try (OffHeapArea _ = rows.area()) {
      for (int i = 0; i < rounds; i++) {
        leastScalar = Math.min(leastScalar, nanosOfRow(scalar, rows, nanosOfRound, clock));
        leastVectorized =
            Math.min(leastVectorized, nanosOfRow(vectorized, rows, nanosOfRound, clock));
      }
    }
    return new Outcome(leastScalar, leastVectorized);
  }

  private static double nanosOfRow(Call call, Rows rows, long nanos, LongSupplier clock) {
    long start = clock.getAsLong();
    long calls = 0;
    long taken;
    do {
      call.on(rows.query(), rows.bytes(), rows.scattered(), BATCH);
      calls++;
      taken = clock.getAsLong() - start;
    } while (taken < nanos);
    return (double) taken / (calls * BATCH);
  }

  private Rows rows() {
    int bits = DIMENSIONS * bitsPerDimension;
    int bytes = (bits / Byte.SIZE + LINE - 1) / LINE * LINE;
    OffHeapArea area = new OffHeapArea();
    long first = area.allocate((long) ROWS * bytes);
    SplittableRandom random = new SplittableRandom(SEED);
    long[] scattered = new long[BATCH];
    for (int i = 0; i < BATCH; i++) {
      scattered[i] = first + (long) random.nextInt(ROWS) * bytes;
    }
    return new Rows(area, area.allocate((long) bytes * widening), bytes, scattered);
  }
}
