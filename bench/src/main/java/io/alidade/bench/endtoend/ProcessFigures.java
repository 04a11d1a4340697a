package io.alidade.bench.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads what Linux tells about a process.
final class ProcessFigures {

  /// `sysconf(_SC_CLK_TCK)`, 100 on every Linux that runs a JVM.
  private static final long NANOS_PER_TICK = 10_000_000;

  /// Fields of `/proc/PID/stat` counted after the closing parenthesis of the command's name.
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;
  private static final int BYTES_PER_KIB = 1024;

  private ProcessFigures() {}

  static long processorNanos(long pid) {
    String stat = read(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
        * NANOS_PER_TICK;
  }

  static long residentBytes(long pid) {
    return read(Path.of("/proc", Long.toString(pid), "status"))
            .lines()
            .filter(line -> line.startsWith("VmRSS:"))
            .map(line -> line.replaceAll("[^0-9]", ""))
            .mapToLong(Long::parseLong)
            .sum()
        * BYTES_PER_KIB;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
