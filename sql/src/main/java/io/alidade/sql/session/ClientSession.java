package io.alidade.sql.session;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.Portal;
import io.alidade.sql.PreparedStatement;
import io.alidade.sql.ResultColumn;
import io.alidade.sql.ScriptStatement;
import io.alidade.sql.Session;
import io.alidade.sql.SessionListener;
import io.alidade.sql.SessionRequest;
import io.alidade.sql.constraint.CommitChecks;
import io.alidade.sql.parse.ParsedStatement;
import io.alidade.sql.parse.SqlParser;
import io.alidade.storage.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A client's session over the database of its engine.
final class ClientSession implements Session {

  private static final String UNNAMED = "";

  private final SessionEngine engine;
  private final int processId;
  private final SessionListener listener;
  private final SessionSettings settings;
  private final Interruption interruption = new Interruption();
  private final TransactionControl transactions;
  private final SessionContext context;
  private final StatementCompiler compiler;
  private final StatementStarter starter;
  private final Map<String, Prepared> statements = new HashMap<>();
  private final Map<String, ClientPortal> portals = new HashMap<>();
  private Map<String, String> told;
  private SessionSettings.Mark toldOf;

  ClientSession(
      SessionEngine engine, int processId, SessionRequest request, SessionListener listener) {
    this.engine = engine;
    this.processId = processId;
    this.listener = listener;
    this.settings = new SessionSettings(engine.settings());
    request.settings().forEach(settings::start);
    this.transactions =
        new TransactionControl(engine.database(), settings, interruption, this::checkDeferred);
    this.context =
        new SessionContext(
            request,
            processId,
            settings,
            transactions,
            interruption,
            () -> transactions.current().catalog(),
            engine.database(),
            engine.embedder(),
            RandomGenerator.getDefault());
    this.compiler = new StatementCompiler(this, engine.plans());
    this.starter = new StatementStarter(this);
    this.told = settings.reported();
    this.toldOf = settings.mark();
  }

  @Override
  public List<ScriptStatement> parseScript(String script) {
    List<ParsedStatement> parsed = SqlParser.parseScript(script);
    if (parsed.size() > SessionLimits.MAX_SCRIPT_STATEMENTS) {
      throw new DatabaseException(
          SqlState.PROGRAM_LIMIT_EXCEEDED,
          "a script cannot have more than " + SessionLimits.MAX_SCRIPT_STATEMENTS + " statements");
    }
    return parsed.stream().map(ScriptStatement::new).toList();
  }

  @Override
  public Portal open(ScriptStatement statement) {
    closePortal(UNNAMED);
    beginWork();
    StatementText text = StatementText.of(statement.parsed());
    Compilation compilation = compiler.compile(text, List.of());
    requireNoParameters(compilation.compiled());
    return bindPortal(
        UNNAMED,
        new ClientPortal(
            this, compilation.compiled(), new BoundValues(List.of(), compilation.literals())));
  }

  private static void requireNoParameters(Compiled compiled) {
    if (!compiled.parameterTypes().isEmpty()) {
      throw new DatabaseException(SqlState.UNDEFINED_PARAMETER, "there is no parameter $1");
    }
  }

  @Override
  public PreparedStatement prepare(
      String name, String text, List<Optional<ColumnType>> parameterTypes) {
    return prepare(name, StatementText.of(text), parameterTypes);
  }

  Prepared prepare(String name, StatementText text, List<Optional<ColumnType>> parameterTypes) {
    if (name.equals(UNNAMED)) {
      statements.remove(UNNAMED);
    } else if (statements.containsKey(name)) {
      throw new DatabaseException(
          SqlState.DUPLICATE_PREPARED_STATEMENT,
          "prepared statement \"" + name + "\" already exists");
    } else if (statements.size() >= SessionLimits.MAX_PREPARED_STATEMENTS) {
      throw new DatabaseException(
          SqlState.CONFIGURATION_LIMIT_EXCEEDED,
          "a session cannot have more than "
              + SessionLimits.MAX_PREPARED_STATEMENTS
              + " prepared statements");
    }
    beginWork();
    Prepared prepared = new Prepared(text, parameterTypes, compiler.compile(text, parameterTypes));
    statements.put(name, prepared);
    return prepared;
  }

  @Override
  public Prepared preparedStatement(String name) {
    Prepared prepared = statements.get(name);
    if (prepared == null) {
      throw new DatabaseException(
          SqlState.INVALID_SQL_STATEMENT_NAME,
          name.equals(UNNAMED)
              ? "unnamed prepared statement does not exist"
              : "prepared statement \"" + name + "\" does not exist");
    }
    return prepared;
  }

