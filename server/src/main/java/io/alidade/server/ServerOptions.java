package io.alidade.server;

import io.alidade.storage.backup.LogArchiving;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of a command that starts a server.
///
/// An option given by its own name wins over `-c`, the environment and the file.
final class ServerOptions {
  private static final String DATA = "data_directory";
  private static final String HOST = "listen_addresses";
  private static final String PG_PORT = "port";
  private static final String HTTP_PORT = "http_port";
  private static final String LOG_ARCHIVE = "log_archive";
  private static final String LOG_ARCHIVE_INTERVAL = "log_archive_interval";

  /// What a port is when nobody says.
  enum Ports {
    /// PostgreSQL's own.
    STANDARD("5432"),
    /// Any that is free.
    EPHEMERAL("0");

    private final String postgres;

    Ports(String postgres) {
      this.postgres = postgres;
    }
  }

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the data directory, made if it is not there (default: ./data)")
  private @Nullable Path data;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "the address to listen on (default: 127.0.0.1); only this machine's own are allowed, for"
              + " there is no authentication yet")
  private @Nullable String host;

  @Option(
      names = "--pg-port",
      paramLabel = "PORT",
      description = "the port for PostgreSQL's clients (default: 5432); 0 picks a free one")
  private @Nullable Integer pgPort;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description =
          "the port for HTTP (default: 6333); accepted and not used, for the HTTP door is not there"
              + " yet")
  private @Nullable Integer httpPort;

  @Option(
      names = "--log-archive",
      paramLabel = "DIR",
      description =
          "copy the commit log there, every minute (log_archive_interval, in seconds) and at the"
              + " end, for restores to a point in time (default: not at all)")
  private @Nullable Path logArchive;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "a file of lines name = value; ALIDADE_NAME in the environment sets name too")
  private @Nullable Path config;

  @Option(
      names = "-c",
      paramLabel = "NAME=VALUE",
      description = "a setting, as in the file; may be given many times")
  private List<String> settings = new ArrayList<>();

  /// Everything together: the options, the environment and the file.
  ServerConfiguration configuration(Ports ports, Map<String, String> environment)
      throws StartupException {
    ConfigurationSource source = new ConfigurationSource();
    if (config != null) {
      source.addFile(config);
    }
    source.addEnvironment(environment);
    for (String setting : settings) {
      source.addOption(setting);
    }
    Map<String, String> rest = new TreeMap<>(source.settings());
    String chosenData = choose(data, rest.remove(DATA), "data");
    String chosenHost = choose(host, rest.remove(HOST), "127.0.0.1");
    int chosenPort = port(choose(pgPort, rest.remove(PG_PORT), ports.postgres));
    port(choose(httpPort, rest.remove(HTTP_PORT), "6333"));
    Optional<LogArchiving> archiving =
        archiving(
            choose(logArchive, rest.remove(LOG_ARCHIVE), ""),
            Optional.ofNullable(rest.remove(LOG_ARCHIVE_INTERVAL)));
    try {
      return new ServerConfiguration(Path.of(chosenData), chosenHost, chosenPort, rest, archiving);
    } catch (IllegalArgumentException e) {
      throw new StartupException(Optional.ofNullable(e.getMessage()).orElse("bad option"), e);
    }
  }

  private static Optional<LogArchiving> archiving(String directory, Optional<String> seconds)
      throws StartupException {
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    try {
      Duration interval =
          seconds
              .map(it -> Duration.ofSeconds(Long.parseLong(it)))
              .orElse(LogArchiving.DEFAULT_INTERVAL);
      return Optional.of(new LogArchiving(Path.of(directory), interval));
    } catch (IllegalArgumentException e) {
      throw new StartupException(
          LOG_ARCHIVE_INTERVAL + " \"" + seconds.orElse("") + "\" is not a number of seconds", e);
    }
  }

  private static String choose(
      @Nullable Object option, @Nullable String setting, String otherwise) {
    if (option != null) {
      return option.toString();
    }
    return setting != null ? setting : otherwise;
  }

  private static int port(String text) throws StartupException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new StartupException("port \"" + text + "\" is not a number", e);
    }
  }
}
