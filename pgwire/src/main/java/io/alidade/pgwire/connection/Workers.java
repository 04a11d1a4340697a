package io.alidade.pgwire.connection;

import io.alidade.model.thread.ObservedThread;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// The threads that run statements. Thread-safe.
///
/// Platform threads, so that the operating system shares the cores among long statements. As many
/// as there are cores run at once at first; others' work is queued meanwhile, because most
/// statements are over sooner than a thread is woken. More threads join in when one says that it
/// waits ([ObservedThread]), and when no work was taken from the queue for a millisecond: then
/// those that run have long statements, or wait for something that says nothing. What is queued is
/// bounded by the number of connections, each of which has at most one task.
///
/// When all threads are taken, a conversation that is in a transaction does not wait: the others
/// may all be waiting for a lock that it holds. It gets an extra thread; these are as many as
/// sessions at the most.
public final class Workers implements AutoCloseable {

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long STALLED_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final int limit;
  private final int cores = Runtime.getRuntime().availableProcessors();
  private final String name;
  private final AtomicInteger number = new AtomicInteger();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition somethingQueued = lock.newCondition();

  // Guarded by the lock.
  private final ArrayDeque<SerialTask> queue = new ArrayDeque<>();
  private final ArrayDeque<Worker> idle = new ArrayDeque<>();

  /// Threads that are not idle; less than all by those that said that they wait.
  private int running;

  private int threads;
  private long taken;
  private boolean watching;
  private boolean closed;

  /// @param limit how many threads there are, without the extra ones
  public Workers(int limit, String name) {
    this.limit = limit;
    this.name = name;
    Thread watch = new Thread(this::watch, name + "-watch");
    watch.setDaemon(true);
    watch.start();
  }

  void execute(SerialTask task) {
    lock.lock();
    try {
      queue.add(task);
      if (running < cores) {
        addRunning();
      }
      if (!watching && !queue.isEmpty()) {
        watching = true;
        somethingQueued.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Has one more thread run, if there may be one more.
  private void addRunning() {
    Worker waiting = idle.poll();
    if (waiting != null) {
      running++;
      waiting.goOn();
    } else if (threads < limit) {
      start(Optional.empty());
    } else {
      startExtra();
    }
  }

  /// Gives a thread beyond the limit to the first that others may be waiting for.
  private void startExtra() {
    for (Iterator<SerialTask> queued = queue.iterator(); queued.hasNext(); ) {
      SerialTask task = queued.next();
      if (task.mayHoldLocks()) {
        queued.remove();
        taken++;
        start(Optional.of(task));
        return;
      }
    }
  }

  private void start(Optional<SerialTask> first) {
    running++;
    threads++;
    new Worker(first).start();
  }

  /// Sees to it that what is queued does not wait for threads that are busy for long.
  private void watch() {
    lock.lock();
    try {
      while (!closed) {
        long before = taken;
        if (queue.isEmpty()) {
          watching = false;
          somethingQueued.awaitUninterruptibly();
        } else {
          sleep();
          if (taken == before && !queue.isEmpty()) {
            addRunning();
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Without the lock; not on its condition, which a signal would end early.
  private void sleep() {
    lock.unlock();
    try {
      LockSupport.parkNanos(STALLED_NANOS);
    } finally {
      lock.lock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      somethingQueued.signal();
      idle.forEach(Worker::goOn);
    } finally {
      lock.unlock();
    }
  }

  /// One thread; the last to idle is the first to work again.
  private final class Worker extends Thread implements ObservedThread {
    private final Optional<SerialTask> first;
    private volatile boolean woken;

    Worker(Optional<SerialTask> first) {
      super(name + "-" + number.incrementAndGet());
      this.first = first;
      setDaemon(true);
    }

    /// Ends its waiting, after it was taken off the idle ones.
    void goOn() {
      woken = true;
      LockSupport.unpark(this);
    }

    @Override
    public void run() {
      first.ifPresent(SerialTask::run);
      Optional<SerialTask> next = next();
      while (next.isPresent()) {
        next.get().run();
        next = next();
      }
    }

    /// The next task, waited for; empty when the thread is to end, which is then accounted for.
    private Optional<SerialTask> next() {
      lock.lock();
      try {
        while (true) {
          SerialTask task = queue.poll();
          if (task != null) {
            taken++;
            return Optional.of(task);
          }
          running--;
          if (closed || threads > limit || !awaitWork()) {
            threads--;
            return Optional.empty();
          }
        }
      } finally {
        lock.unlock();
      }
    }

    /// @return whether it was woken for work: it counts as running again
    private boolean awaitWork() {
      woken = false;
      idle.push(this);
      lock.unlock();
      try {
        long end = System.nanoTime() + IDLE_NANOS;
        long left = IDLE_NANOS;
        while (!woken && left > 0) {
          LockSupport.parkNanos(this, left);
          left = end - System.nanoTime();
        }
      } finally {
        lock.lock();
      }
      // Whoever wakes it takes it off first; nobody did if it is still there.
      return !idle.remove(this);
    }

    @Override
    public void beginWait() {
      lock.lock();
      try {
        running--;
        if (!queue.isEmpty() && running < cores) {
          addRunning();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void endWait() {
      lock.lock();
      try {
        running++;
      } finally {
        lock.unlock();
      }
    }
  }
}
