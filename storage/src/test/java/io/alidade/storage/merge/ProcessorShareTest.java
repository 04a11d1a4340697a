package io.alidade.storage.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessorShareTest {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long MILLIS = 1500;

  /// @return the processor time that two threads have really taken, in nanoseconds
  private static long work(ProcessorShare share) throws InterruptedException {
    AtomicLong taken = new AtomicLong();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                double value = 1;
                while (System.nanoTime() < end) {
                  for (int j = 0; j < 100_000; j++) {
                    value = Math.sqrt(value + j);
                  }
                  share.pass();
                }
                assertThat(value).isPositive();
                taken.addAndGet(THREADS.getCurrentThreadCpuTime());
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return taken.get();
  }

  @Test
  void threadsTakeNoMoreThanTheirShareTogether() throws InterruptedException {
    ProcessorShare share = new ProcessorShare(0.1, 2);
    long taken = work(share);
    // A tenth of two processors, what was saved before, and one piece of work each.
    assertThat(taken).isLessThan(TimeUnit.MILLISECONDS.toNanos(MILLIS) * 3 / 10);
    assertThat(share.spentNanos()).isBetween(taken / 2, taken);
  }

  @Test
  void theWholeIsNoLimit() throws InterruptedException {
    ProcessorShare share = new ProcessorShare(1, 2);
    long begun = System.nanoTime();
    for (int i = 0; i < 1_000_000; i++) {
      share.pass();
    }
    assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void onlySharesAreTaken() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ProcessorShare(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new ProcessorShare(1.5));
    assertThatIllegalArgumentException().isThrownBy(() -> new ProcessorShare(Double.NaN));
  }
}
