package io.alidade.storage;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// At which times open transactions read, so that nobody takes away what they may still see.
/// Thread-safe.
final class OpenSnapshots {
  private final TreeMap<Long, Integer> counts = new TreeMap<>();

  /// Takes a snapshot; [#close] it.
  ///
  /// @param now the time that it is of
  synchronized long open(LongSupplier now) {
    long snapshot = now.getAsLong(); // Nobody asks for the oldest between this and the next line.
    counts.merge(snapshot, 1, Integer::sum);
    return snapshot;
  }

  synchronized void close(long snapshot) {
    counts.computeIfPresent(snapshot, (_, count) -> count == 1 ? null : count - 1);
  }

  /// The oldest that is open, and a time to come if none is.
  ///
  /// @param now no snapshot to come is older
  synchronized long oldest(LongSupplier now) {
    Map.Entry<Long, Integer> first = counts.firstEntry();
    long latest = now.getAsLong();
    return first == null ? latest : Math.min(first.getKey(), latest);
  }
}
