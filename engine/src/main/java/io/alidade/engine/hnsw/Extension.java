package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/// The insertion of a range of ordinals by several threads.
///
/// The range is cut into blocks that the threads take in order; what is covered is the longest row
/// of finished blocks.
final class Extension {
  private static final int BLOCK = 64;

  private final Distance distance;
  private final VectorStore vectors;
  private final HnswGraph graph;
  private final Optional<VectorCodes> codes;
  private final int begin;
  private final int end;
  private final IntConsumer covered;
  private final int blocks;
  private final AtomicInteger nextBlock = new AtomicInteger();
  private final BitSet finished = new BitSet();
  private volatile boolean stopped;
  private int finishedRow;
  private int working;
  private boolean closed;
  private Optional<Throwable> failure = Optional.empty();

  /// @param covered told, in rising order, up to which ordinal everything is in
  Extension(
      Distance distance,
      VectorStore vectors,
      HnswGraph graph,
      Optional<VectorCodes> codes,
      int begin,
      int end,
      IntConsumer covered) {
    this.distance = distance;
    this.vectors = vectors;
    this.graph = graph;
    this.codes = codes;
    this.begin = begin;
    this.end = end;
    this.covered = covered;
    this.blocks = (end - begin + BLOCK - 1) / BLOCK;
  }

  /// Runs on the calling thread and `threads - 1` of the executor's.
  void run(
      Supplier<NodeInserter> take,
      Consumer<NodeInserter> giveBack,
      int threads,
      Executor executor) {
    for (int i = 1; i < threads; i++) {
      executor.execute(() -> work(take, giveBack));
    }
    work(take, giveBack);
    awaitOthers();
    failure.ifPresent(cause -> {
      throw new IllegalStateException("the graph could not be extended", cause);
    });
  }

  private void work(Supplier<NodeInserter> take, Consumer<NodeInserter> giveBack) {
    if (!enter()) {
      return; // The executor was busy until the others had done everything.
    }
    try {
      NodeInserter inserter = take.get();
      while (!isStopped()) {
        int block = nextBlock.getAndIncrement();
        if (block >= blocks) {
          break;
        }
        insertBlock(inserter, block);
      }
      giveBack.accept(inserter);
    } catch (RuntimeException | Error e) {
      fail(e);
      stopped = true;
    } finally {
      leave();
    }
  }

  private boolean isStopped() {
    if (Thread.currentThread().isInterrupted()) {
      stopped = true; // For the others, too.
    }
    return stopped;
  }

  private void insertBlock(NodeInserter inserter, int block) {
    int from = begin + block * BLOCK;
    int to = Math.min(end, from + BLOCK);
    for (int ordinal = from; ordinal < to; ordinal++) {
      // A node may be in already, if an earlier extension was interrupted, or even out again.
      if (isComparable(ordinal) && !graph.isPlaced(ordinal)) {
        inserter.insert(ordinal, codes);
      }
    }
    finish(block);
  }

  private boolean isComparable(int ordinal) {
    float inverseNorm = vectors.inverseNorm(ordinal);
    return inverseNorm != VectorStore.ABSENT
        && !(distance == Distance.COSINE && Float.isNaN(inverseNorm));
  }

  private synchronized void finish(int block) {
    finished.set(block);
    finishedRow = finished.nextClearBit(finishedRow);
    covered.accept(Math.min(end, begin + finishedRow * BLOCK));
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
