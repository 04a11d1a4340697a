package io.alidade.storage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Which transactions have chunks in the log, and from where on. Thread-safe.
final class OpenTransactions {
  private static final int EPOCH_SHIFT = 40;

  private final AtomicLong nextId;
  private final Map<Long, Long> firstChunks = new ConcurrentHashMap<>();

  /// @param epoch of the log, so that numbers are not used twice
  OpenTransactions(long epoch) {
    this.nextId = new AtomicLong((epoch << EPOCH_SHIFT) + 1);
  }

  long newTransactionId() {
    return nextId.getAndIncrement();
  }

  /// Called before a transaction logs a chunk, with an LSN that the chunk cannot lie before.
  void beforeChunk(long transactionId, long position) {
    firstChunks.putIfAbsent(transactionId, position);
  }

  boolean hasChunks(long transactionId) {
    return firstChunks.containsKey(transactionId);
  }

  void ended(long transactionId) {
    firstChunks.remove(transactionId);
  }

  /// The least of a position and those of the first chunks of open transactions.
  long oldestNeeded(long position) {
    long oldest = position;
    for (long first : firstChunks.values()) {
      oldest = Math.min(oldest, first);
    }
    return oldest;
  }
}
