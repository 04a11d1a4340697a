package io.alidade.engine.search;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// The threads that help searches while cores are idle, and the memory that searches work in.
///
/// Searches and helpers together are never more than there are cores, unless the searches alone
/// are. Thread-safe.
public final class SearchWorkers {
  private static final long IDLE_SECONDS = 10;

  private final int cores;
  private final AtomicInteger busy = new AtomicInteger();
  private final ThreadPoolExecutor threads;

  /// Memory kept for the next searches; more at once is made as needed and then dropped.
  private final BlockingQueue<SearchScratch> pool;

  /// @param cores how many threads may search at once
  public SearchWorkers(int cores) {
    this.cores = cores;
    this.pool = new ArrayBlockingQueue<>(2 * cores);
    int helpers = Math.max(1, cores - 1);
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            helpers,
            helpers,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // No longer than there are cores: see #helpers.
            work ->
                Thread.ofPlatform()
                    .daemon()
                    .name("alidade-search-" + number.incrementAndGet())
                    .unstarted(work));
    threads.allowCoreThreadTimeOut(true);
  }

  /// A part of a search, done by whoever has time.
  @FunctionalInterface
  interface Work {
    /// Does what is left to be done until there is nothing left.
    ///
    /// @param checkpoint ends the work for all when it has ended for one
    void run(Worker worker, Checkpoint checkpoint);
  }

  /// Who does a part of the work.
  enum Worker {
    /// The thread that searches.
    SEARCHER,
    HELPER
  }

  /// Memory to search in.
  SearchScratch takeScratch() {
    SearchScratch pooled = pool.poll();
    return pooled != null ? pooled : new SearchScratch();
  }

  /// Keeps memory for the next search.
  void giveBack(SearchScratch scratch) {
    pool.offer(scratch);
  }

  /// A search begins on the calling thread.
  public void enter() {
    busy.incrementAndGet();
  }

  /// And ends.
  public void leave() {
    busy.decrementAndGet();
  }

  /// How many cores nobody uses now, besides that of the caller.
  public int idle() {
    return Math.max(0, cores - busy.get());
  }

  /// Does work on the calling thread and on as many helpers as there are idle cores, and returns
  /// when all are done. Ends with the first failure of any.
  ///
  /// @param parts more threads than this would have nothing to do
  void run(int parts, Checkpoint checkpoint, Work work) {
    int helpers = helpers(parts - 1);
    Team team = new Team(work, checkpoint, helpers);
    for (int i = 0; i < helpers; i++) {
      threads.execute(team);
    }
    team.work(Worker.SEARCHER);
    team.awaitHelpers();
    team.throwFailure();
  }

  /// One of a number of parts.
  @FunctionalInterface
  public interface Part {
    /// Does the part of this number.
    void run(int number, Checkpoint checkpoint);
  }

  /// Does the parts 0 to `parts - 1`, on the calling thread and with helpers as idle cores allow.
  /// Ends with the first failure of any.
  public void each(int parts, Checkpoint checkpoint, Part part) {
    AtomicInteger next = new AtomicInteger();
    run(
        parts,
        checkpoint,
        (_, common) -> {
          for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
            part.run(i, common);
          }
        });
  }

  /// Takes idle cores.
  private int helpers(int most) {
    int taken = 0;
    while (taken < most) {
      int now = busy.get();
      if (now >= cores) {
        break;
      }
      if (busy.compareAndSet(now, now + 1)) {
        taken++;
      }
    }
    return taken;
  }

  private final class Team implements Runnable, Checkpoint {
    private final Work work;
    private final Checkpoint checkpoint;
    private final CountDownLatch helping;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Team(Work work, Checkpoint checkpoint, int helpers) {
      this.work = work;
      this.checkpoint = checkpoint;
      this.helping = new CountDownLatch(helpers);
    }

    /// Ends the others' work quietly once one has failed.
    private static final class Ended extends RuntimeException {
      private static final long serialVersionUID = 1;

      Ended() {
        super("another thread of the search has failed", null, false, false);
      }
    }

    @Override
    public void pass() {
      if (failure.get() != null) {
        throw new Ended();
      }
      checkpoint.pass();
    }

    @Override
    public void run() {
      try {
        work(Worker.HELPER);
      } finally {
        leave();
        helping.countDown();
      }
    }

    void work(Worker worker) {
      try {
        work.run(worker, this);
      } catch (Throwable e) { // Passed on by the searching thread.
        failure.compareAndSet(null, e);
      }
    }

    void awaitHelpers() {
      boolean interrupted = false;
      while (true) {
        try {
          helping.await();
          break;
        } catch (InterruptedException e) { // They read memory that the caller holds.
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    void throwFailure() {
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }
}