  @Override
  public Portal bind(String portalName, String statementName, List<@Nullable Object> parameters) {
    if (portalName.equals(UNNAMED)) {
      closePortal(UNNAMED);
    } else if (portals.containsKey(portalName)) {
      throw new DatabaseException(
          SqlState.DUPLICATE_CURSOR, "cursor \"" + portalName + "\" already exists");
    } else if (portals.size() >= SessionLimits.MAX_PORTALS) {
      throw new DatabaseException(
          SqlState.CONFIGURATION_LIMIT_EXCEEDED,
          "a session cannot have more than " + SessionLimits.MAX_PORTALS + " portals");
    }
    beginWork();
    Prepared prepared = current(statementName);
    Compiled compiled = prepared.compilation().compiled();
    if (parameters.size() != compiled.parameterTypes().size()) {
      throw new DatabaseException(
          SqlState.PROTOCOL_VIOLATION,
          "bind message supplies %d parameters, but prepared statement \"%s\" requires %d"
              .formatted(parameters.size(), statementName, compiled.parameterTypes().size()));
    }
    return bindPortal(
        portalName,
        new ClientPortal(
            this, compiled, new BoundValues(parameters, prepared.compilation().literals())));
  }

  private ClientPortal bindPortal(String name, ClientPortal portal) {
    portals.put(name, portal);
    return portal;
  }

  /// A prepared statement compiled from the definitions as they are now.
  Prepared current(String name) {
    Prepared prepared = preparedStatement(name);
    if (compiler.stillHolds(prepared.compilation())) {
      return prepared;
    }
    Compilation fresh = compiler.compile(prepared.statement(), prepared.declared());
    List<ResultColumn> before = prepared.columns();
    if (!typesOf(before).equals(typesOf(fresh.compiled().columns()))) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, "cached plan must not change result type");
    }
    Prepared replaced = prepared.with(fresh);
    statements.put(name, replaced);
    return replaced;
  }

  private static List<ColumnType> typesOf(List<ResultColumn> columns) {
    return columns.stream().map(ResultColumn::type).toList();
  }

  @Override
  public Portal portal(String name) {
    ClientPortal portal = portals.get(name);
    if (portal == null) {
      throw new DatabaseException(
          SqlState.INVALID_CURSOR_NAME, "portal \"" + name + "\" does not exist");
    }
    return portal;
  }

  @Override
  public void closeStatement(String name) {
    statements.remove(name);
  }

  @Override
  public void closePortal(String name) {
    ClientPortal portal = portals.remove(name);
    if (portal != null) {
      portal.close();
    }
  }

  void deallocateAll() {
    statements.clear();
  }

  /// Portals end with their transaction.
  void closePortals() {
    List<ClientPortal> open = new ArrayList<>(portals.values());
    portals.clear();
    open.forEach(ClientPortal::close);
  }

  @Override
  public void sync() {
    if (!beginSync(() -> {})) {
      try {
        transactions.awaitSync();
      } finally {
        synced();
      }
    }
  }

  @Override
  public boolean beginSync(Runnable whenKnown) {
    if (transactions.inBlock()) {
      interruption.rest();
      if (portals.values().stream().noneMatch(ClientPortal::isRunning)) {
        transactions.rest();
      }
      return true;
    }
    closePortals();
    boolean pending = false;
    try {
      pending = !transactions.beginSync(whenKnown);
    } finally {
      if (!pending) {
        synced();
      }
    }
    return !pending;
  }

  @Override
  public boolean finishSync() {
    boolean pending = false;
    try {
      pending = !transactions.finishSync();
    } finally {
      if (!pending) {
        synced();
      }
    }
    return !pending;
  }

  private void synced() {
    interruption.rest();
    reportSettings();
  }

  @Override
  public void failed() {
    interruption.rest();
    closePortals();
    transactions.failed();
    reportSettings();
  }

  @Override
  public TransactionStatus transactionStatus() {
    return transactions.status();
  }

  @Override
  public Duration idleLimit() {
    return transactions.inBlock() ? settings.effective().idleInTransaction() : Duration.ZERO;
  }

  @Override
  public Map<String, String> reportedParameters() {
    return told;
  }

  /// Tells the client which reported settings have changed since it was last told.
  void reportSettings() {
    if (settings.mark() == toldOf) {
      return;
    }
    toldOf = settings.mark();
    Map<String, String> now = settings.reported();
    if (now.equals(told)) {
      return;
    }
    now.forEach((name, value) -> {
      if (!value.equals(told.get(name))) {
        listener.parameterChanged(name, value);
      }
    });
    told = now;
  }

  /// Begins a call that may take long: what it may take is counted from here.
  void beginWork() {
    interruption.begin(settings.effective().statementTimeoutMillis());
    context.beginStatement();
  }

  Run start(Compiled compiled, BoundValues values) {
    return starter.start(compiled, values);
  }

  SessionEngine engine() {
    return engine;
  }

  SessionListener listener() {
    return listener;
  }

  SessionSettings settings() {
    return settings;
  }

  TransactionControl transactions() {
    return transactions;
  }

  SessionContext context() {
    return context;
  }

  StatementCompiler compiler() {
    return compiler;
  }

  /// Looks at what a transaction has put off, before it is committed.
  private void checkDeferred(Transaction transaction) {
    CommitChecks.run(new StatementStarter(this).constraints(transaction), _ -> true);
  }

  Interruption interruption() {
    return interruption;
  }

  @Override
  public int processId() {
    return processId;
  }

  @Override
  public void cancel() {
    interruption.cancel();
  }

  @Override
  public void close() {
    closePortals();
    transactions.rollbackBlock();
    engine.closed(this);
  }
}
