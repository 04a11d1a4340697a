package io.alidade.storage.lock;

import com.carrotsearch.hppc.LongArrayList;
import io.alidade.engine.search.Checkpoint;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// A transaction as the lock table knows it: what it holds, and what it waits for.
public final class LockOwner {
  private final Checkpoint cancel;
  private volatile Duration timeout = Duration.ZERO;

  // What follows belongs to the lock table.
  final LongArrayList held = new LongArrayList();
  final Condition wake;
  long waitsFor;
  boolean waiting;
  @Nullable LockMode wanted;

  LockOwner(Checkpoint cancel, Condition wake) {
    this.cancel = cancel;
    this.wake = wake;
  }

  /// How long to wait for a lock; zero for without end.
  public void timeout(Duration newTimeout) {
    timeout = newTimeout;
  }

  Duration timeout() {
    return timeout;
  }

  Checkpoint cancel() {
    return cancel;
  }
}
