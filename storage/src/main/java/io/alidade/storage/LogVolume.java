package io.alidade.storage;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// How much was logged since the last checkpoint began, and who waits for it to be much.
/// Thread-safe.
final class LogVolume {
  private final long limit;
  private final AtomicLong bytes = new AtomicLong();
  private final Semaphore much = new Semaphore(0);

  LogVolume(long limit) {
    this.limit = limit;
  }

  void add(long more) {
    if (bytes.addAndGet(more) >= limit && much.availablePermits() == 0) {
      much.release();
    }
  }

  /// Begins to count anew.
  void reset() {
    bytes.set(0);
  }

  /// Waits until the limit was reached.
  void awaitMuch() throws InterruptedException {
    do {
      much.acquire();
    } while (bytes.get() < limit);
  }
}
