package io.alidade.engine.search;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A scan of all rows of a segment with the help of idle cores: everybody takes the next piece
/// until there is none. What is nearest does not depend on who has found it.
final class SharedScan {
  /// The rows are dealt out in pieces of so many.
  private static final int PIECE = 8192;

  private final SearchWorkers workers;
  private final RowScan scan;
  private final ScanPlan.Order order;
  private final int size;
  private final AtomicInteger next = new AtomicInteger();

  /// What helpers have found, in their own memory.
  private final Queue<SearchScratch> helpers = new ConcurrentLinkedQueue<>();

  /// @param scan the searcher's own, begun
  /// @param size how many rows there are
  SharedScan(SearchWorkers workers, RowScan scan, ScanPlan.Order order, int size) {
    this.workers = workers;
    this.scan = scan;
    this.order = order;
    this.size = size;
  }

  /// Begins a helper's scan as the searcher's was begun.
  @FunctionalInterface
  interface Beginning {
    void begin(RowScan helper, Checkpoint checkpoint);
  }

  /// Scans, and leaves what all have found in the searcher's scan.
  void run(Checkpoint checkpoint, Beginning beginning) {
    try {
      workers.run(
          (size - 1) / PIECE + 1,
          checkpoint,
          (worker, common) -> {
            RowScan mine =
                switch (worker) {
                  case SEARCHER -> scan;
                  case HELPER -> begin(beginning, common);
                };
            for (int from = next.getAndAdd(PIECE); from < size; from = next.getAndAdd(PIECE)) {
              common.pass();
              mine.scan(order, from, Math.min(size, from + PIECE));
            }
          });
      helpers.forEach(helper -> scan.take(helper.scan()));
    } finally {
      for (SearchScratch helper : helpers) {
        helper.scan().close();
        workers.giveBack(helper);
      }
    }
  }

  private RowScan begin(Beginning beginning, Checkpoint common) {
    SearchScratch memory = workers.takeScratch();
    helpers.add(memory);
    beginning.begin(memory.scan(), common);
    return memory.scan();
  }
}
