package io.alidade.sql.session;

import io.alidade.engine.TextEmbedder;
import io.alidade.sql.Portal;
import io.alidade.sql.ScriptStatement;
import io.alidade.sql.Session;
import io.alidade.sql.SessionListener;
import io.alidade.sql.SessionRequest;
import io.alidade.sql.SqlEngine;
import io.alidade.sql.constraint.ConditionCache;
import io.alidade.sql.execute.row.StatementMemory;
import io.alidade.storage.Database;
import io.alidade.storage.DatabaseOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SQL over one database. Thread-safe.
public final class SessionEngine implements SqlEngine {

  private static final Logger LOG = LoggerFactory.getLogger(SessionEngine.class);

  private static final List<String> WARM_UP =
      List.of(
          "SELECT t.oid, count(*) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
              + " WHERE t.typname = 'int4' GROUP BY t.oid ORDER BY 1 LIMIT 1",
          "SELECT x.id FROM (VALUES (1, vector '[1,2]')) AS x(id, v)"
              + " WHERE x.id < 5 ORDER BY x.v <-> '[1,2]' LIMIT 1");

  private final Database database;
  private final ServerSettings settings;
  private final Optional<TextEmbedder> embedder;
  private final StatementMemory statementMemory = StatementMemory.ofHeap();
  private final PlanCache plans = new PlanCache();
  private final ConditionCache conditions = new ConditionCache();
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
    this.settings =
        ServerSettings.configured(configured, database.options()).of(database.options());
    database.limitSnapshots(settings.oldSnapshotLimit());
  }

  /// What a database is to be opened with for a server of this configuration.
  ///
  /// @param configured defaults of settings, by name
  /// @throws io.alidade.model.DatabaseException 42704, 22023 when one of those is not valid
  public static DatabaseOptions databaseOptions(Map<String, String> configured) {
    DatabaseOptions options = DatabaseOptions.DEFAULT;
    return ServerSettings.configured(configured, options).applyTo(options);
  }

  @Override
  public Session openSession(SessionRequest request, SessionListener listener) {
    ClientSession session =
        new ClientSession(this, lastProcessId.incrementAndGet(), request, listener);
    sessions.add(session);
    return session;
  }

  /// Runs some statements that touch no table, so that the first client does not wait for what the
  /// JVM loads and compiles for a first statement: half a second of work. To be called by a thread
  /// of its own, while clients may connect already.
  public void warmUp() {
    SessionRequest request = new SessionRequest("alidade", "alidade", Map.of());
    try (Session session = openSession(request, SessionListener.SILENT)) {
      for (String text : WARM_UP) {
        for (ScriptStatement statement : session.parseScript(text)) {
          Portal portal = session.open(statement);
          while (portal.fetch(1) instanceof Portal.Step.Rows) {
            // Only that they were computed matters.
          }
        }
        session.sync();
      }
    } catch (RuntimeException e) {
      LOG.debug("the warm-up ended early", e); // Such as when the server is stopped meanwhile.
    }
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

  StatementMemory statementMemory() {
    return statementMemory;
  }

  PlanCache plans() {
    return plans;
  }

  ConditionCache conditions() {
    return conditions;
  }

  @Override
  public void close() {
    sessions.forEach(ClientSession::cancel);
  }
}
