package io.alidade.pgwire.connection;

import java.time.Duration;

/// What clients may take up.
///
/// @param sessions how many sessions there may be (`max_connections`)
/// @param messageBytes the longest message (`message_max`)
/// @param inboundBytes how much of a session's messages waits before nothing more is read from it;
///   the message that passes it is still taken whole
/// @param inboundMessages how many of a session's messages wait before nothing more is read
/// @param authenticationTimeout how long a connection may last without becoming a session
/// @param workers how many threads run statements
public record ConnectionLimits(
    int sessions,
    int messageBytes,
    int inboundBytes,
    int inboundMessages,
    Duration authenticationTimeout,
    int workers) {

  /// Connections beyond the sessions: those being opened, cancelling, or refused with a message.
  static final int CONNECTIONS_BEYOND_SESSIONS = 100;

  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(1000, 64 << 20, 1 << 20, 1024, Duration.ofSeconds(60), 64);

  public ConnectionLimits {
    atLeastOne(sessions, "sessions");
    atLeastOne(messageBytes, "messageBytes");
    atLeastOne(inboundBytes, "inboundBytes");
    atLeastOne(inboundMessages, "inboundMessages");
    atLeastOne(workers, "workers");
    if (authenticationTimeout.isNegative() || authenticationTimeout.isZero()) {
      throw new IllegalArgumentException(
          "authenticationTimeout " + authenticationTimeout + " is not positive");
    }
  }

  private static void atLeastOne(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " " + value + " is below 1");
    }
  }
}
