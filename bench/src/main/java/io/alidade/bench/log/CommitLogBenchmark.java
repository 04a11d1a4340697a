package io.alidade.bench.log;

import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.file.DataDirectory;
import io.alidade.storage.log.CommitLog;
import io.alidade.storage.log.CommitLogOptions;
import io.alidade.storage.log.LogCursor;
import io.alidade.storage.log.RecoveryPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Measures forced commits a second and bulk MB/s of the commit log and of two plain files.
///
/// `CommitLogBenchmark DIRECTORY [seconds a case]`. The plain files are the bounds to judge by: one
/// is extended by each write, as a log without reserved space does; the other was filled with zeros
/// before, as PostgreSQL's is. All cases run in each of three rounds; read the last.
public final class CommitLogBenchmark {
  private static final int ROUNDS = 3;
  private static final int ROW_BYTES = 1_600; // 384 floats and a few more columns.
  private static final int[] ROWS_PER_FORCE = {1, 16, 64, 1_000};
  private static final int ZERO_BYTES = 1 << 20;
  private static final long MOST_BYTES = 2L << 30;

  private final Path directory;
  private final long nanosPerCase;
  private final byte[] row = new byte[ROW_BYTES];

  private CommitLogBenchmark(Path directory, double secondsPerCase) {
    this.directory = directory;
    this.nanosPerCase = (long) (secondsPerCase * 1e9);
    new Random(1).nextBytes(row);
  }

  public static void main(String[] arguments) throws IOException, CorruptFileException {
    if (arguments.length < 1) {
      System.err.println("usage: CommitLogBenchmark DIRECTORY [seconds a case]");
      System.exit(2);
    }
    Path directory = Files.createTempDirectory(Path.of(arguments[0]), "commit-log-");
    double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 2;
    try {
      new CommitLogBenchmark(directory, seconds).run();
    } finally {
      deleteTree(directory);
    }
  }

  private void run() throws IOException, CorruptFileException {
    for (int round = 1; round <= ROUNDS; round++) {
      System.out.println("round " + round + " of " + ROUNDS);
      for (int rows : ROWS_PER_FORCE) {
        plainFile("file, extended", rows, 0);
        plainFile("file, zeros ahead", rows, MOST_BYTES / 4);
        commitLog(rows);
      }
    }
  }

  private void plainFile(String name, int rows, long zeros) throws IOException {
    Path file = directory.resolve("plain");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer zero = ByteBuffer.allocateDirect(ZERO_BYTES);
      for (long at = 0; at < zeros; at += ZERO_BYTES) {
        channel.write(zero.clear(), at);
      }
      channel.force(true);
      ByteBuffer bytes = ByteBuffer.allocateDirect(ROW_BYTES).put(row);
      long most = zeros == 0 ? MOST_BYTES : zeros - (long) rows * ROW_BYTES;
      measure(name, rows, most, () -> channel.write(bytes.rewind()), () -> channel.force(false));
    }
    Files.delete(file);
  }

  private void commitLog(int rows) throws IOException, CorruptFileException {
    Path where = directory.resolve("data");
    long opening = System.nanoTime();
    try (DataDirectory data = DataDirectory.open(where)) {
      try (CommitLog log = open(data)) {
        double openMillis = (System.nanoTime() - opening) / 1e6;
        ByteBuffer bytes = ByteBuffer.wrap(row);
        measure("commit log", rows, MOST_BYTES, () -> log.append(1, bytes), log::force);
        System.out.printf("    opened in %.0f ms", openMillis);
      }
      long reopening = System.nanoTime();
      try (CommitLog log = open(data)) {
        double reopenMillis = (System.nanoTime() - reopening) / 1e6;
        long megabytes = log.lastLsn() * ROW_BYTES >> 20;
        long reading = System.nanoTime();
        try (LogCursor cursor = log.read(1)) {
          while (cursor.next().isPresent()) {
            Thread.onSpinWait();
          }
        }
        double readSeconds = (System.nanoTime() - reading) / 1e9;
        System.out.printf(
            "; with %d MB again in %.0f ms, read at %.0f MB/s%n",
            megabytes, reopenMillis, megabytes / readSeconds);
      }
    }
    deleteTree(where);
  }

  private static CommitLog open(DataDirectory data) throws IOException, CorruptFileException {
    return CommitLog.open(
        data,
        CommitLogOptions.DEFAULT,
        RecoveryPoint.START,
        failure -> System.err.println(failure));
  }

  private void measure(String name, int rows, long mostBytes, Step append, Step force)
      throws IOException {
    long[] nanos = new long[1 << 20];
    int forces = 0;
    long start = System.nanoTime();
    long end = start + nanosPerCase;
    long bytes = 0;
    long now = start;
    while (now < end && forces < nanos.length && bytes < mostBytes) {
      for (int i = 0; i < rows; i++) {
        append.run();
      }
      force.run();
      long after = System.nanoTime();
      nanos[forces++] = after - now;
      now = after;
      bytes += (long) rows * ROW_BYTES;
    }
    Arrays.sort(nanos, 0, forces);
    double seconds = (now - start) / 1e9;
    System.out.printf(
        "  %-18s %5d rows a force: %8.0f forces/s %9.0f rows/s %7.1f MB/s  p50 %6.0f us  p99 %6.0f"
            + " us%n",
        name,
        rows,
        forces / seconds,
        forces * (double) rows / seconds,
        bytes / seconds / 1e6,
        nanos[forces / 2] / 1e3,
        nanos[(int) (forces * 0.99)] / 1e3);
  }

  private static void deleteTree(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> walked = Files.walk(root)) {
      files = walked.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }
}
