package io.alidade.pgwire.connection;

import io.alidade.pgwire.auth.CancelKeys;
import io.alidade.pgwire.auth.Trust;
import io.alidade.sql.SqlEngine;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// What the connections of one server share. Thread-safe.
public final class ServerContext {

  private final SqlEngine engine;
  private final ConnectionLimits limits;
  private final Trust trust;
  private final Workers workers;
  private final CancelKeys cancelKeys = new CancelKeys();
  private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
  private final Semaphore sessions;
  private volatile boolean draining;

  public ServerContext(SqlEngine engine, ConnectionLimits limits, Trust trust, Workers workers) {
    this.engine = engine;
    this.limits = limits;
    this.trust = trust;
    this.workers = workers;
    sessions = new Semaphore(limits.sessions());
  }

  SqlEngine engine() {
    return engine;
  }

  public ConnectionLimits limits() {
    return limits;
  }

  Trust trust() {
    return trust;
  }

  Workers workers() {
    return workers;
  }

  CancelKeys cancelKeys() {
    return cancelKeys;
  }

  /// Takes one of the sessions; each that was taken is given back once.
  boolean takeSession() {
    return sessions.tryAcquire();
  }

  void giveSessionBack() {
    sessions.release();
  }

  /// Notes a connection, unless there are too many.
  boolean add(ClientConnection connection) {
    if (connections.size() >= limits.sessions() + ConnectionLimits.CONNECTIONS_BEYOND_SESSIONS) {
      return false;
    }
    connections.add(connection);
    return true;
  }

  void remove(ClientConnection connection) {
    connections.remove(connection);
  }

  /// How many connections there are, with a session or without.
  public int connections() {
    return connections.size();
  }

  boolean draining() {
    return draining;
  }

  /// Ends each connection as soon as it is idle.
  public void drain() {
    draining = true;
    connections.forEach(ClientConnection::wake);
  }

  /// Cancels what is running.
  public void cancelAll() {
    connections.forEach(ClientConnection::cancel);
  }

  /// Closes every connection's channel.
  public void closeAll() {
    connections.forEach(ClientConnection::close);
  }
}
