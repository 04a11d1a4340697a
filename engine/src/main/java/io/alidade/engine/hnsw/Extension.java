package io.alidade.engine.hnsw;

import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/// The insertion of a range of ordinals by several threads.
///
/// The range is cut into blocks that the threads take in order; what is covered is the longest row
/// of finished blocks.
final class Extension {
  private final Distance distance;
  private final VectorStore vectors;
  private final HnswGraph graph;
  private final Optional<VectorCodes> codes;
  private final IntPredicate leftOut;
  private final int begin;
  private final int end;
  private final IntConsumer covered;
  private final BitSet finished = new BitSet();
  private int finishedRow;

  /// @param leftOut the rows that are not inserted
  /// @param covered told, in rising order, up to which ordinal everything is in
  Extension(
      Distance distance,
      VectorStore vectors,
      HnswGraph graph,
      Optional<VectorCodes> codes,
      IntPredicate leftOut,
      int begin,
      int end,
      IntConsumer covered) {
    this.distance = distance;
    this.vectors = vectors;
    this.graph = graph;
    this.codes = codes;
    this.leftOut = leftOut;
    this.begin = begin;
    this.end = end;
    this.covered = covered;
  }

  /// Runs on the calling thread and `threads - 1` of the executor's, until it is cancelled.
  void run(
      Supplier<NodeInserter> take,
      Consumer<NodeInserter> giveBack,
      int threads,
      Executor executor,
      BooleanSupplier cancelled) {
    boolean _ =
        new ParallelBlocks(begin, end, new AtomicLong(), cancelled)
            .run(() -> new Insertion(take.get(), giveBack), threads, executor);
  }

  /// One thread's part.
  private final class Insertion implements ParallelBlocks.Worker {
    private final NodeInserter inserter;
    private final Consumer<NodeInserter> giveBack;

    Insertion(NodeInserter inserter, Consumer<NodeInserter> giveBack) {
      this.inserter = inserter;
      this.giveBack = giveBack;
    }

    @Override
    public void run(int from, int to) {
      for (int ordinal = from; ordinal < to; ordinal++) {
        // A node may be in already, if an earlier extension was interrupted, or even out again.
        if (isComparable(ordinal) && !graph.isPlaced(ordinal) && !leftOut.test(ordinal)) {
          inserter.insert(ordinal, codes);
        }
      }
      finish((from - begin) / ParallelBlocks.BLOCK);
    }

    @Override
    public void close() {
      giveBack.accept(inserter);
    }
  }

  private boolean isComparable(int ordinal) {
    float inverseNorm = vectors.inverseNorm(ordinal);
    return inverseNorm != VectorStore.ABSENT
        && !(distance == Distance.COSINE && Float.isNaN(inverseNorm));
  }

  private synchronized void finish(int block) {
    finished.set(block);
    finishedRow = finished.nextClearBit(finishedRow);
    covered.accept(Math.min(end, begin + finishedRow * ParallelBlocks.BLOCK));
  }
}
