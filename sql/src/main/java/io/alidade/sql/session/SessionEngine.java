package io.alidade.sql.session;

import io.alidade.engine.TextEmbedder;
import io.alidade.sql.Session;
import io.alidade.sql.SessionListener;
import io.alidade.sql.SessionRequest;
import io.alidade.sql.SqlEngine;
import io.alidade.storage.Database;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// SQL over one database. Thread-safe.
public final class SessionEngine implements SqlEngine {

  private final Database database;
  private final ServerSettings settings;
  private final Optional<TextEmbedder> embedder;
  private final PlanCache plans = new PlanCache();
  private final AtomicInteger lastProcessId = new AtomicInteger();
  private final Set<ClientSession> sessions = ConcurrentHashMap.newKeySet();

  /// @param database stays the caller's to close
  /// @param embedder what `embed(text)` asks; empty when there is no model
  /// @param configured defaults of settings, by name
  /// @throws io.alidade.model.DatabaseException 42704, 22023 when one of those is not valid
  public SessionEngine(
      Database database, Optional<TextEmbedder> embedder, Map<String, String> configured) {
    this.database = database;
    this.embedder = embedder;
    this.settings = ServerSettings.configured(configured);
  }

  @Override
  public Session openSession(SessionRequest request, SessionListener listener) {
    ClientSession session =
        new ClientSession(this, lastProcessId.incrementAndGet(), request, listener);
    sessions.add(session);
    return session;
  }

  void closed(ClientSession session) {
    sessions.remove(session);
  }

  Database database() {
    return database;
  }

  ServerSettings settings() {
    return settings;
  }

  Optional<TextEmbedder> embedder() {
    return embedder;
  }

  PlanCache plans() {
    return plans;
  }

  @Override
  public void close() {
    sessions.forEach(ClientSession::cancel);
  }
}
