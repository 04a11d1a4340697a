package io.alidade.pgwire.connection;

import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The threads that run statements. Thread-safe.
///
/// Platform threads, so that the operating system shares the cores among long statements. There are
/// more than cores, because a statement may wait for a lock or for the disk. Work goes to a thread
/// that idles, else to a new one up to the limit, else it waits; what waits is bounded by the
/// number of connections, each of which has at most one task.
///
/// When all threads are taken, a conversation that is in a transaction does not wait: the others
/// may all be waiting for a lock that it holds. It gets an extra thread; these are as many as
/// sessions at the most.
public final class Workers implements AutoCloseable {

  private static final int IDLE_SECONDS = 30;

  private final ThreadPoolExecutor pool;
  private final ThreadPoolExecutor extra;

  /// @param limit how many threads there are, without the extra ones
  public Workers(int limit, String name) {
    AtomicInteger number = new AtomicInteger();
    ThreadFactory threads =
        task -> {
          Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    int core = Math.min(limit, Runtime.getRuntime().availableProcessors());
    pool =
        new ThreadPoolExecutor(
            core, limit, IDLE_SECONDS, TimeUnit.SECONDS, new HandOver(), threads, this::allTaken);
    extra =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE, // Bounded by the sessions, as the class says.
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            threads);
  }

  void execute(SerialTask task) {
    pool.execute(task);
  }

  private void allTaken(Runnable task, ThreadPoolExecutor full) {
    if (task instanceof SerialTask serial && serial.mayHoldLocks()) {
      extra.execute(task);
    } else {
      ((HandOver) full.getQueue()).put(task);
    }
  }

  @Override
  public void close() {
    pool.shutdown();
    extra.shutdown();
  }

  /// Refuses work that no idle thread waits for, so that the pool starts a thread; at the limit the
  /// pool's handler queues it after all.
  private static final class HandOver extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }
  }
}
