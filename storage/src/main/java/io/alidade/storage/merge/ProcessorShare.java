package io.alidade.storage.merge;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Keeps background threads together to a share of the machine's processors.
///
/// Threads that pass here again and again while they work are put to sleep for as long as they are
/// ahead of the share, by the processor time that they have really taken. Thread-safe.
public final class ProcessorShare {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// What was not used is not saved for longer than this.
  private static final long SAVED_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /// The longest sleep, after which a thread looks whether it is still wanted.
  private static final long MOST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /// More at once was not spent between two passes: the thread did something else meanwhile.
  private static final long MOST_CHARGED_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final double processors;
  private final long start = System.nanoTime();

  /// The time, since the start, up to which the share is used up.
  private final AtomicLong usedUpTo = new AtomicLong();

  /// The processor time that a thread had taken when it passed last.
  private final ThreadLocal<long[]> taken = ThreadLocal.withInitial(() -> new long[] {-1});

  private final AtomicLong spent = new AtomicLong();

  /// @param share of all processors, above 0 and at most 1, which means no limit
  public ProcessorShare(double share) {
    this(share, Runtime.getRuntime().availableProcessors());
  }

  ProcessorShare(double share, int processors) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("a share of " + share);
    }
    this.processors = share < 1 ? share * processors : Double.POSITIVE_INFINITY;
  }

  /// Passed by a background thread between two pieces of work; sleeps if the share is used up.
  public void pass() {
    if (Double.isInfinite(processors)) {
      return;
    }
    long[] last = taken.get();
    long now = THREADS.getCurrentThreadCpuTime();
    long used = last[0] < 0 ? 0 : Math.min(now - last[0], MOST_CHARGED_NANOS);
    last[0] = now;
    spent.addAndGet(used);
    long cost = (long) (used / processors);
    long time = System.nanoTime() - start;
    long until = usedUpTo.updateAndGet(before -> Math.max(before, time - SAVED_NANOS) + cost);
    if (until > time) {
      LockSupport.parkNanos(Math.min(until - time, MOST_SLEEP_NANOS));
    }
  }

  /// The processor time that passed here, in nanoseconds.
  public long spentNanos() {
    return spent.get();
  }
}
