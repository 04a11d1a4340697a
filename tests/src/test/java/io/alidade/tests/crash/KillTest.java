package io.alidade.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.storage.CheckReport;
import io.alidade.storage.DatabaseCheck;
import io.alidade.tests.ServerProcess;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server is killed at random moments while clients commit, checkpoints run and files are merged;
/// what was acknowledged must be there after the restart, no transaction by halves, and the
/// directory sound.
///
/// `-Dtest.rounds` says how many kills (30), `-Dtest.seed` repeats a run.
class KillTest {
  private static final int ROUNDS = Integer.getInteger("test.rounds", 30);

  @TempDir Path data;

  private final Ledgers ledgers = new Ledgers();

  @Test
  void acknowledgedCommitsSurviveAndNoneIsHalfThere() throws Exception {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("KillTest: seed " + seed + ", rounds " + ROUNDS);
    Random random = new Random(seed);
    try (ServerProcess server = ServerProcess.start(data)) {
      ledgers.createTables(server);
    }
    for (int round = 1; round <= ROUNDS; round++) {
      String when = "before round " + round + ", seed " + seed;
      CheckReport report = DatabaseCheck.run(data, DatabaseCheck.Mode.VERIFY);
      assertThat(report.isSound()).as("%s: %s", when, report).isTrue();
      try (ServerProcess server = ServerProcess.start(data)) {
        ledgers.verify(server, when);
        ledgers.start(server, random.nextLong());
        TimeUnit.MILLISECONDS.sleep(random.nextInt(50, 900));
        server.kill();
        ledgers.end(Ledgers.Death.KILLED, System.nanoTime());
      }
    }
    try (ServerProcess server = ServerProcess.start(data)) {
      ledgers.verify(server, "at the end, seed " + seed);
      assertThat(server.stop()).isZero();
    }
    assertThat(ledgers.leastAcknowledged()).as("commits were acknowledged at all").isPositive();
  }
}
