package io.alidade.engine.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

final class SearchWorkersTest {
  private final SearchWorkers workers = new SearchWorkers(3);

  @Test
  void everyPartIsDoneOnceByNoMoreThreadsThanThereAreCores() {
    AtomicIntegerArray done = new AtomicIntegerArray(200);
    AtomicInteger working = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    workers.enter();
    try {
      workers.each(
          done.length(),
          Checkpoint.NONE,
          (part, _) -> {
            most.accumulateAndGet(working.incrementAndGet(), Math::max);
            done.incrementAndGet(part);
            // A part may have parts.
            workers.each(3, Checkpoint.NONE, (_, _) -> Thread.onSpinWait());
            working.decrementAndGet();
          });
    } finally {
      workers.leave();
    }
    for (int part = 0; part < done.length(); part++) {
      assertThat(done.get(part)).isEqualTo(1);
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(workers.idle()).isEqualTo(3);
  }

  @Test
  void noHelpersComeWhereAllCoresAreSearching() {
    for (int i = 0; i < 3; i++) {
      workers.enter();
    }
    Thread caller = Thread.currentThread();
    workers.each(
        50, Checkpoint.NONE, (_, _) -> assertThat(Thread.currentThread()).isSameAs(caller));
    assertThat(workers.idle()).isZero();
  }

  @Test
  void theFirstFailureEndsTheWorkOfAll() {
    workers.enter();
    AtomicInteger begun = new AtomicInteger();
    IllegalStateException failure = new IllegalStateException("the first");
    assertThatThrownBy(() ->
            workers.each(
                100_000,
                Checkpoint.NONE,
                (part, checkpoint) -> {
                  begun.incrementAndGet();
                  if (part == 10) {
                    throw failure;
                  }
                  checkpoint.pass();
                }))
        .isSameAs(failure);
    assertThat(begun.get()).isLessThan(100_000);
    workers.leave();
    assertThat(workers.idle()).isEqualTo(3);
  }
}
