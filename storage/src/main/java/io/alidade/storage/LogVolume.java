package io.alidade.storage;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// How much was logged since the last checkpoint began, who waits for it to be much, and who waits
/// because it is too much. Thread-safe.
///
/// What was logged since is in memory. While a checkpoint runs, writers may log as much again as
/// made it begin; then they wait for it, so that a load that is faster than the disk and the index
/// builder does not fill the memory.
final class LogVolume {
  private static final long LOOK_AGAIN_MILLIS = 5;

  private final long limit;
  private final AtomicLong bytes = new AtomicLong();
  private final Semaphore much = new Semaphore(0);
  private final AtomicLong failures = new AtomicLong();
  private volatile boolean demanded;
  private volatile boolean sealing;

  LogVolume(long limit) {
    this.limit = limit;
  }

  void add(long more) {
    if (bytes.addAndGet(more) >= limit && much.availablePermits() == 0) {
      much.release();
    }
  }

  /// Has a checkpoint begin, whatever was logged; nothing if one is running.
  void demand() {
    if (!sealing && !demanded) {
      demanded = true;
      much.release();
    }
  }

  /// How many checkpoints have failed.
  long failures() {
    return failures.get();
  }

  /// A checkpoint begins: counts anew.
  void beginSealing() {
    bytes.set(0);
    demanded = false;
    sealing = true;
  }

  /// It has failed; [#endSealing] follows.
  void sealingFailed() {
    failures.incrementAndGet();
  }

  /// It has ended, well or not.
  void endSealing() {
    sealing = false;
  }

  /// Waits until the limit was reached or a checkpoint is demanded.
  void awaitMuch() throws InterruptedException {
    do {
      much.acquire();
    } while (bytes.get() < limit && !demanded);
  }

  /// Waits as long as a checkpoint runs and the limit was reached again since it began.
  void awaitRoom(Checkpoint cancel) {
    while (sealing && bytes.get() >= limit) {
      cancel.pass();
      try {
        Thread.sleep(LOOK_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DatabaseException(
            SqlState.QUERY_CANCELED, "canceling statement due to user request", e);
      }
    }
  }
}
