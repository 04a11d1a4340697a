package io.alidade.storage.log;

import io.alidade.storage.file.DataDirectory;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;

/// A process that commits until it is killed, and prints each LSN once it is durable.
///
/// `AppendUntilKilled DATA_DIRECTORY SEED`
final class AppendUntilKilled {
  static final CommitLogOptions OPTIONS = new CommitLogOptions(1 << 20, 64 << 10);
  private static final int MOST_PER_FORCE = 8;
  private static final int LONGEST = 100_000;

  private AppendUntilKilled() {}

  public static void main(String[] arguments) throws Exception {
    Random random = new Random(Long.parseLong(arguments[1]));
    PrintStream acknowledged = System.out;
    DataDirectory data = DataDirectory.open(Path.of(arguments[0]));
    CommitLog log = CommitLog.open(data, OPTIONS, RecoveryPoint.START, _ -> System.exit(3));
    acknowledged.println("from " + log.lastLsn());
    while (true) {
      for (int i = random.nextInt(MOST_PER_FORCE); i >= 0; i--) {
        if (random.nextInt(4) == 0) {
          log.appendChunk(log.lastLsn() + 1, payload(log.lastLsn() + 1));
        }
        log.append(log.lastLsn() + 1, payload(log.lastLsn() + 1));
      }
      acknowledged.println(log.force());
    }
  }

  /// What is committed at an LSN; its length and bytes follow from the LSN alone.
  static ByteBuffer payload(long lsn) {
    Random random = new Random(lsn);
    byte[] bytes =
        new byte[random.nextInt(20) == 0 ? random.nextInt(LONGEST) : random.nextInt(300)];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }
}
