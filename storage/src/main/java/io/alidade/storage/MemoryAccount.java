package io.alidade.storage;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.model.thread.ObservedThread;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.segment.VectorIndex;
import io.alidade.storage.table.TableStore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// What changes that are not in files yet take of memory, and who waits or fails because it is too
/// much. Thread-safe.
///
/// Committed rows are measured now and then, when somebody commits. From a quarter of the limit on
/// a checkpoint begins; from a half on who commits waits until one has given memory back. What open
/// transactions hold no checkpoint can give back: together they may take the other half, and a
/// large one that asks for more fails. So small ones go on, and nobody waits for himself.
final class MemoryAccount {
  /// A transaction that holds less is not refused anything.
  static final long SMALL_BYTES = 4L << 20;

  private static final long MEASURED_EVERY_NANOS = 50_000_000;
  private static final long LOOK_AGAIN_MILLIS = 5;

  /// What a transaction tells at once.
  private static final long TOLD_AT_ONCE = 64L << 10;

  private final MemoryLimits limits;
  private final CommittedState state;
  private final LogVolume volume;
  private final Reclaim reclaim;
  private final AtomicLong transactions = new AtomicLong();
  private final AtomicLong transactionsOnHeap = new AtomicLong();
  private final ReentrantLock measuring = new ReentrantLock();
  private volatile Rows rows = new Rows(0, 0, 0);
  private volatile long measuredAt = System.nanoTime() - MEASURED_EVERY_NANOS;

  /// Whether anything gives memory back.
  enum Reclaim {
    BY_CHECKPOINTS,
    /// A database in memory: it takes what it takes.
    NEVER
  }

  /// Committed rows, and what is not to be given back.
  private record Rows(long bytes, long heapBytes, long sealed) {}

  MemoryAccount(MemoryLimits limits, CommittedState state, LogVolume volume, Reclaim reclaim) {
    this.limits = limits;
    this.state = state;
    this.volume = volume;
    this.reclaim = reclaim;
  }

  /// What one transaction holds. For one thread.
  final class Share implements AutoCloseable {
    private long bytes;
    private long heapBytes;
    private long told;
    private long toldOnHeap;

    /// Takes more.
    ///
    /// @throws DatabaseException 53200 when open transactions hold too much
    void take(long more, long moreOnHeap) {
      bytes += more;
      heapBytes += moreOnHeap;
      if (bytes - told + (heapBytes - toldOnHeap) >= TOLD_AT_ONCE) {
        tell();
        requireRoom();
      }
    }

    private void tell() {
      transactions.addAndGet(bytes - told);
      transactionsOnHeap.addAndGet(heapBytes - toldOnHeap);
      told = bytes;
      toldOnHeap = heapBytes;
    }

    private void requireRoom() {
      if (bytes > SMALL_BYTES && transactions.get() > limits.bytes() / 2) {
        throw refused("", bytes, transactions.get(), limits.bytes() / 2)
            .withHint("Commit more often, or raise the server's \"alidade.memory_limit\".");
      }
      if (heapBytes > SMALL_BYTES && transactionsOnHeap.get() > limits.heapBytes() / 2) {
        throw refused(" of the heap", heapBytes, transactionsOnHeap.get(), limits.heapBytes() / 2)
            .withHint("Commit more often, or give the server a larger heap.");
      }
    }

    private DatabaseException refused(String where, long own, long all, long most) {
      return new DatabaseException(SqlState.OUT_OF_MEMORY, "out of memory")
          .withDetail(
              "The changes of this transaction take %d MB%s, those of all open ones %d of %d MB."
                  .formatted(own >> 20, where, all >> 20, most >> 20));
    }

    /// The transaction has ended.
    @Override
    public void close() {
      transactions.addAndGet(-told);
      transactionsOnHeap.addAndGet(-toldOnHeap);
      bytes = 0;
      heapBytes = 0;
      told = 0;
      toldOnHeap = 0;
    }
  }

  Share newShare() {
    return new Share();
  }

  /// Waits until there is room for more committed rows, and has a checkpoint begin in time.
  ///
  /// @throws DatabaseException 53200 when the checkpoint that was to make room has failed
  void awaitRoom(Checkpoint cancel) {
    if (reclaim == Reclaim.NEVER) {
      return;
    }
    measureIfLongAgo();
    if (isAbove(4)) {
      volume.demand();
    }
    if (isAbove(2)) {
      long failures = volume.failures();
      ObservedThread.<RuntimeException>waiting(() -> awaitRoom(cancel, failures));
    }
  }

  private void awaitRoom(Checkpoint cancel, long failures) {
    while (isAbove(2)) {
      cancel.pass();
      if (volume.failures() != failures) {
        throw new DatabaseException(SqlState.OUT_OF_MEMORY, "out of memory")
            .withDetail(
                "Rows that are not in files take %d of %d MB, and they could not be written."
                    .formatted(rows.bytes() >> 20, limits.bytes() >> 20))
            .withHint("See server log for why the checkpoint failed.");
      }
      volume.demand();
      try {
        Thread.sleep(LOOK_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DatabaseException(
            SqlState.QUERY_CANCELED, "canceling statement due to user request", e);
      }
      measureIfLongAgo();
    }
  }

  /// Whether committed rows take more than a part of the limit.
  private boolean isAbove(int part) {
    Rows now = rows;
    return now.bytes() > limits.bytes() / part || now.heapBytes() > limits.heapBytes() / part;
  }

  private void measureIfLongAgo() {
    if (System.nanoTime() - measuredAt >= MEASURED_EVERY_NANOS && measuring.tryLock()) {
      try {
        rows = measure();
        measuredAt = System.nanoTime();
      } finally {
        measuring.unlock();
      }
    }
  }

  private Rows measure() {
    long bytes = 0;
    long heapBytes = 0;
    long sealed = 0;
    for (TableStore store : state.stores()) {
      for (Segment segment : store.segments()) { // Not held: only its figures are read.
        long graphs = 0;
        for (VectorIndex index : segment.vectorIndexes().values()) {
          graphs += index.graph().allocatedBytes();
        }
        switch (segment) {
          case MutableSegment mutable -> {
            bytes += mutable.memoryBytes() + graphs;
            heapBytes += mutable.heapBytes();
          }
          case SealedSegment whole -> sealed += whole.memoryBytes() + graphs;
        }
      }
    }
    return new Rows(bytes, heapBytes, sealed);
  }

  /// What takes how much now.
  MemoryUse use() {
    Rows now = measure();
    return new MemoryUse(
        now.bytes(),
        now.heapBytes(),
        transactions.get(),
        transactionsOnHeap.get(),
        limits,
        now.sealed(),
        state.pinned().taken(),
        state.pinned().limit());
  }
}
