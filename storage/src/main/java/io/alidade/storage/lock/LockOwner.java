package io.alidade.storage.lock;

import com.carrotsearch.hppc.LongArrayList;
import com.carrotsearch.hppc.ShortArrayList;
import io.alidade.engine.search.Checkpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// A transaction as the lock table knows it: what it holds, and what it waits for.
public final class LockOwner {
  private final Checkpoint cancel;
  private final List<Alone> alone = new ArrayList<>(2);
  private volatile Duration timeout = Duration.ZERO;

  // What follows belongs to the lock table.

  /// What was taken, in order: a lock appears once for each mode that was added to it.
  final LongArrayList taken = new LongArrayList();

  /// In which modes each of [#taken] was held before; none for 0.
  final ShortArrayList heldBefore = new ShortArrayList();

  final Condition wake;
  long waitsFor;
  boolean waiting;
  @Nullable LockMode wanted;

  /// An owner that holds a lock alone, with nobody waiting.
  ///
  /// @param modes a set of [LockMode]s
  record Alone(LockOwner owner, int modes) {}

  LockOwner(Checkpoint cancel, Condition wake) {
    this.cancel = cancel;
    this.wake = wake;
  }

  /// The same object for the same modes, so that a lock costs no more than its place in the table.
  Alone alone(int modes) {
    for (Alone known : alone) {
      if (known.modes == modes) {
        return known;
      }
    }
    Alone added = new Alone(this, modes);
    alone.add(added);
    return added;
  }

  void note(long key, int modesBefore) {
    taken.add(key);
    heldBefore.add((short) modesBefore);
  }

  /// How long to wait for a lock; zero for without end.
  public void timeout(Duration newTimeout) {
    timeout = newTimeout;
  }

  Duration timeout() {
    return timeout;
  }

  Checkpoint cancel() {
    return cancel;
  }
}
