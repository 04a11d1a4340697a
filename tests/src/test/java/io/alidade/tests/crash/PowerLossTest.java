package io.alidade.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.storage.CheckReport;
import io.alidade.storage.DatabaseCheck;
import io.alidade.tests.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The power goes while clients commit: what of the disk was written by then is all that is left.
///
/// The server works on an ext4 in an image file. It is stopped at a random moment, the image is
/// copied without what only the page cache holds, and the next round goes on with the copy, whose
/// journal is replayed by mounting it. What was acknowledged must be there; of commits that did not
/// wait for the disk, all but the last moment's.
///
/// `-Dtest.power.rounds` says how often (3; 20 take about three minutes), `-Dtest.seed` repeats a
/// run. It is skipped where nothing can be mounted.
@Timeout(1800)
class PowerLossTest {
  private static final int ROUNDS = Integer.getInteger("test.power.rounds", 3);
  private static final int IMAGE_MEGABYTES = 1024;

  @TempDir Path scratch;

  private final Ledgers ledgers = new Ledgers();

  @Test
  void whatWasAcknowledgedIsThereWhenThePowerComesBack() throws Exception {
    LoopDisk.assumePossible(scratch);
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("PowerLossTest: seed " + seed + ", rounds " + ROUNDS);
    Random random = new Random(seed);
    Path mountPoint = scratch.resolve("disk");
    Path image = scratch.resolve("0.img");
    try (LoopDisk disk = LoopDisk.make(image, mountPoint, IMAGE_MEGABYTES);
        ServerProcess server = ServerProcess.start(disk.path().resolve("data"))) {
      ledgers.createTables(server);
      assertThat(server.stop()).isZero();
    }
    for (int round = 1; round <= ROUNDS; round++) {
      Path copy = scratch.resolve(round + ".img");
      try (LoopDisk disk = LoopDisk.mount(image, mountPoint)) {
        loseThePower(disk, copy, random, "before round " + round + ", seed " + seed);
      }
      Files.delete(image);
      image = copy;
    }
    try (LoopDisk disk = LoopDisk.mount(image, mountPoint)) {
      String when = "at the end, seed " + seed;
      requireSound(disk, when);
      try (ServerProcess server = ServerProcess.start(disk.path().resolve("data"))) {
        ledgers.verify(server, when);
      }
    }
    assertThat(ledgers.leastAcknowledged()).as("commits were acknowledged at all").isPositive();
  }

  private void loseThePower(LoopDisk disk, Path copy, Random random, String when) throws Exception {
    requireSound(disk, when);
    try (ServerProcess server = ServerProcess.start(disk.path().resolve("data"))) {
      ledgers.verify(server, when);
      ledgers.start(server, random.nextLong());
      TimeUnit.MILLISECONDS.sleep(random.nextInt(200, 4000));
      server.freeze();
      long died = System.nanoTime();
      disk.copyTo(copy);
      server.kill();
      ledgers.end(Ledgers.Death.POWER_LOSS, died);
    }
  }

  private static void requireSound(LoopDisk disk, String when) throws Exception {
    CheckReport report = DatabaseCheck.run(disk.path().resolve("data"), DatabaseCheck.Mode.VERIFY);
    assertThat(report.isSound()).as("%s: %s", when, report).isTrue();
  }
}
