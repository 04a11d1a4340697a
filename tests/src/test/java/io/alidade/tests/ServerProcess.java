package io.alidade.tests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server in a process of its own, started as a user starts it, on a free port of the loopback
/// interface.
///
/// It is ended with [#stop] (SIGTERM), [#kill] (SIGKILL) or [#close], whichever the test is about.
public final class ServerProcess implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
  private static final Pattern READY =
      Pattern.compile("alidade ready pg=127\\.0\\.0\\.1:(\\d+) .*");

  /// The flags that bin/alidade gives.
  private static final List<String> JVM_FLAGS =
      List.of(
          "--add-modules=jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "-Dchronicle.analytics.disable=true",
          "-XX:TieredStopAtLevel=1");

  private final Process process;
  private final int port;
  private final Path log;

  private ServerProcess(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /// Starts a server on a data directory and waits until it says that it is ready.
  ///
  /// @param data the data directory, made when it is not there
  /// @param arguments more arguments of `alidade serve`
  public static ServerProcess start(Path data, String... arguments) {
    return start(List.of(), data, arguments);
  }

  /// Starts a server with more flags for its JVM.
  public static ServerProcess start(List<String> jvmFlags, Path data, String... arguments) {
    try {
      Path log = Files.createTempFile("alidade-server", ".log");
      Process process =
          new ProcessBuilder(command(jvmFlags, data, arguments))
              .redirectError(log.toFile())
              .start();
      try {
        return new ServerProcess(process, awaitReady(process, log), log);
      } catch (RuntimeException e) {
        process.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What runs the program `alidade`, without its arguments.
  public static List<String> program() {
    return program(List.of());
  }

  private static List<String> program(List<String> jvmFlags) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_FLAGS);
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.alidade.server.Main"));
    return command;
  }

  private static List<String> command(List<String> jvmFlags, Path data, String... arguments) {
    List<String> command = program(jvmFlags);
    command.addAll(
        List.of("serve", "--data", data.toString(), "--pg-port", "0", "--http-port", "0"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static int awaitReady(Process process, Path log) {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> readOutput(process, port));
    try {
      return port.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the server did not get ready:\n" + read(log), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Reads standard output to its end, so that the server never waits for us.
  private static void readOutput(Process process, CompletableFuture<Integer> port) {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = out.readLine()) != null) {
        Matcher ready = READY.matcher(line);
        if (ready.matches()) {
          port.complete(Integer.parseInt(ready.group(1)));
        }
      }
    } catch (IOException e) {
      // The process was killed while we read: the test knows.
    }
    port.completeExceptionally(new IllegalStateException("standard output ended"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "(" + e + ")";
    }
  }

  public int port() {
    return port;
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/alidade?user=alidade";
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url());
  }

  /// What the server has written to its log.
  public String log() {
    return read(log);
  }

  /// SIGSTOP: it does nothing any more, and can only be killed.
  public void freeze() {
    try {
      int status = new ProcessBuilder("kill", "-STOP", "" + process.pid()).start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("kill -STOP failed with status " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Waits until it ends by itself.
  ///
  /// @return the exit status
  public int awaitExit() {
    return awaitEnd();
  }

  /// The number of the process.
  public long pid() {
    return process.pid();
  }

  /// SIGKILL, and waits for the end.
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /// SIGTERM, and waits for the end.
  ///
  /// @return the exit status
  public int stop() {
    process.destroy();
    return awaitEnd();
  }

  private int awaitEnd() {
    try {
      if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the server did not end:\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}
