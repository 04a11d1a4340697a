package io.alidade.storage.lock;

import com.carrotsearch.hppc.LongObjectHashMap;
import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Who holds and who waits for which lock.
///
/// A lock is granted in the order of asking, except that who holds it already may hold it more
/// strongly without queueing. Who would wait for himself through others is refused at once (40P01).
/// Thread-safe; a lock held by one owner exclusively and waited for by nobody costs one map entry.
public final class LockTable {
  /// The most locks that are held at a time, all transactions together.
  public static final int MAX_LOCKS = 16_000_000;

  /// How often a waiting owner looks whether its statement was cancelled.
  private static final long CANCEL_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ReentrantLock mutex = new ReentrantLock();

  /// A [LockOwner] that holds the lock exclusively with nobody waiting, else a [Shared].
  private final LongObjectHashMap<Object> locks = new LongObjectHashMap<>();

  /// A lock that is held by several owners, or not exclusively, or waited for.
  private static final class Shared {
    final Map<LockOwner, LockMode> holders = new LinkedHashMap<>();
    final Deque<LockOwner> waiters = new ArrayDeque<>();
  }

  /// A new owner without locks.
  ///
  /// @param cancel passed while it waits
  public LockOwner newOwner(Checkpoint cancel) {
    return new LockOwner(cancel, mutex.newCondition());
  }

  /// Takes a lock if nobody has to be waited for.
  ///
  /// @return what came of it
  public Outcome tryAcquire(LockOwner owner, long key, LockMode mode) {
    mutex.lock();
    try {
      return tryLocked(owner, key, mode);
    } finally {
      mutex.unlock();
    }
  }

  /// Takes many locks exclusively if nobody has to be waited for, in order.
  ///
  /// @return how many were taken or held already; those after them were not tried
  public int tryAcquireAll(LockOwner owner, long[] keys) {
    mutex.lock();
    try {
      for (int i = 0; i < keys.length; i++) {
        if (tryLocked(owner, keys[i], LockMode.EXCLUSIVE) == Outcome.BUSY) {
          return i;
        }
      }
      return keys.length;
    } finally {
      mutex.unlock();
    }
  }

  /// What came of taking a lock.
  public enum Outcome {
    TAKEN,
    HELD_BEFORE,
    BUSY
  }

  /// Takes a lock, after waiting for it if need be.
  ///
  /// @return [Outcome#TAKEN] or [Outcome#HELD_BEFORE]
  /// @throws DatabaseException 40P01, 55P03, or what the owner's checkpoint throws
  public Outcome acquire(LockOwner owner, long key, LockMode mode) {
    mutex.lock();
    try {
      Outcome outcome = tryLocked(owner, key, mode);
      return outcome == Outcome.BUSY ? await(owner, key, mode) : outcome;
    } finally {
      mutex.unlock();
    }
  }

  /// Gives one lock back before the end: one that turned out not to be needed.
  public void release(LockOwner owner, long key) {
    mutex.lock();
    try {
      int index = owner.held.lastIndexOf(key);
      if (index >= 0) {
        owner.held.removeAt(index);
        releaseLocked(owner, key);
      }
    } finally {
      mutex.unlock();
    }
  }

  /// Gives everything back that an owner holds.
  public void releaseAll(LockOwner owner) {
    mutex.lock();
    try {
      for (int i = 0; i < owner.held.size(); i++) {
        releaseLocked(owner, owner.held.get(i));
      }
      owner.held.clear();
      owner.held.trimToSize();
    } finally {
      mutex.unlock();
    }
  }

  /// How many locks are held.
  public int size() {
    mutex.lock();
    try {
      return locks.size();
    } finally {
      mutex.unlock();
    }
  }

  private Outcome tryLocked(LockOwner owner, long key, LockMode mode) {
    Object lock = locks.get(key);
    if (lock == null) {
      requireRoom();
      owner.held.add(key);
      if (mode == LockMode.EXCLUSIVE) {
        locks.put(key, owner);
      } else {
        Shared shared = new Shared();
        shared.holders.put(owner, mode);
        locks.put(key, shared);
      }
      return Outcome.TAKEN;
    }
    if (lock == owner) {
      return Outcome.HELD_BEFORE;
    }
    if (!(lock instanceof Shared shared)) {
      return Outcome.BUSY;
    }
    LockMode held = shared.holders.get(owner);
    if (held != null && held.covers(mode)) {
      return Outcome.HELD_BEFORE;
    }
    if (!blockers(shared, owner, mode, held != null).isEmpty()) {
      return Outcome.BUSY;
    }
    grant(shared, owner, key, mode);
    return Outcome.TAKEN;
  }

  private void grant(Shared shared, LockOwner owner, long key, LockMode mode) {
    LockMode held = shared.holders.get(owner);
    if (held == null) {
      owner.held.add(key);
    }
    // READ and WRITE together are as much as EXCLUSIVE.
    shared.holders.put(owner, held == null || held == mode ? mode : LockMode.EXCLUSIVE);
  }

