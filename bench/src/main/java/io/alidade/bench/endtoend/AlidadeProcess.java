package io.alidade.bench.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// An Alidade server in a process of its own, started by `bin/alidade` as a user starts it.
final class AlidadeProcess implements ServerUnderTest {

  private static final Pattern READY =
      Pattern.compile("alidade ready pg=127\\.0\\.0\\.1:(\\d+) .*");

  private final Process process;
  private final int port;
  private final Path data;
  private final long readyNanos;

  private AlidadeProcess(Process process, int port, Path data, long readyNanos) {
    this.process = process;
    this.port = port;
    this.data = data;
    this.readyNanos = readyNanos;
  }

  /// Starts a server on a data directory and waits until it is ready.
  ///
  /// @param launcher the path of `bin/alidade`
  static AlidadeProcess start(Path launcher, Path data) throws IOException {
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(
                List.of(
                    launcher.toString(),
                    "serve",
                    "--data",
                    data.toString(),
                    "--pg-port",
                    "0",
                    "--http-port",
                    "0"))
            .redirectError(data.resolveSibling(data.getFileName() + ".log").toFile())
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line;
    while ((line = out.readLine()) != null) {
      Matcher ready = READY.matcher(line);
      if (ready.matches()) {
        return new AlidadeProcess(
            process, Integer.parseInt(ready.group(1)), data, System.nanoTime() - begun);
      }
    }
    throw new IOException("the server ended before it was ready");
  }

  /// From the start of the process to its ready line.
  long readyNanos() {
    return readyNanos;
  }

  @Override
  public String name() {
    return "alidade";
  }

  @Override
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/alidade?user=alidade");
  }

  @Override
  public long processorNanos(Connection connection) {
    return ProcessFigures.processorNanos(process.pid());
  }

  @Override
  public long allProcessorNanos(Connection connection) {
    return processorNanos(connection);
  }

  @Override
  public long residentBytes(Connection connection) {
    return ProcessFigures.residentBytes(process.pid());
  }

  /// All of the data directory: an Alidade keeps nothing of a table elsewhere.
  @Override
  public long bytesOnDisk(Connection connection, String table) {
    try (Stream<Path> files = Files.walk(data)) {
      return files.filter(Files::isRegularFile).mapToLong(AlidadeProcess::size).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // Files come and go while the server runs.
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
