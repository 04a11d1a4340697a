package io.alidade.sql.execute.row;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.concurrent.atomic.AtomicLong;

/// How much of the heap all statements that run now may take together, whatever `work_mem` gives to
/// each. Thread-safe.
public final class StatementMemory {
  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  /// @param limit in bytes
  public StatementMemory(long limit) {
    this.limit = limit;
  }

  /// A quarter of the heap: as much again is for the changes of transactions, and for rows that are
  /// not in files yet.
  public static StatementMemory ofHeap() {
    return new StatementMemory(Runtime.getRuntime().maxMemory() / 4);
  }

  /// The bytes that are taken now.
  public long taken() {
    return taken.get();
  }

  /// The most bytes.
  public long limit() {
    return limit;
  }

  void take(long bytes) {
    if (taken.addAndGet(bytes) > limit) {
      taken.addAndGet(-bytes);
      throw new DatabaseException(SqlState.OUT_OF_MEMORY, "out of memory")
          .withDetail(
              "The statements that run now need more than "
                  + limit
                  + " bytes of the heap together.")
          .withHint("Lower work_mem, or give the server a larger heap.");
    }
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }
}
