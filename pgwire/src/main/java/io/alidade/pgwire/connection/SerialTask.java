package io.alidade.pgwire.connection;

import java.util.concurrent.atomic.AtomicInteger;

/// Runs a conversation on the workers, never twice at once, and again after each time it was woken.
///
/// A wake-up is never lost: one that comes while the body runs makes it run once more. At most one
/// entry of the workers' queue belongs to it at any time.
final class SerialTask implements Runnable {

  private static final int IDLE = 0;
  private static final int SCHEDULED = 1;
  private static final int WOKEN_AGAIN = 2;

  private final AtomicInteger state = new AtomicInteger(IDLE);
  private final Workers workers;
  private final Conversation body;

  SerialTask(Workers workers, Conversation body) {
    this.workers = workers;
    this.body = body;
  }

  void wake() {
    while (true) {
      int seen = state.get();
      if (seen == WOKEN_AGAIN) {
        return;
      }
      if (state.compareAndSet(seen, seen == IDLE ? SCHEDULED : WOKEN_AGAIN)) {
        if (seen == IDLE) {
          workers.execute(this);
        }
        return;
      }
    }
  }

  /// Whether others may be waiting for what it does.
  boolean mayHoldLocks() {
    return body.mayHoldLocks();
  }

  @Override
  public void run() {
    do {
      state.set(SCHEDULED);
      body.run();
    } while (!state.compareAndSet(SCHEDULED, IDLE));
  }
}
