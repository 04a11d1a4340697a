package io.alidade.storage;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/// Who, beside recovery, still needs the commit log, and from where. Thread-safe.
final class LogRetention {
  /// Each says the least LSN at which it has yet to read.
  private final List<LongSupplier> readers = new CopyOnWriteArrayList<>();

  /// Has the log kept from what a reader answers, until [#release].
  void keepFor(LongSupplier reader) {
    readers.add(reader);
  }

  void release(LongSupplier reader) {
    readers.remove(reader);
  }

  /// From where the log is needed if recovery needs it from some LSN.
  long oldestNeeded(long byRecovery) {
    long oldest = byRecovery;
    for (LongSupplier reader : readers) {
      oldest = Math.min(oldest, reader.getAsLong());
    }
    return oldest;
  }
}
