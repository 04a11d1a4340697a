package io.alidade.server;

import io.alidade.storage.backup.LogArchiving;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What a server is started with, checked.
///
/// @param data the data directory
/// @param host the loopback address to listen on
/// @param pgPort PostgreSQL's port; 0 picks a free one
/// @param settings defaults of SQL settings by name, as sessions begin with them
/// @param archiving where the commit log is archived, if it is
public record ServerConfiguration(
    Path data,
    String host,
    int pgPort,
    Map<String, String> settings,
    Optional<LogArchiving> archiving) {
  private static final int MAX_PORT = 65_535;

  /// One whose log is not archived.
  public ServerConfiguration(Path data, String host, int pgPort, Map<String, String> settings) {
    this(data, host, pgPort, settings, Optional.empty());
  }

  public ServerConfiguration {
    if (pgPort < 0 || pgPort > MAX_PORT) {
      throw new IllegalArgumentException("port " + pgPort + " is not between 0 and " + MAX_PORT);
    }
    requireLoopback(host);
    settings = Map.copyOf(settings);
  }

  /// Only `trust` exists: whoever reaches the port may do everything, so only this machine may.
  private static void requireLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          throw new IllegalArgumentException(
              "refusing to listen on "
                  + host
                  + ": there is no authentication yet, so only this machine may connect"
                  + " (127.0.0.1, ::1 or localhost)");
        }
      }
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("host \"" + host + "\" is not known", e);
    }
  }
}
