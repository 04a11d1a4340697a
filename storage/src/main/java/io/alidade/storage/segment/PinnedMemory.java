package io.alidade.storage.segment;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.concurrent.atomic.AtomicLong;

/// How much memory the codes and graphs of indexes with `memory = pinned` take, and may take.
/// Thread-safe.
public final class PinnedMemory {
  private final long limit;
  private final AtomicLong taken = new AtomicLong();

  /// @param limit in bytes
  public PinnedMemory(long limit) {
    this.limit = limit;
  }

  /// The most bytes.
  public long limit() {
    return limit;
  }

  /// The bytes taken now.
  public long taken() {
    return taken.get();
  }

  /// @throws DatabaseException 53200 when so many bytes more are above the limit
  public void require(String index, long bytes) {
    if (taken.get() + bytes > limit) {
      throw new DatabaseException(
              SqlState.OUT_OF_MEMORY,
              "index \"%s\" does not fit into the memory for pinned indexes".formatted(index))
          .withDetail("It needs %d bytes; %d of %d are taken.".formatted(bytes, taken.get(), limit))
          .withHint("The limit is the server's \"alidade.pinned_memory_limit\".");
    }
  }

  /// Takes bytes if there are so many.
  boolean take(long bytes) {
    long now = taken.get();
    while (now + bytes <= limit) {
      if (taken.compareAndSet(now, now + bytes)) {
        return true;
      }
      now = taken.get();
    }
    return false;
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }
}
