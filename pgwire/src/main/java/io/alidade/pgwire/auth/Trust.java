package io.alidade.pgwire.auth;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// From where clients are let in without a password.
public enum Trust {
  /// From this machine.
  LOOPBACK,
  /// From everywhere the server listens.
  EVERYWHERE;

  /// Whether a client with this address is let in.
  public boolean admits(SocketAddress address) {
    return switch (this) {
      case LOOPBACK ->
          address instanceof InetSocketAddress internet
              && internet.getAddress() != null
              && internet.getAddress().isLoopbackAddress();
      case EVERYWHERE -> true;
    };
  }
}
