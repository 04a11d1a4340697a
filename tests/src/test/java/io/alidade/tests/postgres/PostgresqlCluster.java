package io.alidade.tests.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A PostgreSQL server with an empty database cluster of its own, on a free port of the loopback
/// interface; both are gone when it is closed.
final class PostgresqlCluster implements ServerProduct.Running {
  /// Where Debian's packages put the server.
  static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");

  private static final long LIMIT_SECONDS = 60;
  private static final String USER = "postgres";

  private final Path directory;
  private final Process process;
  private final int port;

  private PostgresqlCluster(Path directory, Process process, int port) {
    this.directory = directory;
    this.process = process;
    this.port = port;
  }

  static boolean isInstalled() {
    return Files.isExecutable(PROGRAMS.resolve("initdb"))
        && Files.isExecutable(PROGRAMS.resolve("postgres"))
        && (!isRoot() || serverUser().isPresent());
  }

  static PostgresqlCluster start() {
    try {
      Path directory = Files.createTempDirectory("alidade-postgresql");
      if (isRoot()) {
        Files.setOwner(directory, serverUser().orElseThrow());
      }
      String data = directory.resolve("data").toString();
      Path log = directory.resolve("log");
      List<String> initialise =
          List.of("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync");
      Process initdb = start(initialise, log);
      if (!initdb.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || initdb.exitValue() != 0) {
        initdb.destroyForcibly();
        throw new IllegalStateException("initdb failed:\n" + Files.readString(log));
      }
      int port = freePort();
      Process server = start(serverCommand(data, port), log);
      PostgresqlCluster cluster = new PostgresqlCluster(directory, server, port);
      cluster.awaitReady(log);
      return cluster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<String> serverCommand(String data, int port) {
    List<String> command =
        new ArrayList<>(List.of("postgres", "-D", data, "-p", Integer.toString(port)));
    for (String setting :
        List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "shared_buffers=16MB",
            "fsync=off",
            "autovacuum=off", // Nothing comes between the statements.
            "deadlock_timeout=30ms")) {
      command.add("-c");
      command.add(setting);
    }
    return command;
  }

  /// The server refuses to run as root, so root runs it as another user.
  private static Process start(List<String> command, Path log) throws IOException {
    List<String> whole = new ArrayList<>();
    if (isRoot()) {
      whole.addAll(List.of("setpriv", "--reuid", USER, "--regid", USER, "--init-groups"));
    }
    whole.add(PROGRAMS.resolve(command.getFirst()).toString());
    whole.addAll(command.subList(1, command.size()));
    ProcessBuilder builder =
        new ProcessBuilder(whole)
            .directory(log.getParent().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder.start();
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static Optional<UserPrincipal> serverUser() {
    Path any = Path.of("/");
    try {
      return Optional.of(
          any.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady(Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (true) {
      try (Connection _ = connect()) {
        return;
      } catch (SQLException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          String said = Files.readString(log);
          close();
          throw new IllegalStateException("PostgreSQL did not get ready:\n" + said, e);
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  @Override
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER);
  }

  @Override
  public void close() {
    process.destroy(); // Ends it when its last client is gone.
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> deepestLast;
    try (Stream<Path> files = Files.walk(directory)) {
      deepestLast = files.toList();
    }
    for (Path file : deepestLast.reversed()) {
      Files.deleteIfExists(file);
    }
  }
}
