package io.alidade.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OpenSnapshotsTest {
  private final AtomicLong clock = new AtomicLong(-5);
  private final OpenSnapshots snapshots = new OpenSnapshots(clock::get);

  @Test
  void theOldestOpenOneCounts() {
    assertThat(snapshots.open(() -> 10)).isEqualTo(10);
    snapshots.open(() -> 12);
    clock.addAndGet(Duration.ofDays(9).toNanos());
    assertThat(snapshots.oldest(() -> 20)).isEqualTo(10);
    assertThat(snapshots.isTooOld(10)).isFalse();
    snapshots.close(10);
    assertThat(snapshots.oldest(() -> 20)).isEqualTo(12);
    snapshots.close(12);
    assertThat(snapshots.oldest(() -> 20)).isEqualTo(20);
  }

  @Test
  void oneThatIsOlderThanTheLimitIsGivenUpWhenTheOldestIsAskedFor() {
    snapshots.limit(Duration.ofMillis(100));
    snapshots.open(() -> 10);
    clock.addAndGet(Duration.ofMillis(60).toNanos());
    snapshots.open(() -> 12);
    clock.addAndGet(Duration.ofMillis(60).toNanos());
    assertThat(snapshots.isTooOld(10)).as("nothing was taken away yet").isFalse();
    assertThat(snapshots.oldest(() -> 20)).isEqualTo(12);
    assertThat(snapshots.isTooOld(10)).isTrue();
    assertThat(snapshots.isTooOld(12)).isFalse();
    clock.addAndGet(Duration.ofMillis(60).toNanos());
    snapshots.open(() -> 20);
    assertThat(snapshots.oldest(() -> 20)).isEqualTo(20);
    assertThat(snapshots.isTooOld(20)).as("what is new is never too old").isFalse();
  }

  @Test
  void oneThatIsTakenAgainAtTheSameTimeIsAsYoungAsThat() {
    snapshots.limit(Duration.ofMillis(100));
    snapshots.open(() -> 10);
    clock.addAndGet(Duration.ofMillis(90).toNanos());
    snapshots.open(() -> 10);
    clock.addAndGet(Duration.ofMillis(90).toNanos());
    assertThat(snapshots.oldest(() -> 20)).isEqualTo(10);
  }
}
