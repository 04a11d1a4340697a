package io.alidade.storage.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.carrotsearch.hppc.LongHashSet;
import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LockTableTest {
  private static final long KEY = LockKey.ofTable(1);

  private final LockTable locks = new LockTable();
  private final LockOwner first = locks.newOwner(Checkpoint.NONE);
  private final LockOwner second = locks.newOwner(Checkpoint.NONE);
  private final LockOwner third = locks.newOwner(Checkpoint.NONE);

  @Test
  void writersShareAndAnExclusiveOneDoesNot() {
    assertThat(locks.tryAcquire(first, KEY, LockMode.ROW_EXCLUSIVE))
        .isEqualTo(LockTable.Outcome.TAKEN);
    assertThat(locks.tryAcquire(second, KEY, LockMode.ROW_EXCLUSIVE))
        .isEqualTo(LockTable.Outcome.TAKEN);
    assertThat(locks.tryAcquire(third, KEY, LockMode.EXCLUSIVE)).isEqualTo(LockTable.Outcome.BUSY);
    assertThat(locks.tryAcquire(third, KEY, LockMode.SERIALIZABLE_READ))
        .isEqualTo(LockTable.Outcome.BUSY);
    locks.releaseAll(first);
    assertThat(locks.tryAcquire(second, KEY, LockMode.EXCLUSIVE))
        .isEqualTo(LockTable.Outcome.TAKEN);
    locks.releaseAll(second);
    assertThat(locks.size()).isZero();
  }

  /// PostgreSQL's table, from its manual's chapter on explicit locking: x where two conflict.
  @Test
  void modesConflictAsInPostgresql() {
    String[] table = {
      ".......x", "......xx", "....xxxx", "...xxxxx", "..xx.xxx", "..xxxxxx", ".xxxxxxx", "xxxxxxxx"
    };
    for (int asked = 0; asked < table.length; asked++) {
      for (int held = 0; held < table.length; held++) {
        LockTable fresh = new LockTable();
        LockOwner holder = fresh.newOwner(Checkpoint.NONE);
        fresh.acquire(holder, KEY, LockMode.values()[held]);
        LockTable.Outcome outcome =
            fresh.tryAcquire(fresh.newOwner(Checkpoint.NONE), KEY, LockMode.values()[asked]);
        assertThat(outcome == LockTable.Outcome.BUSY)
            .as(LockMode.values()[asked] + " beside " + LockMode.values()[held])
            .isEqualTo(table[asked].charAt(held) == 'x');
      }
    }
  }

  @Test
  void modesAddUp() {
    locks.acquire(first, KEY, LockMode.SHARE);
    assertThat(locks.tryAcquire(first, KEY, LockMode.ROW_EXCLUSIVE))
        .isEqualTo(LockTable.Outcome.TAKEN);
    assertThat(locks.tryAcquire(first, KEY, LockMode.SHARE))
        .isEqualTo(LockTable.Outcome.HELD_BEFORE);
    assertThat(locks.tryAcquire(second, KEY, LockMode.ROW_SHARE))
        .isEqualTo(LockTable.Outcome.TAKEN);
    assertThat(locks.tryAcquire(third, KEY, LockMode.SHARE)).isEqualTo(LockTable.Outcome.BUSY);
    assertThat(locks.tryAcquire(third, KEY, LockMode.ROW_EXCLUSIVE))
        .isEqualTo(LockTable.Outcome.BUSY);
  }

  @Test
  void whatWasTakenSinceAMarkIsGivenBackAndWhatWasStrengthenedIsAsItWas() {
    long other = LockKey.ofTable(2);
    locks.acquire(first, KEY, LockMode.ROW_SHARE);
    int mark = locks.mark(first);
    locks.acquire(first, KEY, LockMode.ACCESS_EXCLUSIVE);
    locks.acquire(first, other, LockMode.EXCLUSIVE);
    assertThat(locks.tryAcquire(second, KEY, LockMode.ACCESS_SHARE))
        .isEqualTo(LockTable.Outcome.BUSY);
    locks.releaseSince(first, mark, new LongHashSet());
    assertThat(locks.tryAcquire(second, KEY, LockMode.ROW_SHARE))
        .isEqualTo(LockTable.Outcome.TAKEN);
    assertThat(locks.tryAcquire(second, KEY, LockMode.EXCLUSIVE)).isEqualTo(LockTable.Outcome.BUSY);
    assertThat(locks.tryAcquire(second, other, LockMode.ACCESS_EXCLUSIVE))
        .isEqualTo(LockTable.Outcome.TAKEN);
    locks.releaseAll(second);
    locks.releaseAll(first);
    assertThat(locks.size()).isZero();
  }

  @Test
  void whatIsToBeKeptAndWhatWasReadStayWhenLocksAreGivenBack() {
    long kept = LockKey.ofTable(2);
    int mark = locks.mark(first);
    locks.acquire(first, KEY, LockMode.ROW_EXCLUSIVE);
    locks.acquire(first, KEY, LockMode.SERIALIZABLE_READ);
    locks.acquire(first, kept, LockMode.ROW_EXCLUSIVE);
    locks.releaseSince(first, mark, LongHashSet.from(kept));
    assertThat(locks.tryAcquire(second, KEY, LockMode.SHARE)).isEqualTo(LockTable.Outcome.TAKEN);
    assertThat(locks.tryAcquire(third, KEY, LockMode.ROW_EXCLUSIVE))
        .isEqualTo(LockTable.Outcome.BUSY);
    assertThat(locks.tryAcquire(second, kept, LockMode.SHARE)).isEqualTo(LockTable.Outcome.BUSY);
    locks.releaseAll(second);
    locks.releaseAll(first);
    assertThat(locks.size()).isZero();
  }

  @Test
  void whoWaitsForWhatIsGivenBackGoesOn() throws Exception {
    int mark = locks.mark(first);
    locks.acquire(first, KEY, LockMode.ACCESS_EXCLUSIVE);
    CompletableFuture<LockTable.Outcome> waiting =
        CompletableFuture.supplyAsync(() -> locks.acquire(second, KEY, LockMode.ACCESS_SHARE));
    Thread.sleep(50);
    assertThat(waiting.isDone()).isFalse();
    locks.releaseSince(first, mark, new LongHashSet());
    assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(LockTable.Outcome.TAKEN);
  }

  /// Many owners take, strengthen and give back at random; a plain model knows what must come out.
  @Test
  void randomLockingIsAsTheModelSays() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("LockTableTest: -Dtest.seed=" + seed);
    Random random = new Random(seed);
    List<LockOwner> owners = List.of(first, second, third);
    List<Map<Long, Set<LockMode>>> held =
        List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());
    List<Deque<Saved>> marks = List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());
    for (int step = 0; step < 20_000; step++) {
      int who = random.nextInt(3);
      LockOwner owner = owners.get(who);
      switch (random.nextInt(10)) {
        case 0 -> marks.get(who).push(new Saved(locks.mark(owner), copy(held.get(who))));
        case 1 -> {
          if (!marks.get(who).isEmpty()) {
            Saved saved = marks.get(who).pop();
            locks.releaseSince(owner, saved.mark(), new LongHashSet());
            held.get(who).clear();
            held.get(who).putAll(copy(saved.held()));
          }
        }
        case 2 -> {
          locks.releaseAll(owner);
          held.get(who).clear();
          marks.get(who).clear();
        }
        default -> {
          long key = random.nextInt(4);
          LockMode mode = LockMode.values()[random.nextInt(8)];
          boolean free = true;
          for (int other = 0; other < 3; other++) {
            free &=
                other == who
                    || held.get(other).getOrDefault(key, Set.of()).stream()
                        .allMatch(mode::isAllowedBeside);
          }
          LockTable.Outcome outcome = locks.tryAcquire(owner, key, mode);
          assertThat(outcome != LockTable.Outcome.BUSY).as("step %d", step).isEqualTo(free);
          if (free) {
            held.get(who).computeIfAbsent(key, _ -> EnumSet.noneOf(LockMode.class)).add(mode);
          }
        }
      }
    }
    owners.forEach(locks::releaseAll);
    assertThat(locks.size()).isZero();
  }

  private record Saved(int mark, Map<Long, Set<LockMode>> held) {}

  private static Map<Long, Set<LockMode>> copy(Map<Long, Set<LockMode>> held) {
    Map<Long, Set<LockMode>> copy = new HashMap<>();
    held.forEach((key, modes) -> copy.put(key, EnumSet.copyOf(modes)));
    return copy;
  }

  @Test
  void whoWaitsIsServedBeforeWhoComesLater() throws Exception {
    locks.acquire(first, KEY, LockMode.ROW_EXCLUSIVE);
    CompletableFuture<LockTable.Outcome> waiting =
        CompletableFuture.supplyAsync(() -> locks.acquire(second, KEY, LockMode.EXCLUSIVE));
    Thread.sleep(50);
    assertThat(locks.tryAcquire(third, KEY, LockMode.ROW_EXCLUSIVE))
        .isEqualTo(LockTable.Outcome.BUSY);
    locks.releaseAll(first);
    assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(LockTable.Outcome.TAKEN);
    locks.releaseAll(second);
    assertThat(locks.size()).isZero();
  }

  @Test
  void twoThatWantMoreOfTheSameLockAreADeadlock() throws Exception {
    locks.acquire(first, KEY, LockMode.SERIALIZABLE_READ);
    locks.acquire(second, KEY, LockMode.SERIALIZABLE_READ);
    CompletableFuture<LockTable.Outcome> waiting =
        CompletableFuture.supplyAsync(() -> locks.acquire(first, KEY, LockMode.ROW_EXCLUSIVE));
    Thread.sleep(50);
    assertThatThrownBy(() -> locks.acquire(second, KEY, LockMode.ROW_EXCLUSIVE))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> assertThat(e.state()).isEqualTo(SqlState.DEADLOCK_DETECTED));
    locks.releaseAll(second);
    assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(LockTable.Outcome.TAKEN);
  }

  @Test
  void aWaitEndsWhenItsStatementIsCancelled() throws Exception {
    AtomicBoolean cancelled = new AtomicBoolean();
    LockOwner impatient =
        locks.newOwner(() -> {
          if (cancelled.get()) {
            throw new DatabaseException(SqlState.QUERY_CANCELED, "cancelled");
          }
        });
    locks.acquire(first, KEY, LockMode.EXCLUSIVE);
    CompletableFuture<LockTable.Outcome> waiting =
        CompletableFuture.supplyAsync(() -> locks.acquire(impatient, KEY, LockMode.EXCLUSIVE));
    cancelled.set(true);
    assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).hasMessageContaining("cancelled");
    locks.releaseAll(first);
    assertThat(locks.size()).isZero();
  }

  @Test
  void aWaitEndsAtItsTimeout() {
    locks.acquire(first, KEY, LockMode.EXCLUSIVE);
    second.timeout(Duration.ofMillis(30));
    assertThatThrownBy(() -> locks.acquire(second, KEY, LockMode.SERIALIZABLE_READ))
        .hasMessage("canceling statement due to lock timeout");
  }

  @Test
  void equalKeysHaveTheSameLock() {
    assertThat(LockKey.ofKey(1, new Object[] {new BigDecimal("1.0"), 0.0}))
        .isEqualTo(LockKey.ofKey(1, new Object[] {new BigDecimal("1.00"), -0.0}));
    assertThat(LockKey.ofKey(1, new Object[] {"a", "b"}))
        .isNotEqualTo(LockKey.ofKey(1, new Object[] {"b", "a"}));
    assertThat(LockKey.ofKey(1, new Object[] {1L}))
        .isNotEqualTo(LockKey.ofKey(2, new Object[] {1L}));
  }
}
