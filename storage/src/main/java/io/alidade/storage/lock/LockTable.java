package io.alidade.storage.lock;

import com.carrotsearch.hppc.IntArrayList;
import com.carrotsearch.hppc.LongHashSet;
import com.carrotsearch.hppc.LongObjectHashMap;
import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.model.thread.ObservedThread;
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
/// Thread-safe; a lock held by one owner and waited for by nobody costs one map entry and a place
/// in the owner's list.
public final class LockTable {
  /// The most locks that are held at a time, all transactions together.
  public static final int MAX_LOCKS = 16_000_000;

  /// How often a waiting owner looks whether its statement was cancelled.
  private static final long CANCEL_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ReentrantLock mutex = new ReentrantLock();

  /// A [LockOwner.Alone] that holds the lock with nobody waiting, else a [Shared].
  private final LongObjectHashMap<Object> locks = new LongObjectHashMap<>();

  /// A lock that is held by several owners, or waited for.
  private static final class Shared {
    /// In which modes each holds it.
    final Map<LockOwner, Integer> holders = new LinkedHashMap<>();

    final Deque<LockOwner> waiters = new ArrayDeque<>();

    int heldBy(LockOwner owner) {
      return holders.getOrDefault(owner, 0);
    }
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

  /// Takes many locks in [LockMode#ACCESS_EXCLUSIVE] if nobody has to be waited for, in order.
  ///
  /// @return how many were taken or held already; those after them were not tried
  public int tryAcquireAll(LockOwner owner, long[] keys) {
    mutex.lock();
    try {
      for (int i = 0; i < keys.length; i++) {
        if (tryLocked(owner, keys[i], LockMode.ACCESS_EXCLUSIVE) == Outcome.BUSY) {
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

  /// Takes back the last that [#tryAcquire] or [#acquire] did to a lock: it turned out not to be
  /// needed.
  public void release(LockOwner owner, long key) {
    mutex.lock();
    try {
      int index = owner.taken.lastIndexOf(key);
      if (index >= 0) {
        int before = owner.heldBefore.get(index);
        owner.taken.removeAt(index);
        owner.heldBefore.removeAt(index);
        hold(owner, key, before);
      }
    } finally {
      mutex.unlock();
    }
  }

  /// How much an owner has taken so far, for [#releaseSince].
  public int mark(LockOwner owner) {
    mutex.lock();
    try {
      return owner.taken.size();
    } finally {
      mutex.unlock();
    }
  }

  /// Gives back what an owner has taken since a mark; what it held before, it holds as it did then.
  ///
  /// @param kept locks that stay; [LockMode#SERIALIZABLE_READ] stays, too
  public void releaseSince(LockOwner owner, int mark, LongHashSet kept) {
    mutex.lock();
    try {
      IntArrayList stay = new IntArrayList();
      for (int i = owner.taken.size() - 1; i >= mark; i--) {
        long key = owner.taken.get(i);
        int before = owner.heldBefore.get(i);
        int now = heldBy(locks.get(key), owner);
        int staying = kept.contains(key) ? now : now & LockMode.SERIALIZABLE_READ.bit();
        if ((staying & ~before) == 0) {
          hold(owner, key, before);
        } else {
          hold(owner, key, before | staying);
          stay.add(i);
        }
      }
      int size = mark;
      for (int i = stay.size() - 1; i >= 0; i--, size++) {
        owner.taken.set(size, owner.taken.get(stay.get(i)));
        owner.heldBefore.set(size, owner.heldBefore.get(stay.get(i)));
      }
      owner.taken.resize(size);
      owner.heldBefore.resize(size);
    } finally {
      mutex.unlock();
    }
  }

  /// Gives everything back that an owner holds.
  public void releaseAll(LockOwner owner) {
    mutex.lock();
    try {
      for (int i = 0; i < owner.taken.size(); i++) {
        hold(owner, owner.taken.get(i), 0);
      }
      owner.taken.release();
      owner.heldBefore.release();
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
      owner.note(key, 0);
      locks.put(key, owner.alone(mode.bit()));
      return Outcome.TAKEN;
    }
    int held = heldBy(lock, owner);
    if (held != 0 && mode.isCoveredBy(held)) {
      return Outcome.HELD_BEFORE;
    }
    if (lock instanceof LockOwner.Alone(var holder, int modes)) {
      if (holder == owner) {
        owner.note(key, held);
        locks.put(key, owner.alone(held | mode.bit()));
        return Outcome.TAKEN;
      }
      if (!mode.isAllowedBeside(modes)) {
        return Outcome.BUSY;
      }
    }
    Shared shared = shared(key);
    if (!blockers(shared, owner, mode, held != 0).isEmpty()) {
      return Outcome.BUSY;
    }
    grant(shared, owner, key, mode);
    return Outcome.TAKEN;
  }

  /// In which modes an owner holds a lock; 0 for in none.
  private static int heldBy(@Nullable Object lock, LockOwner owner) {
    return switch (lock) {
      case LockOwner.Alone(var holder, int modes) -> holder == owner ? modes : 0;
      case Shared shared -> shared.heldBy(owner);
      case null, default -> 0;
    };
  }

  private static void grant(Shared shared, LockOwner owner, long key, LockMode mode) {
    int held = shared.heldBy(owner);
    owner.note(key, held);
    shared.holders.put(owner, held | mode.bit());
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
      if (other != owner && !mode.isAllowedBeside(held)) {
        blockers.add(other);
      }
    });
    if (!holds) {
      for (LockOwner earlier : shared.waiters) {
        if (earlier == owner) {
          break;
        }
        LockMode wanted = earlier.wanted;
        if (wanted != null && !mode.isAllowedBeside(wanted)) {
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
    if (lock instanceof LockOwner.Alone(var holder, int modes)) {
      shared.holders.put(holder, modes);
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
      ObservedThread.<InterruptedException>waiting(() -> {
        long ignored = owner.wake.awaitNanos(slice);
      });
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

  /// Has an owner hold a lock in fewer modes than it does; in none for 0.
  private void hold(LockOwner owner, long key, int modes) {
    Object lock = locks.get(key);
    if (lock instanceof LockOwner.Alone alone && alone.owner() == owner) {
      if (modes == 0) {
        locks.remove(key);
      } else if (modes != alone.modes()) {
        locks.put(key, owner.alone(modes));
      }
    } else if (lock instanceof Shared shared) {
      if (modes == 0) {
        shared.holders.remove(owner);
      } else {
        shared.holders.put(owner, modes);
      }
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
      shared.holders.forEach((holder, modes) -> locks.put(key, holder.alone(modes)));
    }
  }
}
