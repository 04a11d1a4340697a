package io.alidade.bench.calibration;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// Takes the processor time of repeated work on the calling thread.
final class Stopwatch {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long LEAST_NANOS = 150_000_000;
  private static final int ROUNDS = 3;

  private Stopwatch() {}

  /// The nanoseconds that one call takes: the least of some rounds, the first of which warms up.
  static double nanos(Runnable work) {
    double least = Double.MAX_VALUE;
    for (int round = 0; round <= ROUNDS; round++) {
      long calls = 0;
      long start = THREADS.getCurrentThreadCpuTime();
      long spent = 0;
      while (spent < LEAST_NANOS) {
        work.run();
        calls++;
        spent = THREADS.getCurrentThreadCpuTime() - start;
      }
      if (round > 0) {
        least = Math.min(least, (double) spent / calls);
      }
    }
    return least;
  }
}
