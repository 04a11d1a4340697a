package io.alidade.sql.session;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Ends a session's running statement when its client cancels it or its time is up.
///
/// The session's thread passes it again and again; [#cancel] may be called by any thread.
final class Interruption implements Checkpoint {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition cancelling = lock.newCondition();

  private volatile boolean cancelled;
  private long deadlineNanos;
  private boolean working;
  private boolean limited;

  /// A statement begins or goes on; its time counts from the first of these calls.
  ///
  /// @param timeoutMillis how long it may run; 0 for without end
  /// @return whether it begins
  boolean begin(long timeoutMillis) {
    if (working) {
      return false;
    }
    working = true;
    limited = timeoutMillis > 0;
    deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    return true;
  }

  /// A statement has ended; a cancellation that comes now still means the next one of the script.
  void end() {
    working = false;
  }

  /// The session waits for its client: a cancellation came too late and is forgotten.
  void rest() {
    working = false;
    cancelled = false;
  }

  void cancel() {
    lock.lock();
    try {
      cancelled = true;
      cancelling.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void pass() {
    if (cancelled) {
      throw new DatabaseException(
          SqlState.QUERY_CANCELED, "canceling statement due to user request");
    }
    if (limited && System.nanoTime() - deadlineNanos >= 0) {
      throw new DatabaseException(
          SqlState.QUERY_CANCELED, "canceling statement due to statement timeout");
    }
  }

  /// Waits, unless it is ended before.
  void sleep(long micros) {
    long remaining = TimeUnit.MICROSECONDS.toNanos(micros);
    long end = System.nanoTime() + remaining;
    lock.lock();
    try {
      while (remaining > 0) {
        pass();
        long untilDeadline = limited ? deadlineNanos - System.nanoTime() : Long.MAX_VALUE;
        cancelling.awaitNanos(Math.max(0, Math.min(remaining, untilDeadline)));
        remaining = end - System.nanoTime();
      }
      pass();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException(
          SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command");
    } finally {
      lock.unlock();
    }
  }
}