  private void requireRoom() {
    if (locks.size() >= MAX_LOCKS) {
      throw new DatabaseException(SqlState.OUT_OF_MEMORY, "out of shared memory")
          .withDetail("All transactions together hold " + MAX_LOCKS + " locks, the most there are.")
          .withHint("Write fewer rows in one transaction.");
    }
  }

  /// Whom an owner would have to wait for.
  private static List<LockOwner> blockers(
      Shared shared, LockOwner owner, LockMode mode, boolean holds) {
    List<LockOwner> blockers = new ArrayList<>();
    shared.holders.forEach((other, held) -> {
      if (other != owner && !held.allowsBeside(mode)) {
        blockers.add(other);
      }
    });
    if (!holds) {
      for (LockOwner earlier : shared.waiters) {
        if (earlier == owner) {
          break;
        }
        LockMode wanted = earlier.wanted;
        if (wanted != null && !wanted.allowsBeside(mode)) {
          blockers.add(earlier);
        }
      }
    }
    return blockers;
  }

  private Outcome await(LockOwner owner, long key, LockMode mode) {
    Shared shared = shared(key);
    boolean holds = shared.holders.containsKey(owner);
    if (holds) {
      shared.waiters.addFirst(owner);
    } else {
      shared.waiters.addLast(owner);
    }
    owner.waiting = true;
    owner.waitsFor = key;
    owner.wanted = mode;
    try {
      long start = System.nanoTime();
      while (!blockers(shared, owner, mode, holds).isEmpty()) {
        refuseDeadlock(owner);
        awaitOnce(owner, start);
      }
      grant(shared, owner, key, mode);
      return Outcome.TAKEN;
    } finally {
      owner.waiting = false;
      owner.wanted = null;
      shared.waiters.remove(owner);
      wakeWaiters(shared);
      simplify(key, shared);
    }
  }

  private Shared shared(long key) {
    Object lock = locks.get(key);
    if (lock instanceof Shared shared) {
      return shared;
    }
    Shared shared = new Shared();
    if (lock instanceof LockOwner holder) {
      shared.holders.put(holder, LockMode.EXCLUSIVE);
    }
    locks.put(key, shared);
    return shared;
  }

  private static void awaitOnce(LockOwner owner, long start) {
    long timeout = owner.timeout().toNanos();
    long left = timeout - (System.nanoTime() - start);
    if (timeout > 0 && left <= 0) {
      throw new DatabaseException(
          SqlState.LOCK_NOT_AVAILABLE, "canceling statement due to lock timeout");
    }
    owner.cancel().pass();
    try {
      long slice = timeout > 0 ? Math.min(left, CANCEL_CHECK_NANOS) : CANCEL_CHECK_NANOS;
      long ignored = owner.wake.awaitNanos(slice);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException(
          SqlState.QUERY_CANCELED, "canceling statement due to user request", e);
    }
  }

  /// Follows who waits for whom, from an owner that is about to wait.
  private void refuseDeadlock(LockOwner start) {
    Set<LockOwner> seen = new HashSet<>();
    Deque<LockOwner> open = new ArrayDeque<>(blockersOf(start));
    while (!open.isEmpty()) {
      LockOwner next = open.removeFirst();
      if (next == start) {
        throw new DatabaseException(SqlState.DEADLOCK_DETECTED, "deadlock detected")
            .withHint("See server log for query details.");
      }
      if (seen.add(next)) {
        open.addAll(blockersOf(next));
      }
    }
  }

  private List<LockOwner> blockersOf(LockOwner owner) {
    LockMode wanted = owner.wanted;
    if (!owner.waiting || wanted == null || !(locks.get(owner.waitsFor) instanceof Shared shared)) {
      return List.of();
    }
    return blockers(shared, owner, wanted, shared.holders.containsKey(owner));
  }

  private void releaseLocked(LockOwner owner, long key) {
    Object lock = locks.get(key);
    if (lock == owner) {
      locks.remove(key);
    } else if (lock instanceof Shared shared) {
      shared.holders.remove(owner);
      wakeWaiters(shared);
      simplify(key, shared);
    }
  }

  private static void wakeWaiters(Shared shared) {
    for (LockOwner waiter : shared.waiters) {
      waiter.wake.signal();
    }
  }

  /// Goes back to the short form, or to nothing, when it says as much.
  private void simplify(long key, Shared shared) {
    if (!shared.waiters.isEmpty()) {
      return;
    }
    if (shared.holders.isEmpty()) {
      locks.remove(key);
    } else if (shared.holders.size() == 1) {
      @Nullable LockOwner only = null;
      for (Map.Entry<LockOwner, LockMode> holder : shared.holders.entrySet()) {
        only = holder.getValue() == LockMode.EXCLUSIVE ? holder.getKey() : null;
      }
      if (only != null) {
        locks.put(key, only);
      }
    }
  }
}
