package io.alidade.storage;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// At which times open transactions read, so that nobody takes away what they may still see.
///
/// A limit of age may be set: older snapshots are given up as soon as somebody asks for the oldest,
/// and whoever has one finds out by [#isTooOld]. Thread-safe.
final class OpenSnapshots {
  private final TreeMap<Long, Holders> open = new TreeMap<>();
  private final LongSupplier nanos;
  private volatile long limitNanos;

  /// What snapshots before this one saw may be gone.
  private volatile long givenUp = Long.MIN_VALUE;

  /// Who reads at one time.
  private static final class Holders {
    int count;
    long lastTaken;
  }

  /// @param nanos a clock as [System#nanoTime]
  OpenSnapshots(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// How old a snapshot may grow until it is given up; zero for without end.
  void limit(Duration age) {
    limitNanos = age.toNanos();
  }

  /// Takes a snapshot; [#close] it.
  ///
  /// @param now the time that it is of
  synchronized long open(LongSupplier now) {
    long snapshot = now.getAsLong(); // Nobody asks for the oldest between this and the next lines.
    Holders holders = open.computeIfAbsent(snapshot, _ -> new Holders());
    holders.count++;
    holders.lastTaken = nanos.getAsLong();
    return snapshot;
  }

  synchronized void close(long snapshot) {
    open.computeIfPresent(snapshot, (_, holders) -> --holders.count == 0 ? null : holders);
  }

  /// The oldest that is open and not given up, and a time to come if none is.
  ///
  /// @param now no snapshot to come is older
  synchronized long oldest(LongSupplier now) {
    long oldest = now.getAsLong();
    for (Map.Entry<Long, Holders> entry : open.entrySet()) {
      if (entry.getKey() >= oldest) {
        break;
      }
      if (!isOverdue(entry.getValue())) {
        oldest = entry.getKey();
        break;
      }
    }
    givenUp = Math.max(givenUp, oldest);
    return oldest;
  }

  private boolean isOverdue(Holders holders) {
    long limit = limitNanos;
    return limit > 0 && nanos.getAsLong() - holders.lastTaken > limit;
  }

  /// Whether what an open snapshot saw may be gone.
  boolean isTooOld(long snapshot) {
    return snapshot < givenUp;
  }
}
