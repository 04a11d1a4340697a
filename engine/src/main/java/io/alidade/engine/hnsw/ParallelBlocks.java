package io.alidade.engine.hnsw;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// A range of ordinals, cut into blocks that several threads take in order.
///
/// An interrupt of any of the threads ends the work early, between two blocks, and stays set; so
/// does what the work may ask.
final class ParallelBlocks {
  static final int BLOCK = 64;

  /// What one thread does with the blocks that it takes.
  @FunctionalInterface
  interface Worker {
    void run(int from, int end);

    /// Called when there are no more blocks for it, unless it failed.
    default void close() {}
  }

  private final int begin;
  private final int end;
  private final AtomicLong done;
  private final BooleanSupplier cancelled;
  private final int blocks;
  private final AtomicInteger nextBlock = new AtomicInteger();
  private volatile boolean stopped;
  private int working;
  private boolean closed;
  private Optional<Throwable> failure = Optional.empty();

  /// @param done raised by the length of each finished block
  ParallelBlocks(int begin, int end, AtomicLong done) {
    this(begin, end, done, () -> false);
  }

  /// @param cancelled whether to end early; asked by all threads
  ParallelBlocks(int begin, int end, AtomicLong done, BooleanSupplier cancelled) {
    this.cancelled = cancelled;
    this.begin = begin;
    this.end = end;
    this.done = done;
    this.blocks = (end - begin + BLOCK - 1) / BLOCK;
  }

  /// Runs on the calling thread and `threads - 1` of the executor's, and returns whether everything
  /// was done. When it returns nobody is at work any more, whatever happened.
  boolean run(Supplier<Worker> workers, int threads, Executor executor) {
    for (int i = 1; i < Math.min(threads, blocks); i++) {
      executor.execute(() -> work(workers));
    }
    work(workers);
    awaitOthers();
    failure.ifPresent(cause -> {
      throw new IllegalStateException("work on a graph failed", cause);
    });
    return !stopped;
  }

  private void work(Supplier<Worker> workers) {
    if (!enter()) {
      return; // The executor was busy until the others had done everything.
    }
    try {
      Worker worker = workers.get();
      while (true) {
        int block = isStopped() ? blocks : nextBlock.getAndIncrement();
        if (block >= blocks) {
          break;
        }
        int from = begin + block * BLOCK;
        int to = Math.min(end, from + BLOCK);
        worker.run(from, to);
        done.addAndGet(to - from);
      }
      worker.close();
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      leave();
    }
  }

  private boolean isStopped() {
    if (!stopped && (Thread.currentThread().isInterrupted() || cancelled.getAsBoolean())) {
      stopped = true; // For the others, too.
    }
    return stopped;
  }

  private synchronized boolean enter() {
    if (closed) {
      return false;
    }
    working++;
    return true;
  }

  private synchronized void leave() {
    working--;
    notifyAll();
  }

  private synchronized void fail(Throwable cause) {
    stopped = true;
    if (failure.isEmpty()) {
      failure = Optional.of(cause);
    }
  }

  /// Waits for those who are at a block, whatever happens: they write to memory that the caller may
  /// free.
  private synchronized void awaitOthers() {
    closed = true;
    boolean interrupted = false;
    while (working > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
