package io.alidade.engine.memory;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;

/// Who is reading memory that may be taken out of use while readers come and go: it is freed when
/// it is out of use and the last reader has left, by whoever comes last.
///
/// Readers are counted on cache lines that each belong to some threads only, so that searches on
/// many processors do not wait for each other: two additions a search. The garbage collector, told
/// by a `Cleaner`, would cost searches nothing, but it does not know how much memory hangs on an
/// object of a few bytes, and would free it late or, with a heap that is hardly used, never.
/// Thread-safe.
public final class ReaderCount {
  /// From one counter to the next: two cache lines, for processors fetch them in pairs.
  private static final int SPREAD = 128 / Long.BYTES;

  private static final int COUNTERS =
      Integer.highestOneBit(Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 2, 64));

  private final Runnable free;
  private final AtomicLongArray counts = new AtomicLongArray(COUNTERS * SPREAD);
  private final AtomicBoolean freed = new AtomicBoolean();
  private volatile boolean retired;

  /// @param free frees the memory; called once
  public ReaderCount(Runnable free) {
    this.free = free;
  }

  /// Begins to read, unless the memory is out of use; [#leave] must follow if it is not.
  public boolean enter() {
    counts.getAndIncrement(counter());
    if (!retired) {
      return true;
    }
    leave();
    return false;
  }

  /// A reader that has entered has ended. It may be another thread that says so.
  public void leave() {
    counts.getAndDecrement(counter());
    if (retired) {
      freeIfUnread();
    }
  }

  /// Takes the memory out of use: nobody enters from now on.
  public void retire() {
    retired = true;
    freeIfUnread();
  }

  /// Whether the memory has been freed.
  public boolean isFreed() {
    return freed.get();
  }

  /// Who had entered before the memory was retired is counted already, and who comes later leaves
  /// the counter that it entered by, so the sum is never below the number of readers.
  private void freeIfUnread() {
    long readers = 0;
    for (int i = 0; i < COUNTERS; i++) {
      readers += counts.get(i * SPREAD);
    }
    if (readers == 0 && freed.compareAndSet(false, true)) {
      free.run();
    }
  }

  private static int counter() {
    int hash = (int) (Thread.currentThread().threadId() * 0x9E3779B97F4A7C15L >>> 32);
    return (hash & COUNTERS - 1) * SPREAD;
  }
}
