package io.alidade.storage.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.engine.search.Checkpoint;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.time.Duration;
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
    assertThat(locks.tryAcquire(first, KEY, LockMode.WRITE)).isEqualTo(LockTable.Outcome.TAKEN);
    assertThat(locks.tryAcquire(second, KEY, LockMode.WRITE)).isEqualTo(LockTable.Outcome.TAKEN);
    assertThat(locks.tryAcquire(third, KEY, LockMode.EXCLUSIVE)).isEqualTo(LockTable.Outcome.BUSY);
    assertThat(locks.tryAcquire(third, KEY, LockMode.READ)).isEqualTo(LockTable.Outcome.BUSY);
    locks.releaseAll(first);
    assertThat(locks.tryAcquire(second, KEY, LockMode.EXCLUSIVE))
        .isEqualTo(LockTable.Outcome.TAKEN);
    locks.releaseAll(second);
    assertThat(locks.size()).isZero();
  }

  @Test
  void whoWaitsIsServedBeforeWhoComesLater() throws Exception {
    locks.acquire(first, KEY, LockMode.WRITE);
    CompletableFuture<LockTable.Outcome> waiting =
        CompletableFuture.supplyAsync(() -> locks.acquire(second, KEY, LockMode.EXCLUSIVE));
    Thread.sleep(50);
    assertThat(locks.tryAcquire(third, KEY, LockMode.WRITE)).isEqualTo(LockTable.Outcome.BUSY);
    locks.releaseAll(first);
    assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(LockTable.Outcome.TAKEN);
    locks.releaseAll(second);
    assertThat(locks.size()).isZero();
  }

  @Test
  void twoThatWantMoreOfTheSameLockAreADeadlock() throws Exception {
    locks.acquire(first, KEY, LockMode.READ);
    locks.acquire(second, KEY, LockMode.READ);
    CompletableFuture<LockTable.Outcome> waiting =
        CompletableFuture.supplyAsync(() -> locks.acquire(first, KEY, LockMode.WRITE));
    Thread.sleep(50);
    assertThatThrownBy(() -> locks.acquire(second, KEY, LockMode.WRITE))
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
    assertThatThrownBy(() -> locks.acquire(second, KEY, LockMode.READ))
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
