package io.alidade.bench.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Measures forced commits a second by the number of clients, beside PostgreSQL when its URL is
/// given.
@Command(
    name = "commits",
    mixinStandardHelpOptions = true,
    description = "Measures forced commits a second of many clients, beside PostgreSQL if given.")
public final class Commits implements Runnable {

  @Option(names = "--launcher", description = "The launcher (${DEFAULT-VALUE}).")
  private Path launcher = Path.of("bin/alidade");

  @Option(names = "--work", required = true, description = "A directory for data.")
  private Path work = Path.of("");

  @Option(
      names = "--postgresql",
      description = "The JDBC URL of a PostgreSQL whose data is on the same disk.")
  private Optional<String> postgresql = Optional.empty();

  @Option(
      names = "--clients",
      split = ",",
      description = "Numbers of clients, measured in turn (${DEFAULT-VALUE}).")
  private List<Integer> clients = List.of(1, 2, 4, 8, 16, 32);

  @Option(names = "--rounds", description = "Rounds that count (${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(names = "--seconds", description = "Seconds of each pass (${DEFAULT-VALUE}).")
  private double seconds = 2;

  @Option(
      names = "--warm-up",
      description = "Seconds before, with the last number of clients (${DEFAULT-VALUE}).")
  private double warmUp = 20;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Commits()).execute(arguments));
  }

  @Override
  public void run() {
    try {
      Files.createDirectories(work);
      Path data = Files.createTempDirectory(work, "data");
      try (AlidadeProcess alidade = AlidadeProcess.start(launcher.toAbsolutePath(), data)) {
        List<ServerUnderTest> servers = new ArrayList<>(List.of(alidade));
        postgresql.ifPresent(url -> servers.add(new PostgresqlServer(url)));
        for (ServerUnderTest server : servers) {
          try (Connection connection = server.connect()) {
            Sql.execute(connection, "SET synchronous_commit = on");
          }
        }
        CommitMeasurement measurement = new CommitMeasurement(servers, clients, rounds, seconds);
        measurement.warmUp(warmUp);
        measurement.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
