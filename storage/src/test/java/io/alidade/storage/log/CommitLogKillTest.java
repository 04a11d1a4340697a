package io.alidade.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DataDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process that commits, over and over, on one data directory.
final class CommitLogKillTest {
  private static final int ROUNDS = Integer.getInteger("kill.rounds", 4);
  private static final int LONGEST_MILLIS = 700;

  @TempDir Path directory;

  @Test
  void everyAcknowledgedCommitSurvivesKill9() throws Exception {
    Random random = CommitLogContract.seeded();
    long durable = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      durable = Math.max(durable, appendAndKill(random));
      durable = verify(durable, round);
    }
    assertThat(durable).isPositive();
  }

  /// The last LSN that the process said was durable.
  private long appendAndKill(Random random) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!flag.startsWith("-agentlib") && !flag.startsWith("-javaagent")) {
        command.add(flag);
      }
    }
    command.add("-Xmx128m");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(AppendUntilKilled.class.getName());
    command.add(directory.resolve("data").toString());
    command.add(Long.toString(random.nextLong()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    long acknowledged = 0;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).as("the process has opened the log").startsWith("from ");
      Thread killer = killAfter(process, random.nextInt(LONGEST_MILLIS));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.matches("\\d+")) { // The last line may be cut.
          acknowledged = Math.max(acknowledged, Long.parseLong(line));
        }
      }
      killer.join();
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    return acknowledged;
  }

  private static Thread killAfter(Process process, int millis) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            Thread.sleep(millis);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          // SIGKILL. Through the process itself it would also close the output that is being read.
          process.toHandle().destroyForcibly();
        });
  }

  private long verify(long durable, int round) throws IOException, CorruptFileException {
    try (DataDirectory data = DataDirectory.open(directory.resolve("data"));
        CommitLog log =
            CommitLog.open(
                data, AppendUntilKilled.OPTIONS, new RecoveryPoint(1, durable), failure -> {})) {
      assertThat(log.lastLsn()).as("round %d", round).isGreaterThanOrEqualTo(durable);
      long next = 1;
      try (LogCursor cursor = log.read(1)) {
        for (Optional<Entry> entry = cursor.next(); entry.isPresent(); entry = cursor.next()) {
          switch (entry.get()) {
            case Entry.Commit(var lsn, _, var payload) -> {
              assertThat(lsn).isEqualTo(next++);
              assertThat(payload).isEqualTo(AppendUntilKilled.payload(lsn));
            }
            case Entry.Chunk(var position, _, var payload) -> {
              assertThat(position).isEqualTo(next);
              assertThat(payload).isEqualTo(AppendUntilKilled.payload(position));
            }
            case Entry.Abort abort -> throw new AssertionError("nobody wrote " + abort);
          }
        }
      }
      assertThat(next).isEqualTo(log.lastLsn() + 1);
      return log.lastLsn();
    }
  }
}
